/** Time as an argument: rules never read a clock of their own. */
export interface Clock {
  /** Wall clock, Unix milliseconds. */
  now(): number
  /** Never goes backwards; for leases and call deadlines. Only differences mean anything. */
  monotonicMs(): number
  /** Resolves after `delayMs`. */
  wait(delayMs: number): Promise<void>
  /** How far this clock was moved from the real one: 0 outside tests. PostgreSQL's own clock is read with this added. */
  readonly shiftMs: number
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonicMs: () => performance.now(),
  wait: (delayMs) => new Promise((resolve) => setTimeout(resolve, delayMs)),
  shiftMs: 0,
}

export const SECOND_MS = 1_000
export const MINUTE_MS = 60 * SECOND_MS
export const HOUR_MS = 60 * MINUTE_MS
