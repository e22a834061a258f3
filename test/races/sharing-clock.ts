import { type Clock, systemClock } from '../../src/core/clock.ts'

export interface SharingClock extends Clock {
  /** How many calls wait for a reset that another call of this process makes. */
  readonly sharing: number
  /** Their own deadline is over; nobody else's is. */
  endSharing(): void
}

// nothing but a call's deadline, 25 s by default, is waited for that long
const SHARING_MS_MIN = 15_000

/** Real time, but for the deadlines of sharing calls: they end when the test says so. */
export function createSharingClock(): SharingClock {
  const waits = new Set<() => void>()

  function share(isOver: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve) => {
      const end = () => {
        waits.delete(end)
        resolve()
      }
      waits.add(end)
      isOver?.addEventListener('abort', end)
    })
  }
  return {
    now: systemClock.now,
    monotonicMs: systemClock.monotonicMs,
    shiftMs: 0,
    get sharing() {
      return waits.size
    },
    wait: (delayMs, isOver) => (delayMs < SHARING_MS_MIN ? systemClock.wait(delayMs, isOver) : share(isOver)),
    endSharing() {
      for (const end of waits) {
        end()
      }
    },
  }
}
