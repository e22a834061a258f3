import type { ProbeStep } from '../messaging/gateway-probe.ts'
import { fitLine } from './fit-line.ts'

// a certificate's names and a gateway's answer are worth a second line of the terminal
const NOTE_COLUMNS_MAX = 200

const signs = { ok: '✓', failed: '✗', skipped: '–' } as const

/** Steps of a check as lines, each with what to do about a failure. */
export function presentSteps(steps: readonly ProbeStep[]): readonly string[] {
  return steps.flatMap((step) => [
    fitLine(
      `  ${signs[step.outcome]} ${step.name.padEnd(15)}${`${step.tookMs} ms`.padStart(8)}  ${step.note}`,
      NOTE_COLUMNS_MAX,
    ),
    // what to do is never cut
    ...(step.outcome === 'failed' ? [`    → ${step.remedy}`] : []),
  ])
}

export function stepAsJson(step: ProbeStep): object {
  const { name, outcome, tookMs, note } = step
  return { name, outcome, took_ms: tookMs, note, remedy: step.outcome === 'failed' ? step.remedy : null }
}
