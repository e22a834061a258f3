import { ApiError } from '../../errors/api-error.ts'
import { type OpenedSession, openSession, presentSession, UPDATE_SESSION_SECONDS } from './open-session.ts'
import { badStateToken, readStateToken } from './read-state-token.ts'
import type { SignedIn, SkipPasswordUpdateCall } from './sign-in-calls.ts'
import type { SignInDeps } from './sign-in-deps.ts'

/**
 * Exchanges the state token of a sign-in that only warned for a session, and leaves the password as it is
 * (`/sdk/pwd/skip-update`). The token is good once; one for a password that must be changed is good for nothing here.
 * @throws ApiError SDK.COMMON.1005 for any token that is not good, SDK.LOGIN.9002
 */
export async function skipPasswordUpdate(deps: SignInDeps, call: SkipPasswordUpdateCall): Promise<SignedIn> {
  deps.addresses.count(call.tenant, call.address)
  const view = await readStateToken(deps.store.read, call, ['may_change'])
  const settled = view === undefined ? badStateToken() : await settle(deps, call, view.user.id)
  if (settled instanceof ApiError) throw settled
  return await presentSession(deps.signer, call, settled)
}

async function settle(
  deps: SignInDeps,
  call: SkipPasswordUpdateCall,
  userId: string,
): Promise<OpenedSession | ApiError> {
  const { tenant, application, requestId, address, browser } = call
  return await deps.store.transaction(async (repositories) => {
    await repositories.users.lock(tenant.id, userId)
    const view = await readStateToken(repositories, call, ['may_change'])
    if (view === undefined) {
      return badStateToken()
    }
    const { user, now, token } = view
    await repositories.sessions.deleteStateToken(tenant.id, token.tokenDigest)
    const session = await openSession(repositories, deps.random, {
      tenant,
      application,
      user,
      credentialVersion: user.credential.version,
      now,
      lifetimeSeconds: UPDATE_SESSION_SECONDS,
      address,
      browser,
    })
    await repositories.audit.append({
      tenantId: tenant.id,
      action: 'password.update_skipped',
      actor: { kind: 'user', id: userId },
      targetKind: 'user',
      targetId: userId,
      requestId,
      detail: { sessionId: session.id, applicationId: application.id },
    })
    return session
  })
}
