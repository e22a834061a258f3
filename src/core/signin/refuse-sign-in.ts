import { ApiError } from '../../errors/api-error.ts'
import type { Reset } from '../reset/reset-state.ts'
import { countFailure, countNothing, wrongPassword } from './count-failures.ts'
import type { Proof, SettledSignIn, SigningIn } from './signing-in.ts'

/** Stable words of the record: why somebody was not signed in. */
type RefusalReason = Proof['reason'] | 'unknown_name' | 'locked' | 'superseded' | 'expired' | 'disabled'

/** A wrong password or code, or a name that nobody has: counted, unless the subject is locked already. */
export async function refuseWrong(signingIn: SigningIn): Promise<SettledSignIn> {
  const { call, proof, repositories, view, standing, now } = signingIn
  if (standing.lockedUntil !== undefined) {
    return await refuseLocked(signingIn)
  }
  const counted = await countFailure(repositories, call.tenant, standing, now)
  const reason = view === undefined ? 'unknown_name' : proof.reason
  await record(signingIn, counted.lockedUntil === undefined ? 'failed' : 'locked', reason)
  return { kind: 'refused', error: wrongPassword(proof.code, call.tenant, counted, now) }
}

export async function refuseLocked(signingIn: SigningIn): Promise<SettledSignIn> {
  await leaveCount(signingIn)
  await record(signingIn, 'failed', 'locked')
  return refusedAsWrong(signingIn)
}

/** A secret that something newer replaced: looks like a wrong password and counts nothing (rule 13). */
export async function refuseSuperseded(signingIn: SigningIn): Promise<SettledSignIn> {
  await leaveCount(signingIn)
  await record(signingIn, 'failed', 'superseded')
  return refusedAsWrong(signingIn)
}

/** A delivered password whose time is over: says so and counts nothing (rule 13). */
export async function refuseExpired(signingIn: SigningIn, expired?: Reset): Promise<SettledSignIn> {
  await record(signingIn, 'failed', 'expired')
  return { kind: 'refused', error: new ApiError('SDK.LOGIN.9001'), expired }
}

/** The right password or code of a disabled user. */
export async function denyDisabled(signingIn: SigningIn): Promise<SettledSignIn> {
  await record(signingIn, 'denied', 'disabled')
  return { kind: 'denied' }
}

/** What may sign in changed faster than it can be compared; nothing was decided or counted. */
export function signInBusy(): ApiError {
  return new ApiError('REQUEST.9011', { detail: 'credential_moved', retryAfterSeconds: 1 })
}

async function leaveCount({ call, repositories, standing }: SigningIn): Promise<void> {
  await countNothing(repositories, call.tenant, standing)
}

function refusedAsWrong({ call, proof, standing, now }: SigningIn): SettledSignIn {
  return { kind: 'refused', error: wrongPassword(proof.code, call.tenant, standing, now) }
}

async function record(signingIn: SigningIn, end: string, reason: RefusalReason): Promise<void> {
  const { call, proof, repositories, view } = signingIn
  await repositories.audit.append({
    tenantId: call.tenant.id,
    action: `${proof.record}.${end}`,
    actor: { kind: 'anonymous', id: undefined },
    targetKind: 'user',
    // never what was typed: people type their password into the field for the name
    targetId: view?.user.id,
    requestId: call.requestId,
    detail: { reason, applicationId: call.application.id },
  })
}
