import { type Clock, systemClock } from '../../src/core/clock.ts'

export interface TestClock extends Clock {
  /** Moves this clock, and with it a PostgreSQL store's, forward. */
  advance(ms: number): void
}

/** Real time plus what the test added: nothing sleeps to let a lifetime pass. */
export function createTestClock(): TestClock {
  let shiftMs = 0
  return {
    now: () => systemClock.now() + shiftMs,
    monotonicMs: () => systemClock.monotonicMs() + shiftMs,
    wait: systemClock.wait,
    get shiftMs() {
      return shiftMs
    },
    advance(ms) {
      shiftMs += ms
    },
  }
}
