import type { AttemptOutcome, HandOver } from '../../messaging/gateway.ts'
import type { Repositories } from '../../store/store.ts'
import { randomToken } from '../randomness.ts'
import type { ResetDeps } from './reset-deps.ts'
import { type ResetFlight, resetActor } from './reset-run.ts'

/** How an attempt ended, as it is kept. */
export interface AttemptEnd {
  readonly kind: string
  readonly reason?: string
  /** Scrubbed of the secret, ≤ 200 characters. */
  readonly reply: string
}

// under this, an answer could not be written down before somebody else may take over
const LEASE_MARGIN_MS = 1_000

/**
 * Makes an attempt durable before its first byte leaves (reset protocol, rule 2), each under a lease token of its own
 * (rule 4). Undefined: the reset has moved on (used, superseded, recovered); send nothing.
 */
export async function recordAttempt(
  deps: ResetDeps,
  flight: ResetFlight,
  gateway: string,
  previous: AttemptOutcome | undefined,
): Promise<HandOver | undefined> {
  const leaseToken = randomToken(deps.random)
  flight.mayHaveLeft = false // another attempt: the one before was refused
  flight.tokenInDoubt = leaseToken // until the transaction has answered
  const recorded = await deps.store.transaction(async (repositories) => {
    const now = await repositories.now()
    await endLastAttempt(repositories, flight, now, previous)
    const moved = await repositories.resets.change(
      flight.reset.tenantId,
      flight.reset.id,
      { states: [flight.reset.state], leaseToken: flight.reset.leaseToken },
      { state: 'sending', gateway, leaseToken },
    )
    if (moved) {
      await appendAttempt(repositories, flight, gateway, now)
    }
    return moved
  })
  flight.tokenInDoubt = undefined
  if (!recorded) {
    return undefined
  }
  flight.reset = { ...flight.reset, state: 'sending', gateway, leaseToken }
  flight.attempts += 1
  await deps.reached('sending')
  return {
    deadlineMonotonicMs: flight.run.deadlineMonotonicMs,
    mayHandOver: () => mayHandOver(deps, flight, leaseToken),
  }
}

/** The attempt recorded last has ended; nothing to do when none was. */
export async function endLastAttempt(
  repositories: Repositories,
  flight: ResetFlight,
  now: number,
  outcome: AttemptEnd | undefined,
): Promise<void> {
  if (outcome === undefined || flight.attempts === 0) {
    return
  }
  await repositories.resets.endAttempt(flight.reset.tenantId, flight.reset.id, flight.attempts, {
    endedAt: now,
    outcome: outcome.kind,
    reason: outcome.reason,
    reply: outcome.reply,
  })
}

async function appendAttempt(
  repositories: Repositories,
  flight: ResetFlight,
  gateway: string,
  now: number,
): Promise<void> {
  await repositories.resets.insertAttempt({
    tenantId: flight.reset.tenantId,
    resetId: flight.reset.id,
    ordinal: flight.attempts + 1,
    gateway,
    startedAt: now,
    endedAt: undefined,
    outcome: undefined,
    reason: undefined,
    reply: undefined,
  })
  await repositories.audit.append({
    tenantId: flight.reset.tenantId,
    action: 'reset.sending',
    actor: resetActor(flight.run),
    targetKind: 'reset',
    targetId: flight.reset.id,
    requestId: flight.run.call.requestId,
    detail: { userId: flight.reset.userId, gateway, attempt: flight.attempts + 1 },
  })
}

/** Asked directly before the body leaves: is there time left, and is the reset still this call's (rule 4)? */
async function mayHandOver(deps: ResetDeps, flight: ResetFlight, leaseToken: string): Promise<boolean> {
  const now = deps.clock.monotonicMs()
  if (now >= flight.run.deadlineMonotonicMs || now + LEASE_MARGIN_MS >= flight.opened.leaseMonotonicMs) {
    return false
  }
  const current = await deps.store.read.resets.find(flight.reset.tenantId, flight.reset.id)
  if (current?.state !== 'sending' || current.leaseToken !== leaseToken) {
    return false
  }
  flight.mayHaveLeft = true
  await deps.reached('handing-over')
  return true
}
