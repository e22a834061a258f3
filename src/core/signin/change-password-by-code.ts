import { changeByCode } from './change-by-code.ts'
import { readStanding, subjectOfUser } from './count-failures.ts'
import { findSession, readSessionClaims } from './find-session.ts'
import type { ChangePasswordByCodeCall } from './sign-in-calls.ts'
import type { SignInDeps } from './sign-in-deps.ts'

/**
 * Changes the password of whoever is signed in, by a code in place of the old password (`/sdk/pwd/change-by-mobile`).
 * Every session ends, this one too (reset protocol, rule 9).
 * @throws ApiError invalid_token, SDK.SMS.1005 wrong code, SDK.LOGIN.1003 locked, PWD.0001 to 0006, PWD.9002, PWD.9003,
 *   PWD.9004, SDK.LOGIN.9002, REQUEST.9011
 */
export async function changePasswordByCode(deps: SignInDeps, call: ChangePasswordByCodeCall): Promise<void> {
  deps.addresses.count(call.tenant, call.address)
  const { tenant } = call
  const claims = await readSessionClaims(deps.signer, tenant, call.idToken)
  await findSession(deps.store.read, tenant, claims)
  await changeByCode(deps, {
    call,
    purposes: ['password-change'],
    record: 'password_change',
    isRecovery: false,
    lane: 'management', // the session has proved who it is
    identify: async (repositories) => {
      await repositories.users.lock(tenant.id, claims.userId)
      const view = await findSession(repositories, tenant, claims)
      const standing = await readStanding(repositories, tenant, subjectOfUser(claims.userId), view.now)
      return { view, standing, now: view.now }
    },
    finish: async () => undefined,
  })
}
