import type { UserView } from '../../store/store.ts'
import { findSession, invalidToken, readSessionClaims, type SessionClaims } from './find-session.ts'
import type { SignedInCall } from './sign-in-calls.ts'
import type { SignInDeps } from './sign-in-deps.ts'

/**
 * The user whose session the id_token is of, as the user is now (`/sdk/profile`).
 * @throws ApiError invalid_token, SDK.LOGIN.9002
 */
export async function findSignedInUser(
  deps: Pick<SignInDeps, 'store' | 'signer' | 'addresses'>,
  call: SignedInCall,
): Promise<UserView> {
  const claims = await readClaims(deps, call)
  await findSession(deps.store.read, call.tenant, claims)
  const user = await deps.store.read.users.find(call.tenant.id, claims.userId)
  if (user === undefined) throw invalidToken()
  return user
}

/**
 * Ends the session that the id_token is of (`/sdk/logout`). True afterwards: session token, id_token and tickets of it are
 * good for nothing; the user's other sessions go on.
 * @throws ApiError invalid_token, SDK.LOGIN.9002
 */
export async function signOut(
  deps: Pick<SignInDeps, 'store' | 'signer' | 'addresses'>,
  call: SignedInCall,
): Promise<void> {
  const { tenant, requestId } = call
  const claims = await readClaims(deps, call)
  await deps.store.transaction(async (repositories) => {
    await findSession(repositories, tenant, claims)
    await repositories.sessions.delete(tenant.id, claims.sessionId)
    await repositories.audit.append({
      tenantId: tenant.id,
      action: 'session.ended',
      actor: { kind: 'user', id: claims.userId },
      targetKind: 'user',
      targetId: claims.userId,
      requestId,
      detail: { sessionId: claims.sessionId, reason: 'signed_out' },
    })
  })
}

async function readClaims(
  deps: Pick<SignInDeps, 'signer' | 'addresses'>,
  call: SignedInCall,
): Promise<SessionClaims> {
  deps.addresses.count(call.tenant, call.address)
  return await readSessionClaims(deps.signer, call.tenant, call.idToken)
}
