import { ApiError } from '../../errors/api-error.ts'
import type { Secret } from '../secret.ts'
import { exchangeStateToken } from '../signin/exchange-state-token.ts'
import { hashReplacement } from '../signin/hash-replacement.ts'
import { presentSession } from '../signin/open-session.ts'
import { badStateToken, changePurposes, readStateToken } from '../signin/read-state-token.ts'
import type { SignedIn, SkipPasswordUpdateCall } from '../signin/sign-in-calls.ts'
import type { SignInDeps } from '../signin/sign-in-deps.ts'

export interface ChooseNewPasswordCall extends SkipPasswordUpdateCall {
  readonly newPassword: Secret
}

/**
 * Exchanges a state token and a new password for a session, like `updateExpiredPassword`, but without asking again for
 * the password that was typed a moment ago: the token stands for it, lives 15 minutes, and ends with whatever ends that
 * password. Only the pages do this, whose token never leaves a cookie that no script can read.
 * @throws ApiError SDK.COMMON.1005 for any token that is not good, PWD.9002 the present password or one that was
 *   delivered, PWD.9003, PWD.0001 to 0006, PWD.9004, SDK.LOGIN.1003, SDK.LOGIN.9002, REQUEST.9011
 */
export async function chooseNewPassword(deps: SignInDeps, call: ChooseNewPasswordCall): Promise<SignedIn> {
  deps.addresses.count(call.tenant, call.address)
  const view = await readStateToken(deps.store.read, call, changePurposes)
  if (view === undefined) throw badStateToken()
  const chosen = await hashReplacement(deps, { ...call, view, lane: 'management' })
  const settled = await exchangeStateToken(deps, call, {
    userId: view.user.id,
    chosen,
    isOldPasswordRight: () => true, // the token says so
  })
  if (settled instanceof ApiError) throw settled
  return await presentSession(deps.signer, call, settled)
}
