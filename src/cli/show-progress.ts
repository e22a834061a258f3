import { COLUMNS_MAX } from './fit-line.ts'

const BAR_COLUMNS = 24
const DRAW_EVERY_MS = 100
/** Where nobody watches: one line for so many rows. */
const ROWS_PER_LINE = 10_000

export interface Progress {
  /** Rows that are settled, and the part of the file that was read, from 0 to 1. */
  update(rows: number, part: number): void
  /** Leaves no half line behind. */
  end(): void
}

interface Terminal {
  readonly isTTY?: boolean | undefined
  write(text: string): unknown
}

/**
 * Draws a bar where somebody watches, and prints a line now and then elsewhere.
 * @param before rows and part that an earlier run had settled: they say nothing about the pace
 */
export function showProgress(
  terminal: Terminal,
  monotonicMs: () => number,
  before: { readonly rows: number },
): Progress {
  const startedMs = monotonicMs()
  let drawnMs = Number.NEGATIVE_INFINITY
  let first: { readonly part: number; readonly ms: number } | undefined
  let printedRows = before.rows
  const paceOf = (rows: number) => ((rows - before.rows) * 1_000) / Math.max(1, monotonicMs() - startedMs)
  return {
    update(rows, part) {
      const nowMs = monotonicMs()
      first ??= { part, ms: nowMs }
      if (terminal.isTTY === true) {
        if (nowMs - drawnMs >= DRAW_EVERY_MS || part >= 1) {
          drawnMs = nowMs
          const secondsLeft = ((nowMs - first.ms) / 1_000 / Math.max(part - first.part, 1e-9)) * (1 - part)
          terminal.write(
            `\r${drawBar({ rows, part, pace: paceOf(rows), secondsLeft }).padEnd(COLUMNS_MAX - 1)}`,
          )
        }
      } else if (rows - printedRows >= ROWS_PER_LINE) {
        printedRows = rows
        terminal.write(`${count(rows)} rows settled, ${count(paceOf(rows))} a second\n`)
      }
    },
    end() {
      if (terminal.isTTY === true && drawnMs > Number.NEGATIVE_INFINITY) {
        terminal.write(`\r${' '.repeat(COLUMNS_MAX - 1)}\r`)
      }
    },
  }
}

/** `[##########--------------]  42 %  42,000 rows  4,200 a second  14 s left` */
export function drawBar(p: {
  readonly rows: number
  readonly part: number
  readonly pace: number
  readonly secondsLeft: number
}): string {
  const part = Math.min(1, Math.max(0, p.part))
  const full = Math.round(part * BAR_COLUMNS)
  const bar = `[${'#'.repeat(full)}${'-'.repeat(BAR_COLUMNS - full)}]`
  const percent = `${String(Math.floor(part * 100)).padStart(3)} %`
  const left = Number.isFinite(p.secondsLeft) && p.secondsLeft < 360_000 ? timeLeft(p.secondsLeft) : ''
  return `${bar} ${percent}  ${count(p.rows)} rows  ${count(p.pace)} a second  ${left}`.trimEnd()
}

function timeLeft(seconds: number): string {
  const whole = Math.ceil(seconds)
  return whole < 60 ? `${whole} s left` : `${Math.floor(whole / 60)} min ${whole % 60} s left`
}

export function count(number: number): string {
  return Math.round(number).toLocaleString('en-US')
}
