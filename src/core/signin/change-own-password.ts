import { ApiError } from '../../errors/api-error.ts'
import type { UserWithCredential } from '../users/user.ts'
import { type ChosenPassword, changePassword, hashChosenPassword } from './choose-password.ts'
import { findSession, readSessionClaims, type SessionClaims } from './find-session.ts'
import { type HashedPassword, hashTypedPassword, isComparable, isCurrentPassword } from './match-password.ts'
import { signInBusy } from './refuse-sign-in.ts'
import type { ChangeOwnPasswordCall } from './sign-in-calls.ts'
import type { SignInDeps } from './sign-in-deps.ts'

/**
 * Changes the password of whoever is signed in (`/sdk/pwd/change`). Every session ends, this one too (reset protocol,
 * rule 9).
 * @throws ApiError invalid_token, SDK.COMMON.1001 no old password though one is set, PWD.9001 a wrong one,
 *   SDK.LOGIN.1003 locked, PWD.9002, PWD.9003 and PWD.0001 to 0006 about the new one, PWD.9004, SDK.LOGIN.9002, REQUEST.9011
 */
export async function changeOwnPassword(deps: SignInDeps, call: ChangeOwnPasswordCall): Promise<void> {
  deps.addresses.count(call.tenant, call.address)
  const claims = await readSessionClaims(deps.signer, call.tenant, call.idToken)
  const { user } = await findSession(deps.store.read, call.tenant, claims)
  if (call.oldPassword === undefined && user.credential.digest !== undefined) {
    throw new ApiError('SDK.COMMON.1001', { params: ['old_password'], detail: 'old_password' })
  }
  const hash = async (of: UserWithCredential) =>
    call.oldPassword && (await hashTypedPassword(deps.hasher, call.oldPassword, of, LANE))
  const hashed = await hash(user)
  const chosen = await hashChosenPassword(deps, call.tenant, { ...call, user, lane: LANE })
  let settled = await settle(deps, call, claims, hashed, chosen)
  if (settled?.kind === 'salt_changed') {
    settled = await settle(deps, call, claims, await hash(settled.user), chosen)
  }
  if (settled !== undefined) throw settled.kind === 'refused' ? settled.error : signInBusy()
}

// the session has proved who it is
const LANE = 'management'

/** Undefined: the password is changed. */
type Settled =
  | { readonly kind: 'refused'; readonly error: ApiError }
  /** The same password got another salt meanwhile (`upgrade-hash.ts`): nothing was decided. */
  | { readonly kind: 'salt_changed'; readonly user: UserWithCredential }
  | undefined

async function settle(
  deps: SignInDeps,
  call: ChangeOwnPasswordCall,
  claims: SessionClaims,
  hashed: HashedPassword | undefined,
  chosen: ChosenPassword,
): Promise<Settled> {
  const { tenant, requestId } = call
  return await deps.store.transaction(async (repositories) => {
    await repositories.users.lock(tenant.id, claims.userId)
    // the session is there: the credential is still the one that was compared with
    const { user, now } = await findSession(repositories, tenant, claims)
    if (hashed !== undefined && !isComparable(hashed, user)) {
      return { kind: 'salt_changed', user }
    }
    const isOldPasswordRight = isRight(hashed, user)
    const changed = await changePassword(repositories, {
      tenant,
      requestId,
      user,
      isOldPasswordRight,
      chosen,
      notices: deps,
      now,
    })
    return changed instanceof ApiError ? { kind: 'refused', error: changed } : undefined
  })
}

function isRight(hashed: HashedPassword | undefined, user: UserWithCredential): boolean {
  return hashed === undefined ? user.credential.digest === undefined : isCurrentPassword(hashed, user)
}
