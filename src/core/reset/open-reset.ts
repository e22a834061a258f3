import { ApiError } from '../../errors/api-error.ts'
import { CommitInDoubtError } from '../../errors/store-error.ts'
import type { Repositories } from '../../store/store.ts'
import { MINUTE_MS } from '../clock.ts'
import { newId } from '../new-id.ts'
import { randomToken } from '../randomness.ts'
import type { UserWithCredential } from '../users/user.ts'
import { chooseAddress, maskAddress } from './choose-address.ts'
import { guardReset } from './guard-reset.ts'
import { hasRevoked } from './old-password-mode.ts'
import { releaseExpiredLease } from './recover-resets.ts'
import { findRemembered, type Remembered, rememberKey } from './remember-key.ts'
import type { ResetDeps } from './reset-deps.ts'
import { requireWithinLimits } from './reset-limits.ts'
import { type NewPassword, type OpenedReset, type ResetRun, resetActor } from './reset-run.ts'
import type { Reset } from './reset-state.ts'
import { type Revocation, revokePassword } from './revoke-password.ts'
import { sameIdentity } from './share-reset.ts'

export type OpenResult =
  | OpenedReset
  /** An equal call's reset is in flight: share it. */
  | { readonly kind: 'shared'; readonly reset: Reset }
  /** An earlier call with the same Idempotency-Key came to this reset. */
  | { readonly kind: 'repeat'; readonly reset: Reset }
  /** Another reset of this user is in flight: wait. */
  | { readonly kind: 'busy'; readonly leaseMsLeft: number }
  /** The hash was made with a salt that is no longer the user's: hash again. */
  | { readonly kind: 'salt_changed'; readonly user: UserWithCredential }

/**
 * The first transaction of a reset (reset protocol, rule 2): everything that was checked is checked again under the
 * user's lock, then the hash is durable in state `prepared`. Nothing can be signed in with yet; with `revoke-now`
 * nothing at all, because the old password is void from here on (rule 11).
 * @throws ApiError USER.0001, USER.9001, USER.9006, USER.0011, USER.0012, MSG.0004, MSG.9001, MSG.9003 as they stand now
 */
export async function openReset(deps: ResetDeps, run: ResetRun, password: NewPassword): Promise<OpenResult> {
  const leaseMonotonicMs = deps.clock.monotonicMs() + deps.callDeadlineMs + deps.leaseGraceMs
  const ids = { resetId: newId(deps.clock.now(), deps.random), leaseToken: randomToken(deps.random) }
  try {
    const result = await deps.store.transaction(async (repositories) => {
      const opened = await openInTransaction(deps, repositories, run, password, ids, leaseMonotonicMs)
      if (opened.kind === 'opened') {
        await deps.reached('before-prepared-commits')
      }
      return opened
    })
    if (result.kind === 'opened') {
      if (result.isStorm) {
        deps.onStorm(result.reset)
      }
      await deps.reached('prepared')
    }
    return result
  } catch (error) {
    if (error instanceof CommitInDoubtError) {
      return await rereadInDoubt(deps, run, ids, leaseMonotonicMs, error)
    }
    throw error
  }
}

async function openInTransaction(
  deps: ResetDeps,
  repositories: Repositories,
  run: ResetRun,
  password: NewPassword,
  ids: { readonly resetId: string; readonly leaseToken: string },
  leaseMonotonicMs: number,
): Promise<OpenResult> {
  const { tenantId, userId, sendMode } = run.identity
  const locked = await repositories.users.lock(tenantId, userId)
  const { user, address } = await guardReset(repositories, run, locked)
  await requireGatewayRow(repositories, run)
  if (user.credential.salt !== password.salt || user.credential.parameters !== password.parameters) {
    return { kind: 'salt_changed', user }
  }
  const now = await repositories.now()
  const remembered = await findRemembered(repositories, run, now)
  if (remembered.reset !== undefined) {
    return { kind: 'repeat', reset: remembered.reset }
  }
  const inFlight = await findLiveInFlight(repositories, user, now)
  const met = inFlight && (await meetInFlight(repositories, run, { inFlight, remembered, now }))
  if (met !== undefined) {
    return met
  }
  const check = limitCheckOf(deps, run, address, now)
  const { isStorm } = await requireWithinLimits(repositories, { ...check, isHeld: true })
  if (!(await rememberKey(repositories, run, { resetId: ids.resetId, remembered, now }))) {
    return { kind: 'busy', leaseMsLeft: 0 } // and next time the key's owner is seen
  }
  const { history: historyLength } = run.call.tenant.settings.passwordPolicy
  const revocation = hasRevoked(run.identity)
    ? await revokePassword(repositories, { user, historyLength, now })
    : undefined
  const reset = await newReset(repositories, run, {
    ids,
    password,
    destinationMac: check.destinationMac,
    destinationMasked: maskAddress(address, sendMode),
    leaseExpiresAt: now + Math.max(0, Math.round(leaseMonotonicMs - deps.clock.monotonicMs())),
    now,
  })
  await repositories.resets.insert(reset)
  await appendOpened(repositories, run, reset, { isStorm, revocation })
  return { kind: 'opened', reset, user, address, leaseMonotonicMs, isStorm }
}

/** Undefined: what is in flight does not keep this call from its own reset. */
async function meetInFlight(
  repositories: Repositories,
  run: ResetRun,
  p: { readonly inFlight: Reset; readonly remembered: Remembered; readonly now: number },
): Promise<OpenResult | undefined> {
  const { inFlight, remembered, now } = p
  const busy = { kind: 'busy', leaseMsLeft: (inFlight.leaseExpiresAt ?? now) - now } as const
  if (sameIdentity(run.identity, inFlight)) {
    const isShared = await rememberKey(repositories, run, { resetId: inFlight.id, remembered, now })
    return isShared ? { kind: 'shared', reset: inFlight } : busy
  }
  // whoever revokes a password does not wait: the reset in flight gives way in this transaction (rules 7 and 11)
  return hasRevoked(run.identity) ? undefined : busy
}

async function newReset(
  repositories: Repositories,
  run: ResetRun,
  p: {
    readonly ids: { readonly resetId: string; readonly leaseToken: string }
    readonly password: NewPassword
    readonly destinationMac: string
    readonly destinationMasked: string
    readonly leaseExpiresAt: number
    readonly now: number
  },
): Promise<Reset> {
  const { tenantId, userId, sendMode } = run.identity
  const lifetimeMinutes = run.call.tenant.settings.reset.lifetimeMinutes[sendMode]
  return {
    ...run.identity,
    id: p.ids.resetId,
    sequence: await repositories.users.nextResetSequence(tenantId, userId),
    state: 'prepared',
    digest: p.password.digest,
    destinationMac: p.destinationMac,
    destinationMasked: p.destinationMasked,
    leaseToken: p.ids.leaseToken,
    leaseExpiresAt: p.leaseExpiresAt,
    detail: undefined,
    gateway: undefined,
    preparedAt: p.now,
    settledAt: undefined,
    acceptedAt: undefined,
    promotedAt: undefined,
    usedAt: undefined,
    disownedAt: undefined,
    deadlineAt: p.now + lifetimeMinutes * MINUTE_MS,
  }
}

/**
 * Refuses a call beyond its limits before a password is hashed for it. Says nothing while a reset of the user is in
 * flight: this call may come to share that one.
 * @throws ApiError MSG.9001
 */
export async function lookAheadAtLimits(deps: ResetDeps, run: ResetRun, address: string): Promise<void> {
  const { read } = deps.store
  const { tenantId, userId } = run.identity
  if ((await read.resets.findInFlight(tenantId, userId)) === undefined) {
    const check = limitCheckOf(deps, run, address, await read.now())
    await requireWithinLimits(read, { ...check, isHeld: false })
  }
}

function limitCheckOf(deps: ResetDeps, run: ResetRun, address: string, now: number) {
  return {
    ...run.identity,
    limits: run.call.tenant.settings.reset.limits,
    destinationMac: deps.mac('reset-destination', `${run.identity.sendMode}:${address}`),
    now,
  }
}

async function requireGatewayRow(repositories: Repositories, run: ResetRun): Promise<void> {
  const gateways = await repositories.gateways.list(run.identity.tenantId)
  if (!gateways.some((gateway) => gateway.channel === run.identity.sendMode && !gateway.disabled)) {
    throw new ApiError('MSG.0004', { detail: 'no_gateway' })
  }
}

/** The user's reset in flight, unless its process is gone: then recovery's work is done here, and the way is free. */
async function findLiveInFlight(
  repositories: Repositories,
  user: UserWithCredential,
  now: number,
): Promise<Reset | undefined> {
  const inFlight = await repositories.resets.findInFlight(user.tenantId, user.id)
  if (inFlight !== undefined && (await releaseExpiredLease(repositories, user, inFlight, now))) {
    return undefined
  }
  return inFlight
}

async function appendOpened(
  repositories: Repositories,
  run: ResetRun,
  reset: Reset,
  { isStorm, revocation }: { readonly isStorm: boolean; readonly revocation: Revocation | undefined },
): Promise<void> {
  const row = {
    tenantId: reset.tenantId,
    actor: resetActor(run),
    targetKind: 'reset',
    targetId: reset.id,
    requestId: run.call.requestId,
  } as const
  const { userId, sendMode, oldPasswordMode: oldPassword, deadlineAt } = reset
  await repositories.audit.append({
    ...row,
    action: 'reset.prepared',
    detail: { userId, sendMode, oldPassword, deadlineAt, ...revocation },
  })
  if (isStorm) {
    await repositories.audit.append({ ...row, action: 'reset.storm', detail: { userId } })
  }
}

/** The line was lost at COMMIT: only reading tells whether the reset is there (rule 1). */
async function rereadInDoubt(
  deps: ResetDeps,
  run: ResetRun,
  ids: { readonly resetId: string; readonly leaseToken: string },
  leaseMonotonicMs: number,
  doubt: CommitInDoubtError,
): Promise<OpenResult> {
  const { tenantId, userId, sendMode } = run.identity
  const reset = await deps.store.read.resets.find(tenantId, ids.resetId)
  const user = await deps.store.read.users.findWithCredential(tenantId, userId)
  if (reset?.leaseToken !== ids.leaseToken || user === undefined) {
    throw doubt
  }
  const address = chooseAddress(run.call.tenant, user, sendMode)
  return { kind: 'opened', reset, user, address, leaseMonotonicMs, isStorm: false }
}
