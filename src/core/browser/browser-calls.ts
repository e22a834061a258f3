import type { SessionEntry, SignInView, StateTokenPurpose } from '../../store/store.ts'
import type { PasswordViolation } from '../password/check-password.ts'
import type { PasswordOwner } from '../password/user-info.ts'
import type { Secret } from '../secret.ts'
import type { SignedIn } from '../signin/sign-in-calls.ts'
import type { Tenant } from '../tenants/tenant.ts'
import type { UserWithCredential } from '../users/user.ts'
import type { ChangePasswordInBrowserCall } from './change-password-in-browser.ts'
import type { ChooseLanguageCall } from './choose-language.ts'
import type { ChooseNewPasswordCall } from './choose-new-password.ts'
import type { BrowserSession, InBrowser } from './find-browser-session.ts'
import type { OwnEvent } from './own-events.ts'
import type { EndSessionsCall } from './own-sessions.ts'

/** Somebody between a right password and being signed in. */
export interface PendingSignIn {
  readonly user: UserWithCredential
  readonly purpose: StateTokenPurpose
}

/** What the employees' pages ask, beside signing in. Each throws ApiError with a code of the catalogue. */
export interface BrowserCalls {
  /** Whose browser it is; undefined: nobody's any more. Moves the end of idleness. */
  findBrowserSession(p: InBrowser): Promise<BrowserSession | undefined>
  /** Whom a state token of the pages is good for; undefined: nobody any more. */
  findPendingSignIn(p: {
    readonly tenant: Tenant
    readonly stateToken: Secret
  }): Promise<PendingSignIn | undefined>
  /** A state token and a new password for a session. @throws ApiError SDK.COMMON.1005, PWD.* */
  chooseNewPassword(call: ChooseNewPasswordCall): Promise<SignedIn>
  /** Old and new password for a new session; all others end. @throws ApiError invalid_token, PWD.* */
  changePasswordInBrowser(call: ChangePasswordInBrowserCall): Promise<SignedIn>
  listOwnSessions(view: SignInView): Promise<readonly SessionEntry[]>
  /** @throws ApiError invalid_token */
  endOwnSessions(call: EndSessionsCall): Promise<{ readonly ended: number; readonly isOwnEnded: boolean }>
  listOwnEvents(user: Pick<UserWithCredential, 'tenantId' | 'id'>): Promise<readonly OwnEvent[]>
  /** @throws ApiError invalid_token */
  chooseLanguage(call: ChooseLanguageCall): Promise<void>
  /** While it is typed. @throws ApiError SDK.LOGIN.9002, REQUEST.9011 */
  checkTypedPassword(p: {
    readonly tenant: Tenant
    readonly password: Secret
    readonly owner: PasswordOwner
    readonly address: string | undefined
  }): Promise<readonly PasswordViolation[]>
}
