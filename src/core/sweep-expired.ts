import type { Store } from '../store/store.ts'
import { HOUR_MS } from './clock.ts'

// small enough that no writer waits for a sweep
const ROWS_PER_SWEEP_MAX = 500
// longer than any lock-out lasts
const FORGET_FAILURES_AFTER_MS = 24 * HOUR_MS

/** Removes access tokens, sessions, state tokens and counts of wrong passwords whose time is over; how many rows. */
export async function sweepExpired(store: Store): Promise<number> {
  return await store.transaction(async (repositories) => {
    const now = await repositories.now()
    const tokens = await repositories.accessTokens.deleteExpiredOfAllTenants(now, ROWS_PER_SWEEP_MAX)
    const sessions = await repositories.sessions.deleteExpiredOfAllTenants(now, ROWS_PER_SWEEP_MAX)
    const failures = await repositories.signInFailures.deleteOldOfAllTenants(
      now - FORGET_FAILURES_AFTER_MS,
      ROWS_PER_SWEEP_MAX,
    )
    return tokens + sessions + failures
  })
}
