import { ApiError } from '../../errors/api-error.ts'
import { StoreUnavailableError } from '../../errors/store-error.ts'
import type { SendOutcome } from '../../messaging/message-sender.ts'
import type { Repositories } from '../../store/store.ts'
import { within } from '../within.ts'
import { acceptReset } from './accept-reset.ts'
import { readSettled } from './follow-reset.ts'
import { revokedDetail } from './old-password-mode.ts'
import { endLastAttempt } from './record-attempt.ts'
import { keepNewestUnknown } from './recover-resets.ts'
import type { ResetDeps } from './reset-deps.ts'
import { type ResetFlight, resetActor } from './reset-run.ts'
import { isInFlight, type Reset } from './reset-state.ts'

const RETRY_MS = 200
// a last look at the row, for a store that says nothing: whoever called has waited long enough
const LAST_READ_MS_MAX = 1_000

/**
 * Writes down how the delivery ended and answers the reset as it then stands, whoever moved it (reset protocol,
 * rule 1). While the store is away the write is repeated until the lease ends: every write is a compare-and-set, so
 * that one whose COMMIT was in doubt is found done.
 * @throws ApiError REQUEST.9012 (503) when the store cannot be read by the call's deadline; the write goes on
 */
export async function settleReset(
  deps: ResetDeps,
  flight: ResetFlight,
  outcome: SendOutcome,
): Promise<Reset> {
  const settled = settleWhileLeased(deps, flight, outcome)
  deps.shared.goOn(settled)
  const msLeft = Math.max(0, flight.run.deadlineMonotonicMs - deps.clock.monotonicMs())
  const reset =
    (await within(deps.clock, msLeft, settled)) ??
    (await within(deps.clock, LAST_READ_MS_MAX, readSettled(deps, flight.reset)))
  if (reset === undefined) {
    throw new ApiError('REQUEST.9012', { detail: 'outcome_not_recorded', retryAfterSeconds: 5 })
  }
  return reset
}

async function settleWhileLeased(
  deps: ResetDeps,
  flight: ResetFlight,
  outcome: SendOutcome,
): Promise<Reset | undefined> {
  let wasStoreAway = false
  do {
    try {
      const reset = await deps.store.transaction((repositories) =>
        settleOnce(deps, repositories, flight, outcome),
      )
      // still in flight: the COMMIT of an attempt was in doubt and happened only now, so its token is read next time
      if (!isInFlight(reset)) {
        deps.onSettled(reset)
        return reset
      }
    } catch (error) {
      const isStoreAway = error instanceof StoreUnavailableError
      if (!isStoreAway || !wasStoreAway) {
        deps.onTrouble({ resetId: flight.reset.id, cause: error }) // once, not with every attempt
      }
      if (!isStoreAway) {
        return undefined
      }
      wasStoreAway = true
    }
    await deps.clock.wait(RETRY_MS)
  } while (deps.clock.monotonicMs() < flight.opened.leaseMonotonicMs)
  return undefined // from here on recovery decides
}

async function settleOnce(
  deps: ResetDeps,
  repositories: Repositories,
  flight: ResetFlight,
  outcome: SendOutcome,
): Promise<Reset> {
  const { tenantId, id } = flight.reset
  const user = await repositories.users.lock(tenantId, flight.reset.userId)
  const now = await repositories.now()
  await resolveTokenInDoubt(repositories, flight)
  const { settings } = flight.run.call.tenant
  if (user !== undefined && outcome.kind === 'accepted') {
    const isAccepted = await acceptReset(repositories, {
      user,
      reset: { ...flight.reset, gateway: outcome.gateway },
      historyLength: settings.passwordPolicy.history,
      notices: { sealAddress: deps.sealAddress, random: deps.random, settings: settings.notices },
      actor: resetActor(flight.run),
      requestId: flight.run.call.requestId,
      now,
    })
    if (isAccepted) {
      await deps.reached('before-accepted-commits')
    }
  }
  if (outcome.kind === 'refused' || outcome.kind === 'unknown') {
    await settleUnaccepted(repositories, flight, outcome, now)
    if (user !== undefined && outcome.kind === 'unknown') {
      await keepNewestUnknown(repositories, user)
    }
  }
  if (outcome.kind !== 'stopped') {
    await endLastAttempt(repositories, flight, now, outcome)
  }
  const settled = await repositories.resets.find(tenantId, id)
  if (settled === undefined) {
    throw new ApiError('USER.0001')
  }
  return settled
}

/** The row tells whether the attempt whose COMMIT was in doubt took its lease: go on with the token that stands there. */
async function resolveTokenInDoubt(repositories: Repositories, flight: ResetFlight): Promise<void> {
  if (flight.tokenInDoubt === undefined) {
    return
  }
  const current = await repositories.resets.find(flight.reset.tenantId, flight.reset.id)
  if (current?.leaseToken === flight.tokenInDoubt) {
    flight.reset = { ...flight.reset, state: current.state, leaseToken: current.leaseToken }
    flight.attempts += 1
    flight.tokenInDoubt = undefined
  }
}

/**
 * `failed`: nothing was taken, the secret is forgotten. `unknown`: the secret stays redeemable, and because the caller
 * is about to be told so, the lease token goes: no late write may turn it into something else (rule 4).
 */
async function settleUnaccepted(
  repositories: Repositories,
  flight: ResetFlight,
  outcome: Extract<SendOutcome, { kind: 'refused' | 'unknown' }>,
  now: number,
): Promise<void> {
  const { tenantId, id, userId, leaseToken } = flight.reset
  const ended = { leaseToken: undefined, leaseExpiresAt: undefined, settledAt: now, detail: outcome.reason }
  const state = outcome.kind === 'refused' ? ('failed' as const) : ('unknown' as const)
  const moved = await repositories.resets.change(
    tenantId,
    id,
    { states: ['prepared', 'sending', 'unknown'], leaseToken },
    { ...ended, state, ...(state === 'failed' ? { digest: undefined } : {}) },
  )
  if (!moved) {
    return
  }
  await repositories.audit.append({
    tenantId,
    action: `reset.${state}`,
    actor: resetActor(flight.run),
    targetKind: 'reset',
    targetId: id,
    requestId: flight.run.call.requestId,
    detail: {
      userId,
      reason: outcome.reason,
      ...revokedDetail(flight.reset),
      ...(outcome.gateway === undefined ? {} : { gateway: outcome.gateway }),
    },
  })
}
