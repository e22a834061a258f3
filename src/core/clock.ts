/** Time as an argument: rules never read a clock of their own. */
export interface Clock {
  /** Wall clock, Unix milliseconds. */
  now(): number
  /** Never goes backwards; for leases and call deadlines. Only differences mean anything. */
  monotonicMs(): number
  /** Resolves after `delayMs`, or as soon as `isOver` says that nobody waits any more. */
  wait(delayMs: number, isOver?: AbortSignal): Promise<void>
  /** How far this clock was moved from the real one: 0 outside tests. PostgreSQL's own clock is read with this added. */
  readonly shiftMs: number
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonicMs: () => performance.now(),
  wait: (delayMs, isOver) =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, delayMs)
      isOver?.addEventListener('abort', () => {
        clearTimeout(timer)
        resolve()
      })
    }),
  shiftMs: 0,
}

export const SECOND_MS = 1_000
export const MINUTE_MS = 60 * SECOND_MS
export const HOUR_MS = 60 * MINUTE_MS
export const DAY_MS = 24 * HOUR_MS
