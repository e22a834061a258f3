import type { Secret } from '../secret.ts'
import { changeByOldPassword } from '../signin/change-by-old-password.ts'
import { openSession, presentSession, UPDATE_SESSION_SECONDS } from '../signin/open-session.ts'
import type { EndUserCall, SignedIn } from '../signin/sign-in-calls.ts'
import type { SignInDeps } from '../signin/sign-in-deps.ts'
import { type InBrowser, requireBrowserSession } from './find-browser-session.ts'

export interface ChangePasswordInBrowserCall extends EndUserCall, InBrowser {
  readonly oldPassword: Secret
  readonly newPassword: Secret
}

/**
 * Changes the password of whoever is signed in here. Every session ends (reset protocol, rule 9), and this browser gets
 * a new one: whoever has just shown both passwords need not sign in again.
 * @throws ApiError invalid_token, PWD.9001 a wrong old password, SDK.LOGIN.1003 locked, PWD.9002, PWD.9003 and PWD.0001 to
 *   0006 about the new one, PWD.9004, SDK.LOGIN.9002, REQUEST.9011
 */
export async function changePasswordInBrowser(
  deps: SignInDeps,
  call: ChangePasswordInBrowserCall,
): Promise<SignedIn> {
  deps.addresses.count(call.tenant, call.address)
  const { tenant, application, address, browser } = call
  const { session } = await requireBrowserSession(deps.store.read, call)
  const opened = await changeByOldPassword(deps, {
    call,
    userId: session.userId,
    identify: async (repositories) => (await requireBrowserSession(repositories, call)).view,
    finish: (repositories, { view, credentialVersion }) =>
      openSession(repositories, deps.random, {
        ...{ tenant, application, address, browser, credentialVersion },
        user: view.user,
        now: view.now,
        lifetimeSeconds: UPDATE_SESSION_SECONDS,
      }),
  })
  return await presentSession(deps.signer, call, opened)
}
