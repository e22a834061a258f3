import { ApiError } from '../../errors/api-error.ts'
import { changeByOldPassword } from './change-by-old-password.ts'
import { findSession, readSessionClaims } from './find-session.ts'
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
  await changeByOldPassword(deps, {
    call,
    userId: claims.userId,
    // the session is there: the credential is still the one that was compared with
    identify: (repositories) => findSession(repositories, call.tenant, claims),
    refuse: ({ user }) =>
      call.oldPassword === undefined && user.credential.digest !== undefined
        ? new ApiError('SDK.COMMON.1001', { params: ['old_password'], detail: 'old_password' })
        : undefined,
    finish: async () => undefined,
  })
}
