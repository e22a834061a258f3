import { changeByCode } from './change-by-code.ts'
import { readStanding, subjectOfUser } from './count-failures.ts'
import { openSession, presentSession, UPDATE_SESSION_SECONDS } from './open-session.ts'
import { badStateToken, changePurposes, readStateToken } from './read-state-token.ts'
import type { SignedIn, UpdatePasswordByCodeCall } from './sign-in-calls.ts'
import type { SignInDeps } from './sign-in-deps.ts'

/**
 * Exchanges a state token, a code and a new password for a session (`/sdk/after-login/pwd/update-by-email`): for whoever
 * must change a password and does not have it at hand.
 * @throws ApiError SDK.COMMON.1005 for any token that is not good, SDK.SMS.1005 wrong code, SDK.LOGIN.1003 locked,
 *   PWD.0001 to 0006, PWD.9002, PWD.9003, PWD.9004, SDK.LOGIN.9002, REQUEST.9011
 */
export async function updatePasswordByCode(
  deps: SignInDeps,
  call: UpdatePasswordByCodeCall,
): Promise<SignedIn> {
  deps.addresses.count(call.tenant, call.address)
  const { tenant, application, address, browser } = call
  const token = await readStateToken(deps.store.read, call, changePurposes)
  if (token === undefined) throw badStateToken()
  const { id: userId } = token.user
  const session = await changeByCode(deps, {
    call,
    purposes: ['password-change'],
    record: 'password_change',
    isRecovery: false,
    lane: 'management', // the token has proved who it is
    identify: async (repositories) => {
      await repositories.users.lock(tenant.id, userId)
      const view = await readStateToken(repositories, call, changePurposes)
      if (view === undefined) return badStateToken()
      const standing = await readStanding(repositories, tenant, subjectOfUser(userId), view.now)
      return { view, standing, now: view.now }
    },
    finish: (repositories, { view, credentialVersion, now }) =>
      openSession(repositories, deps.random, {
        ...{ tenant, application, user: view.user, credentialVersion, now, address, browser },
        lifetimeSeconds: UPDATE_SESSION_SECONDS,
      }),
  })
  return await presentSession(deps.signer, call, session)
}
