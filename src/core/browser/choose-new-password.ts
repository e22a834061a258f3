import { ApiError } from '../../errors/api-error.ts'
import type { SignInView } from '../../store/store.ts'
import type { Secret } from '../secret.ts'
import { type ChosenPassword, changePassword, hashChosenPassword } from '../signin/choose-password.ts'
import { hashTypedPassword, matchPassword } from '../signin/match-password.ts'
import {
  type OpenedSession,
  openSession,
  presentSession,
  UPDATE_SESSION_SECONDS,
} from '../signin/open-session.ts'
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
  const chosen = await judge(deps, call, view)
  const settled = await settle(deps, call, view.user.id, chosen)
  if (settled instanceof ApiError) throw settled
  return await presentSession(deps.signer, call, settled)
}

/** Neither the password of now nor one that was delivered, nor any that the policy refuses. */
async function judge(
  deps: SignInDeps,
  { tenant, newPassword }: ChooseNewPasswordCall,
  view: SignInView,
): Promise<ChosenPassword> {
  const choosing = { oldPassword: undefined, newPassword, user: view.user, lane: 'management' } as const
  const chosen = await hashChosenPassword(deps, tenant, choosing)
  if (chosen instanceof ApiError) {
    return chosen
  }
  const typed = await hashTypedPassword(deps.hasher, newPassword, view.user, 'management')
  return matchPassword(typed, view).kind === 'none' ? chosen : new ApiError('PWD.9002')
}

async function settle(
  deps: SignInDeps,
  call: ChooseNewPasswordCall,
  userId: string,
  chosen: ChosenPassword,
): Promise<OpenedSession | ApiError> {
  const { tenant, requestId, application, address, browser } = call
  return await deps.store.transaction(async (repositories) => {
    await repositories.users.lock(tenant.id, userId)
    const view = await readStateToken(repositories, call, changePurposes)
    if (view === undefined) {
      return badStateToken()
    }
    const { user, now } = view
    const changed = await changePassword(repositories, {
      ...{ tenant, requestId, user, chosen, now },
      isOldPasswordRight: true, // the token says so
      notices: deps,
    })
    if (changed instanceof ApiError) {
      return changed
    }
    return await openSession(repositories, deps.random, {
      ...{ tenant, application, user, now, address, browser },
      credentialVersion: changed.credentialVersion,
      lifetimeSeconds: UPDATE_SESSION_SECONDS,
    })
  })
}
