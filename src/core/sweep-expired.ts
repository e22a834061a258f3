import type { Repositories, Store } from '../store/store.ts'
import { DAY_MS, HOUR_MS } from './clock.ts'
import { KEEP_KEYS_MS } from './reset/remember-key.ts'

// small enough that no writer waits for a sweep
const ROWS_PER_BATCH_MAX = 500
// 50,000 rows of a kind: more than a minute brings, and a run still comes to its end
const BATCHES_PER_SWEEP_MAX = 100
/** Each may take as many refused rows and first passwords with it as its file had rows. */
const IMPORTS_PER_BATCH_MAX = 1
const KEEP_IMPORTS_MS = 90 * DAY_MS
// longer than any lock-out lasts
const FORGET_FAILURES_AFTER_MS = 24 * HOUR_MS

/**
 * Removes access tokens, sessions, state tokens, counts of wrong passwords, codes with the wishes for them, used
 * captchas, tickets, imports of users, idempotency keys and settled webhook deliveries whose time is over, in transactions
 * of at most 500 rows of a kind, until none is left; how many rows.
 */
export async function sweepExpired(store: Store): Promise<number> {
  let removed = 0
  for (let batch = 0; batch < BATCHES_PER_SWEEP_MAX; batch += 1) {
    const swept = await store.transaction(sweepBatch)
    removed += swept.rows
    if (!swept.isMoreLeft) {
      break
    }
  }
  return removed
}

async function sweepBatch(
  repositories: Repositories,
): Promise<{ readonly rows: number; readonly isMoreLeft: boolean }> {
  const now = await repositories.now()
  const swept = [
    await repositories.accessTokens.deleteExpiredOfAllTenants(now, ROWS_PER_BATCH_MAX),
    await repositories.sessions.deleteExpiredOfAllTenants(now, ROWS_PER_BATCH_MAX),
    await repositories.signInFailures.deleteOldOfAllTenants(
      now - FORGET_FAILURES_AFTER_MS,
      ROWS_PER_BATCH_MAX,
    ),
    await repositories.codes.deleteExpiredOfAllTenants(now, ROWS_PER_BATCH_MAX),
    await repositories.usedCaptchas.deleteExpiredOfAllTenants(now, ROWS_PER_BATCH_MAX),
    await repositories.sessionTickets.deleteExpiredOfAllTenants(now, ROWS_PER_BATCH_MAX),
    // the longest limit counts a day
    await repositories.codeRequests.deleteOldOfAllTenants(now - DAY_MS, ROWS_PER_BATCH_MAX),
    await repositories.userImports.deleteOldOfAllTenants(now - KEEP_IMPORTS_MS, IMPORTS_PER_BATCH_MAX),
    await repositories.idempotencyKeys.deleteOldOfAllTenants(now - KEEP_KEYS_MS, ROWS_PER_BATCH_MAX),
    await repositories.webhookDeliveries.deleteOldOfAllTenants(now, ROWS_PER_BATCH_MAX),
  ]
  return {
    rows: swept.reduce((sum, rows) => sum + rows, 0),
    isMoreLeft: swept.some((rows) => rows >= ROWS_PER_BATCH_MAX),
  }
}
