import type { Store } from '../../store/store.ts'
import type { Clock } from '../clock.ts'
import { type RequestCodeDeps, requestCode } from '../codes/request-code.ts'
import { changeOwnPassword } from './change-own-password.ts'
import { changePasswordByCode } from './change-password-by-code.ts'
import { createSessionTicket, redeemSessionTicket, renewSession } from './exchange-session.ts'
import { createSignInApplicationFinder } from './find-sign-in-application.ts'
import { recoverPassword } from './recover-password.ts'
import { signIn } from './sign-in.ts'
import { signInByCode } from './sign-in-by-code.ts'
import type { SignInAnswer, SignInCalls } from './sign-in-calls.ts'
import type { SignInDeps } from './sign-in-deps.ts'
import { findSignedInUser, signOut } from './signed-in-user.ts'
import { skipPasswordUpdate } from './skip-password-update.ts'
import { updateExpiredPassword } from './update-expired-password.ts'
import { updateOwnProfile } from './update-own-profile.ts'
import { updatePasswordByCode } from './update-password-by-code.ts'
import { verifySecondFactor } from './verify-second-factor.ts'

export interface SignInCallsDeps extends SignInDeps, Omit<RequestCodeDeps, 'store'> {
  readonly store: Pick<Store, 'read' | 'transaction'>
  readonly clock: Clock
  /** Counts how a sign-in ends, and passes its end on. */
  readonly counted: (signingIn: Promise<SignInAnswer>) => Promise<SignInAnswer>
}

/** The operations of signing in with what they need already given. */
export function bindSignInCalls(deps: SignInCallsDeps): SignInCalls {
  return {
    findSignInApplication: createSignInApplicationFinder(deps),
    signIn: (call) => deps.counted(signIn(deps, call)),
    signInByCode: (call) => deps.counted(signInByCode(deps, call)),
    verifySecondFactor: (call) => deps.counted(verifySecondFactor(deps, call)),
    requestCode: (call) => requestCode(deps, call),
    recoverPassword: (call) => recoverPassword(deps, call),
    updateExpiredPassword: (call) => updateExpiredPassword(deps, call),
    updatePasswordByCode: (call) => updatePasswordByCode(deps, call),
    skipPasswordUpdate: (call) => skipPasswordUpdate(deps, call),
    changeOwnPassword: (call) => changeOwnPassword(deps, call),
    changePasswordByCode: (call) => changePasswordByCode(deps, call),
    findSignedInUser: (call) => findSignedInUser(deps, call),
    updateOwnProfile: (call) => updateOwnProfile(deps, call),
    signOut: (call) => signOut(deps, call),
    createSessionTicket: (caller, p) => createSessionTicket(deps, caller, p),
    redeemSessionTicket: (caller, ticket) => redeemSessionTicket(deps, caller, ticket),
    renewSession: (caller, token) => renewSession(deps, caller, token),
    newCaptcha: async ({ tenant, address }) => {
      deps.addresses.count(tenant, address)
      return await deps.captcha.newChallenge(tenant)
    },
    now: () => deps.clock.now(),
  }
}
