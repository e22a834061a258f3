import { ApiError } from '../../errors/api-error.ts'
import type { UserWithCredential } from '../users/user.ts'
import { type ChosenPassword, changePassword } from './choose-password.ts'
import { type OpenedSession, openSession, UPDATE_SESSION_SECONDS } from './open-session.ts'
import { badStateToken, changePurposes, readStateToken } from './read-state-token.ts'
import type { SkipPasswordUpdateCall } from './sign-in-calls.ts'
import type { SignInDeps } from './sign-in-deps.ts'

/**
 * Gives a state token and a chosen password for a session, in one transaction under the user's lock; of two calls at once
 * the first wins. Throw a returned error after it: the count of a wrong old password stays.
 */
export async function exchangeStateToken(
  deps: SignInDeps,
  call: SkipPasswordUpdateCall,
  p: {
    readonly userId: string
    readonly chosen: ChosenPassword
    readonly isOldPasswordRight: (user: UserWithCredential) => boolean
  },
): Promise<OpenedSession | ApiError> {
  const { tenant, requestId, application, address, browser } = call
  return await deps.store.transaction(async (repositories) => {
    await repositories.users.lock(tenant.id, p.userId)
    const view = await readStateToken(repositories, call, changePurposes)
    if (view === undefined) {
      return badStateToken()
    }
    const { user, now } = view
    const changed = await changePassword(repositories, {
      ...{ tenant, requestId, user, now },
      isOldPasswordRight: p.isOldPasswordRight(user),
      chosen: p.chosen,
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
