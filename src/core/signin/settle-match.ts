import type { SignInSecret } from '../../store/store.ts'
import { expireReset } from '../reset/expire-reset.ts'
import { promoteReset } from '../reset/promote-reset.ts'
import { clearFailures } from './count-failures.ts'
import { askForSecondFactor, type Found, goOn, recordSuccess } from './go-on.ts'
import type { PasswordMatch } from './match-password.ts'
import { openStateToken, SIGN_IN_SESSION_SECONDS } from './open-session.ts'
import { recordFirstUse } from './record-first-use.ts'
import {
  denyDisabled,
  refuseExpired,
  refuseLocked,
  refuseSuperseded,
  refuseWrong,
  signInBusy,
} from './refuse-sign-in.ts'
import type { SettledSignIn, SigningIn } from './signing-in.ts'

/**
 * Decides what a match means, under the user's lock. A delivered password in time goes on whatever the lock says, and
 * ends it; a user's own does not (reset protocol, rule 13).
 */
export async function settleMatch(signingIn: SigningIn, match: PasswordMatch): Promise<SettledSignIn> {
  const { view, standing } = signingIn
  if (view === undefined || match.kind === 'none') {
    return await refuseWrong(signingIn)
  }
  const found = { ...signingIn, view }
  switch (match.kind) {
    case 'own':
      return standing.lockedUntil === undefined ? await acceptOwn(found) : await refuseLocked(found)
    case 'delivered':
    case 'redeemable':
      return await acceptDelivered(found, match)
    case 'recognised':
      return match.secret.state === 'expired' ? await refuseExpired(found) : await refuseSuperseded(found)
  }
}

async function acceptOwn(found: Found): Promise<SettledSignIn> {
  const { call, repositories, view, standing } = found
  const { user } = view
  if (user.disabled) {
    return await denyDisabled(found)
  }
  await clearFailures(repositories, call.tenant, standing)
  if (call.tenant.settings.signIn.secondFactor === 'code') {
    const { version, resetId } = user.credential
    return await askForSecondFactor(found, { credentialVersion: version, resetId })
  }
  return await goOn(found, SIGN_IN_SESSION_SECONDS)
}

async function acceptDelivered(
  found: Found,
  match: PasswordMatch & { readonly secret: SignInSecret },
): Promise<SettledSignIn> {
  const { deps, call, repositories, view, standing, now } = found
  const { secret } = match
  const { user } = view
  if (user.disabled) {
    return await denyDisabled(found)
  }
  if (secret.deadlineAt <= now) {
    const reset = { id: secret.resetId, state: secret.state, deadlineAt: secret.deadlineAt }
    const hasExpired = await expireReset(repositories, { user, reset, requestId: call.requestId, now })
    return await refuseExpired(
      found,
      hasExpired ? await repositories.resets.find(user.tenantId, secret.resetId) : undefined,
    )
  }
  const credentialVersion =
    match.kind === 'redeemable' ? await promote(found, secret) : await use(found, secret)
  if (credentialVersion === undefined) {
    return { kind: 'refused', error: signInBusy() }
  }
  await clearFailures(repositories, call.tenant, standing)
  if (call.tenant.settings.signIn.secondFactor === 'code') {
    return await askForSecondFactor(found, { credentialVersion, resetId: secret.resetId })
  }
  const stateToken = await openStateToken(repositories, deps.random, {
    tenant: call.tenant,
    application: call.application,
    user,
    credentialVersion,
    now,
    resetId: secret.resetId,
    purpose: 'must_change',
  })
  await recordSuccess(found, { mustChange: true, resetId: secret.resetId })
  return { kind: 'must_change', stateToken }
}

/** Knowing the secret proves that it arrived: it becomes the password. The new version; undefined: the row moved. */
async function promote(found: Found, secret: SignInSecret): Promise<number | undefined> {
  const { deps, call, repositories, view, now } = found
  const { settings } = call.tenant
  const reset = await repositories.resets.find(call.tenant.id, secret.resetId)
  if (reset === undefined) {
    return undefined
  }
  const promoted = await promoteReset(repositories, {
    user: view.user,
    reset,
    to: 'used',
    historyLength: settings.passwordPolicy.history,
    notices: { sealAddress: deps.sealAddress, random: deps.random, settings: settings.notices },
    actor: { kind: 'user', id: view.user.id },
    requestId: call.requestId,
    now,
  })
  return promoted?.credentialVersion
}

/** The version stays; undefined: the row moved. */
async function use(found: Found, secret: SignInSecret): Promise<number | undefined> {
  const { call, repositories, view, now } = found
  const isUsed = await recordFirstUse(repositories, {
    user: view.user,
    secret,
    requestId: call.requestId,
    now,
  })
  return isUsed ? view.user.credential.version : undefined
}
