import type { Repositories, Store } from '../../store/store.ts'
import { HOUR_MS } from '../clock.ts'
import type { UserWithCredential } from '../users/user.ts'
import { expireReset } from './expire-reset.ts'
import { revokedDetail } from './old-password-mode.ts'
import { isInFlight, type Reset, UNKNOWN_RESETS_MAX } from './reset-state.ts'
import { supersedeResets } from './withdraw-resets.ts'

// one sweep never holds the store for long; what is left is taken by the next
const RECOVERED_PER_SWEEP_MAX = 200
const FORGET_AFTER_MS = 24 * HOUR_MS

/**
 * Brings every reset that its process left behind to a state that is true (reset protocol, rules 4, 13 and 14). Run on
 * every node at start-up and in the background: an expired lease turns `prepared` into `failed` and `sending` into
 * `unknown`; a deadline that is over turns open resets into `expired`; old secrets are forgotten.
 * Safe on any number of nodes at once. Returns what it did.
 */
export async function recoverResets(
  store: Store,
  onRecovered: (reset: Reset) => void,
): Promise<{ readonly released: number; readonly expired: number; readonly forgotten: number }> {
  const now = await store.read.now()
  let released = 0
  for (const reset of await store.read.resets.listExpiredLeasesOfAllTenants(now, RECOVERED_PER_SWEEP_MAX)) {
    const recovered = await store.transaction(async (repositories) => {
      const user = await repositories.users.lock(reset.tenantId, reset.userId)
      const done = await releaseExpiredLease(repositories, user, reset, await repositories.now())
      return done ? await repositories.resets.find(reset.tenantId, reset.id) : undefined
    })
    if (recovered !== undefined) {
      released += 1
      onRecovered(recovered)
    }
  }
  const expired = await expireResets(store, now, onRecovered)
  const forgotten = await store.transaction((repositories) =>
    repositories.resets.forgetSecretsOfAllTenants(now - FORGET_AFTER_MS, RECOVERED_PER_SWEEP_MAX),
  )
  return { released, expired, forgotten }
}

async function expireResets(store: Store, now: number, onRecovered: (reset: Reset) => void): Promise<number> {
  let expired = 0
  for (const reset of await store.read.resets.listPastDeadlineOfAllTenants(now, RECOVERED_PER_SWEEP_MAX)) {
    const recovered = await store.transaction(async (repositories) => {
      const user = await repositories.users.lock(reset.tenantId, reset.userId)
      const current = await repositories.resets.find(reset.tenantId, reset.id)
      if (user === undefined || current === undefined) {
        return undefined
      }
      const done = await expireReset(repositories, { user, reset: current, requestId: undefined, now })
      return done ? await repositories.resets.find(reset.tenantId, reset.id) : undefined
    })
    if (recovered !== undefined) {
      expired += 1
      onRecovered(recovered)
    }
  }
  return expired
}

/**
 * Ends the flight of a reset whose lease is over; call under the user's lock. True afterwards, if it answers true:
 * `prepared` is `failed` and its secret forgotten, nothing had left; `sending` is `unknown` and keeps its lease token,
 * so that the call that made the attempt may still write down how it ended. False: it is still alive, or was settled.
 */
export async function releaseExpiredLease(
  repositories: Repositories,
  user: UserWithCredential | undefined,
  reset: Reset,
  now: number,
): Promise<boolean> {
  if (!isInFlight(reset) || reset.leaseExpiresAt === undefined || reset.leaseExpiresAt > now) {
    return false
  }
  const changes =
    reset.state === 'prepared'
      ? { state: 'failed' as const, digest: undefined, leaseToken: undefined }
      : { state: 'unknown' as const }
  const released = await repositories.resets.change(
    reset.tenantId,
    reset.id,
    { states: [reset.state], leaseToken: reset.leaseToken },
    { ...changes, leaseExpiresAt: undefined, settledAt: now, detail: 'interrupted' },
  )
  if (!released) {
    return false
  }
  await repositories.audit.append({
    tenantId: reset.tenantId,
    action: `reset.${changes.state}`,
    actor: { kind: 'server', id: undefined },
    targetKind: 'reset',
    targetId: reset.id,
    requestId: undefined,
    detail: { userId: reset.userId, reason: 'interrupted', ...revokedDetail(reset) },
  })
  if (changes.state === 'unknown' && user !== undefined) {
    await keepNewestUnknown(repositories, user)
  }
  return true
}

/** At most three `unknown` resets of a user stay redeemable: the oldest beyond them are superseded (rule 6). */
export async function keepNewestUnknown(repositories: Repositories, user: UserWithCredential): Promise<void> {
  const open = await repositories.resets.listOpen(user.tenantId, user.id)
  const resets = open.filter((reset) => reset.state === 'unknown').slice(UNKNOWN_RESETS_MAX)
  if (resets.length === 0) {
    return
  }
  await supersedeResets(repositories, { user, resets, reason: 'too_many_unknown' })
  await repositories.audit.append({
    tenantId: user.tenantId,
    action: 'reset.superseded',
    actor: { kind: 'server', id: undefined },
    targetKind: 'user',
    targetId: user.id,
    requestId: undefined,
    detail: { reason: 'too_many_unknown', supersededResets: resets.map((reset) => reset.id) },
  })
}
