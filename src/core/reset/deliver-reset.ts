import { StoreUnavailableError } from '../../errors/store-error.ts'
import type { SendOutcome } from '../../messaging/message-sender.ts'
import type { Secret } from '../secret.ts'
import { notMeUrlOf, signInUrlOf } from '../tenants/sign-in-url.ts'
import { notMeToken } from './not-me-token.ts'
import { recordAttempt } from './record-attempt.ts'
import type { ResetDeps } from './reset-deps.ts'
import type { OpenedReset, ResetFlight, ResetRun } from './reset-run.ts'
import type { Reset } from './reset-state.ts'
import { settleReset } from './settle-reset.ts'

const OUTCOME_MS_MAX = 1_000

/** Kept of the call's time for writing down how the last attempt ended: a second, or a tenth of a short call. */
export function outcomeMs({ callDeadlineMs }: Pick<ResetDeps, 'callDeadlineMs'>): number {
  return Math.min(OUTCOME_MS_MAX, callDeadlineMs / 10)
}

/** Hands the message to the tenant's gateways, records how that ended, and answers the reset as it was settled. */
export async function deliverReset(
  deps: ResetDeps,
  run: ResetRun,
  opened: OpenedReset,
  secret: Secret,
): Promise<Reset> {
  const flight: ResetFlight = {
    run,
    opened,
    reset: opened.reset,
    attempts: 0,
    tokenInDoubt: undefined,
    mayHaveLeft: false,
  }
  const outcome = await send(deps, flight, secret)
  if (outcome.kind === 'accepted') {
    await deps.reached('gateway-answered')
  }
  const settled = await settleReset(deps, flight, outcome)
  if (settled.state === 'accepted') {
    await deps.reached('accepted')
  }
  return settled
}

async function send(deps: ResetDeps, flight: ResetFlight, secret: Secret): Promise<SendOutcome> {
  const { run, opened } = flight
  const { tenant } = run.call
  try {
    return await deps.sender.send({
      tenantId: tenant.id,
      channel: run.identity.sendMode,
      event: 'reset-password',
      languages: await languagesOf(deps, run, opened),
      to: opened.address,
      variables: {
        name: opened.user.name,
        userName: opened.user.userName,
        password: secret,
        issuedAt: opened.reset.preparedAt,
        expiresAt: opened.reset.deadlineAt,
        timeZone: opened.user.timeZone ?? tenant.timeZone,
        tenantName: tenant.name,
        reference: opened.reset.id,
        signInUrl: signInUrlOf(tenant, deps.publicUrl),
        notMeUrl: notMeUrlOf(
          tenant,
          deps.publicUrl,
          notMeToken(deps.mac, tenant.id, { kind: 'reset', resetId: opened.reset.id }),
        ),
        support: tenant.settings.messages.support,
      },
      deadlineMonotonicMs: run.deadlineMonotonicMs - outcomeMs(deps),
      recordAttempt: (gateway, previous) => recordAttempt(deps, flight, gateway, previous),
    })
  } catch (error) {
    deps.onTrouble({ resetId: flight.reset.id, cause: error })
    const { gateway } = flight.reset
    if (flight.mayHaveLeft && gateway !== undefined) {
      return { kind: 'unknown', reason: 'internal_error', gateway, reply: '' }
    }
    // before a hand-over: the store was lost, nothing has left
    const reason = error instanceof StoreUnavailableError ? 'store_unavailable' : 'internal_error'
    return { kind: 'refused', reason, gateway: undefined, reply: '' }
  }
}

/** The employee's language, then the organisation's, then the tenant's; never the caller's (contract, section 8). */
async function languagesOf(deps: ResetDeps, run: ResetRun, opened: OpenedReset): Promise<readonly string[]> {
  const { user } = opened
  const organization =
    user.language !== undefined || user.organizationId === undefined
      ? undefined
      : await deps.store.read.organizations.find(user.tenantId, user.organizationId)
  return [user.language, organization?.language, run.call.tenant.language].filter(
    (language) => language !== undefined,
  )
}
