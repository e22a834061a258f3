import { ApiError } from '../../errors/api-error.ts'
import type { ChangeOwnPasswordCall } from '../core.ts'
import type { UserWithCredential } from '../users/user.ts'
import { type ChosenPassword, changePassword, hashChosenPassword } from './choose-password.ts'
import { findSession, readSessionClaims, type SessionClaims } from './find-session.ts'
import { type HashedPassword, hashTypedPassword, isCurrentPassword } from './match-password.ts'
import type { SignInDeps } from './sign-in-deps.ts'

/**
 * Changes the password of whoever is signed in (`/sdk/pwd/change`). Every session ends, this one too (reset protocol,
 * rule 9).
 * @throws ApiError invalid_token, SDK.COMMON.1001 no old password though one is set, PWD.9001 a wrong one,
 *   SDK.LOGIN.1003 locked, PWD.9002, PWD.9003 and PWD.0001 to 0005 about the new one, SDK.LOGIN.9002, REQUEST.9011
 */
export async function changeOwnPassword(deps: SignInDeps, call: ChangeOwnPasswordCall): Promise<void> {
  deps.addresses.count(call.tenant, call.address)
  const claims = await readSessionClaims(deps.signer, call.tenant, call.idToken)
  const { user } = await findSession(deps.store.read, call.tenant, claims)
  if (call.oldPassword === undefined && user.credential.digest !== undefined) {
    throw new ApiError('SDK.COMMON.1001', { params: ['old_password'], detail: 'old_password' })
  }
  const hashed =
    call.oldPassword === undefined ? undefined : await hashTypedPassword(deps.hasher, call.oldPassword, user)
  const chosen = await hashChosenPassword(deps, call.tenant, { ...call, user })
  const refusal = await settle(deps, call, claims, hashed, chosen)
  if (refusal !== undefined) throw refusal
}

async function settle(
  deps: SignInDeps,
  call: ChangeOwnPasswordCall,
  claims: SessionClaims,
  hashed: HashedPassword | undefined,
  chosen: ChosenPassword,
): Promise<ApiError | undefined> {
  const { tenant, requestId } = call
  return await deps.store.transaction(async (repositories) => {
    await repositories.users.lock(tenant.id, claims.userId)
    // the session is there: the credential is still the one that was compared with
    const { user, now } = await findSession(repositories, tenant, claims)
    const isOldPasswordRight = isRight(hashed, user)
    const changed = await changePassword(repositories, {
      tenant,
      requestId,
      user,
      isOldPasswordRight,
      chosen,
      now,
    })
    return changed instanceof ApiError ? changed : undefined
  })
}

function isRight(hashed: HashedPassword | undefined, user: UserWithCredential): boolean {
  return hashed === undefined ? user.credential.digest === undefined : isCurrentPassword(hashed, user)
}
