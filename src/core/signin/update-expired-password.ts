import { ApiError } from '../../errors/api-error.ts'
import { hashChosenPassword } from './choose-password.ts'
import { exchangeStateToken } from './exchange-state-token.ts'
import { hashTypedPassword, isCurrentPassword } from './match-password.ts'
import { presentSession } from './open-session.ts'
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
    view === undefined
      ? badStateToken()
      : await exchangeStateToken(deps, call, {
          userId: view.user.id,
          chosen,
          isOldPasswordRight: (user) => isCurrentPassword(hashed, user),
        })
  if (settled instanceof ApiError) throw settled
  return await presentSession(deps.signer, call, settled)
}
