import { ApiError } from '../../errors/api-error.ts'
import type { ResetAnswer, ResetCall } from '../core.ts'
import { generatePassword } from '../password/generate-password.ts'
import type { Secret } from '../secret.ts'
import type { OldPasswordMode, SendMode, Tenant } from '../tenants/tenant.ts'
import type { UserWithCredential } from '../users/user.ts'
import { answerReset } from './answer-reset.ts'
import { requireSendMode } from './choose-address.ts'
import { deliverReset, outcomeMs } from './deliver-reset.ts'
import { followReset } from './follow-reset.ts'
import { guardReset } from './guard-reset.ts'
import { hasRevoked, requireOldPasswordMode } from './old-password-mode.ts'
import { lookAheadAtLimits, openReset } from './open-reset.ts'
import { findRemembered, keyOfCall } from './remember-key.ts'
import { replayReset } from './replay-reset.ts'
import type { ResetDeps } from './reset-deps.ts'
import type { NewPassword, ResetRun } from './reset-run.ts'
import type { Reset } from './reset-state.ts'
import { type ResetIdentity, resetInProgress } from './share-reset.ts'

// short beside a delivery, long beside a look-up
const TURN_POLL_MS = 40
// with less time no gateway is asked (`messaging/send-message.ts`)
const ATTEMPT_MS_MIN = 1_000

/**
 * Resets a user's password: the new one is made, recorded, delivered, and only then put in place of the old one.
 * Answers the user and the reset once a gateway has accepted the message, or somebody has signed in with it.
 * @throws ApiError MSG.0004, USER.0001, USER.9001, USER.9006, USER.0011, USER.0012, PWD.0005, MSG.9001, MSG.9003 before
 *   anything happens;
 *   MSG.9002 another reset of this user is under way; MSG.0001 this call left the old password as it was
 * @see reset protocol, rules 1–9 and 12–15; contract, sections 2.1 and 8
 */
export async function resetPassword(deps: ResetDeps, call: ResetCall): Promise<ResetAnswer> {
  const deadlineMonotonicMs = deps.clock.monotonicMs() + deps.callDeadlineMs
  const sendMode = requireSendMode(call.sendMode)
  const oldPasswordMode = requireOldPasswordMode(call.oldPassword, call.tenant.settings.reset.oldPassword)
  const identity = identityOf(call, sendMode, oldPasswordMode)
  const key = keyOfCall(deps, identity, call.idempotencyKey)
  const run: ResetRun = { call, identity, key, deadlineMonotonicMs }
  const repeated = key && (await findRepeated(deps, run))
  if (repeated !== undefined) {
    return await replayReset(deps, await followReset(deps, run, repeated))
  }
  const found = await deps.store.read.users.findWithCredential(call.tenant.id, call.userId)
  const { user, address } = await guardReset(deps.store.read, run, found)
  await requireGateway(deps, call.tenant, sendMode)
  const { reset, isRepeat, isLeading } = await leadOrJoin(deps, run, user, address)
  const isReplay = isRepeat || (key !== undefined && !isLeading)
  return isReplay ? await replayReset(deps, reset) : await answerReset(deps, reset)
}

interface Run {
  readonly reset: Reset
  readonly isRepeat: boolean
}

/**
 * Runs the reset, or shares the run of an equal call of this process. A call that revokes shares none that had given
 * way before it came: what took over then, a password of the user's own perhaps, would outlive this call.
 */
async function leadOrJoin(
  deps: ResetDeps,
  run: ResetRun,
  user: UserWithCredential,
  address: string,
): Promise<Run & { readonly isLeading: boolean }> {
  const { identity, key, deadlineMonotonicMs } = run
  const isRevoking = hasRevoked(identity)
  const { resets } = deps.store.read
  const inFlight = isRevoking ? await resets.findInFlight(identity.tenantId, identity.userId) : undefined
  for (;;) {
    let isLeading = false
    const msLeft = Math.max(0, deadlineMonotonicMs - deps.clock.monotonicMs())
    const done = await deps.shared.share({ ...identity, keyMac: key?.mac }, msLeft, () => {
      isLeading = true
      return runReset(deps, run, user, address)
    })
    const hadGivenWay = done.reset.state === 'superseded' && done.reset.id !== inFlight?.id
    if (isLeading || !isRevoking || !hadGivenWay) {
      return { ...done, isLeading }
    }
  }
}

/** @throws ApiError MSG.9003 */
async function findRepeated(deps: ResetDeps, run: ResetRun): Promise<Reset | undefined> {
  const { read } = deps.store
  return (await findRemembered(read, run, await read.now())).reset
}

async function requireGateway(deps: ResetDeps, tenant: Tenant, sendMode: SendMode): Promise<void> {
  if (!(await deps.sender.hasGateway(tenant.id, sendMode))) {
    throw new ApiError('MSG.0004', { detail: 'no_gateway' })
  }
}

function identityOf(call: ResetCall, sendMode: SendMode, oldPasswordMode: OldPasswordMode): ResetIdentity {
  return {
    tenantId: call.tenant.id,
    applicationId: call.applicationId,
    userId: call.userId,
    sendMode,
    oldPasswordMode,
  }
}

/** Makes a password, waits for this call's turn, opens the reset and delivers it; the reset as it was settled. */
async function runReset(
  deps: ResetDeps,
  run: ResetRun,
  user: UserWithCredential,
  address: string,
): Promise<Run> {
  await lookAheadAtLimits(deps, run, address)
  const { passwordPolicy } = run.call.tenant.settings
  const limits = await deps.sender.limitsOf(run.identity.tenantId, run.identity.sendMode)
  const secret = generatePassword(passwordPolicy, run.identity.sendMode, {
    about: user,
    random: deps.random,
    limits,
  })
  let password = await hashFor(deps, secret, user)
  let rehashed = false
  for (;;) {
    const opened = await openReset(deps, run, password)
    switch (opened.kind) {
      case 'opened':
        return { reset: await deliverReset(deps, run, opened, secret), isRepeat: false }
      case 'shared':
        return { reset: await followReset(deps, run, opened.reset), isRepeat: false }
      case 'repeat':
        return { reset: await followReset(deps, run, opened.reset), isRepeat: true }
      case 'busy':
        await waitForTurn(deps, run, opened.leaseMsLeft)
        break
      case 'salt_changed':
        if (rehashed) {
          throw resetInProgress(1_000) // the user is changing their password right now
        }
        rehashed = true
        password = await hashFor(deps, secret, opened.user)
    }
  }
}

async function hashFor(deps: ResetDeps, secret: Secret, user: UserWithCredential): Promise<NewPassword> {
  const { salt, parameters } = user.credential
  return { secret, salt, parameters, digest: await deps.hasher.hash(secret, salt, parameters) }
}

/** @throws ApiError MSG.9002 when too little time is left for a reset to begin */
async function waitForTurn(deps: ResetDeps, run: ResetRun, leaseMsLeft: number): Promise<void> {
  await deps.clock.wait(TURN_POLL_MS)
  if (deps.clock.monotonicMs() + ATTEMPT_MS_MIN + outcomeMs(deps) >= run.deadlineMonotonicMs) {
    throw resetInProgress(Math.min(leaseMsLeft, deps.callDeadlineMs))
  }
}
