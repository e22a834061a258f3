import type { SignInView } from '../../store/store.ts'
import { openSession, openStateToken } from './open-session.ts'
import { passwordAge } from './password-age.ts'
import type { SettledSignIn, SigningIn } from './signing-in.ts'

/** Somebody who has proved who they are. */
export type Found = SigningIn & { readonly view: SignInView }

/**
 * What follows when everything that was asked for is right: a session, or a state token where the password must be
 * changed or may be.
 */
export async function goOn(found: Found, lifetimeSeconds: number): Promise<SettledSignIn> {
  const { deps, call, repositories, view, now } = found
  const { user } = view
  const p = {
    tenant: call.tenant,
    application: call.application,
    user,
    credentialVersion: user.credential.version,
    now,
  }
  const age = passwordAge(call.tenant.settings.passwordPolicy, user, now)
  if (user.mustChangePassword || age !== 'good') {
    const { resetId } = user.credential
    const purpose = user.mustChangePassword || age === 'expired' ? 'must_change' : 'may_change'
    const stateToken = await openStateToken(repositories, deps.random, { ...p, resetId, purpose })
    await recordSuccess(found, { mustChange: purpose === 'must_change', passwordAge: age })
    return { kind: purpose, stateToken }
  }
  const { address, browser } = call
  const session = await openSession(repositories, deps.random, { ...p, lifetimeSeconds, address, browser })
  await recordSuccess(found, { mustChange: false, sessionId: session.id })
  return { kind: 'session', session }
}

/** The password is right; the state token is good for bringing a code and for nothing else. */
export async function askForSecondFactor(
  { deps, call, repositories, view, now }: Found,
  p: { readonly credentialVersion: number; readonly resetId: string | undefined },
): Promise<SettledSignIn> {
  const { tenant, application, requestId } = call
  const { user } = view
  const token = { tenant, application, user, now, purpose: 'second_factor', ...p } as const
  const stateToken = await openStateToken(repositories, deps.random, token)
  await repositories.audit.append({
    tenantId: tenant.id,
    action: 'second_factor.asked',
    actor: { kind: 'user', id: user.id },
    targetKind: 'user',
    targetId: user.id,
    requestId,
    detail: { applicationId: application.id },
  })
  return { kind: 'second_factor', stateToken }
}

export async function recordSuccess(
  { call, proof, repositories, view }: Found,
  detail: Readonly<Record<string, string | boolean>>,
): Promise<void> {
  await repositories.audit.append({
    tenantId: call.tenant.id,
    action: 'sign_in.succeeded',
    actor: { kind: 'user', id: view.user.id },
    targetKind: 'user',
    targetId: view.user.id,
    requestId: call.requestId,
    detail: {
      ...detail,
      ...(proof.reason === 'wrong_code' ? { by: proof.record === 'sign_in' ? 'code' : 'second_factor' } : {}),
      applicationId: call.application.id,
    },
  })
}
