import type { ResetPoint } from '../../src/core/reset/reset-deps.ts'

export interface ResetPoints {
  /** For `startApp`'s option `app`. */
  reached(point: ResetPoint): void | Promise<void>
  /** Runs `act` when a reset gets there for the first time from now on; the reset waits for it. */
  once(point: ResetPoint, act: () => void | Promise<void>): void
  /** Every point that was waited for was reached. */
  allFired(): boolean
}

/** Lets a test act at the named points of a reset. */
export function createResetPoints(): ResetPoints {
  const waiting = new Map<ResetPoint, () => void | Promise<void>>()
  return {
    reached(point) {
      const act = waiting.get(point)
      waiting.delete(point)
      return act?.()
    },
    once(point, act) {
      waiting.set(point, act)
    },
    allFired: () => waiting.size === 0,
  }
}
