import { ApiError } from '../../errors/api-error.ts'
import { type ChosenPassword, changePassword, hashChosenPassword } from './choose-password.ts'
import { type HashedPassword, hashTypedPassword, isCurrentPassword } from './match-password.ts'
import { type OpenedSession, openSession, presentSession, UPDATE_SESSION_SECONDS } from './open-session.ts'
import { badStateToken, changePurposes, readStateToken } from './read-state-token.ts'
import type { SignedIn, UpdateExpiredPasswordCall } from './sign-in-calls.ts'
import type { SignInDeps } from './sign-in-deps.ts'

/**
 * Exchanges a state token, the password it was given for and a new one for a session (`/sdk/pwd/update`). The token is
 * good for its own 15 minutes whatever becomes of the reset's deadline meanwhile (reset protocol, rule 13); every
 * other change of what may sign in ends it. Of two calls at once the first wins.
 * @throws ApiError SDK.COMMON.1005 for any token that is not good, PWD.9001 wrong old password, SDK.LOGIN.1003 locked,
 *   PWD.9002, PWD.9003 and PWD.0001 to 0006 about the new one, PWD.9004, SDK.LOGIN.9002, REQUEST.9011
 */
export async function updateExpiredPassword(
  deps: SignInDeps,
  call: UpdateExpiredPasswordCall,
): Promise<SignedIn> {
  deps.addresses.count(call.tenant, call.address)
  const view = await readStateToken(deps.store.read, call, changePurposes)
  // the same hashes whatever the old password is: their time tells nothing
  // a token that is good proves who calls; any other is anybody's
  const lane = view === undefined ? 'sign-in' : 'management'
  const hashed = await hashTypedPassword(deps.hasher, call.oldPassword, view?.user, lane)
  const chosen = await hashChosenPassword(deps, call.tenant, { ...call, user: view?.user, lane })
  const settled =
    view === undefined ? badStateToken() : await settle(deps, call, view.user.id, hashed, chosen)
  if (settled instanceof ApiError) throw settled
  return await presentSession(deps.signer, call, settled)
}

async function settle(
  deps: SignInDeps,
  call: UpdateExpiredPasswordCall,
  userId: string,
  hashed: HashedPassword,
  chosen: ChosenPassword,
): Promise<OpenedSession | ApiError> {
  return await deps.store.transaction(async (repositories) => {
    await repositories.users.lock(call.tenant.id, userId)
    const view = await readStateToken(repositories, call, changePurposes)
    if (view === undefined) {
      return badStateToken()
    }
    const { user, now } = view
    const isOldPasswordRight = isCurrentPassword(hashed, user)
    const { tenant, requestId } = call
    const changed = await changePassword(repositories, {
      tenant,
      requestId,
      user,
      isOldPasswordRight,
      chosen,
      notices: deps,
      now,
    })
    if (changed instanceof ApiError) {
      return changed
    }
    return await openSession(repositories, deps.random, {
      tenant,
      application: call.application,
      user,
      credentialVersion: changed.credentialVersion,
      now,
      lifetimeSeconds: UPDATE_SESSION_SECONDS,
      address: call.address,
      browser: call.browser,
    })
  })
}
