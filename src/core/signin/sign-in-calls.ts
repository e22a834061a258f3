import type { UserView } from '../../store/store.ts'
import type { Application } from '../applications/application.ts'
import type { Caller } from '../permissions/caller.ts'
import type { Secret } from '../secret.ts'
import type { SendMode, Tenant } from '../tenants/tenant.ts'
import type { User } from '../users/user.ts'
import type { UserChanges } from '../users/user-calls.ts'

/** What the edges may ask about signing in. Each throws ApiError with a code that its route declares. */
export interface SignInCalls {
  /** The application of an `X-client-id`, through a cache at most 5 s old. @throws ApiError SDK.COMMON.1012 */
  findSignInApplication(tenant: Tenant, clientId: string): Promise<Application>
  signIn(call: SignInCall): Promise<SignInAnswer>
  /** A code in place of the password. */
  signInByCode(call: ProveByCodeCall): Promise<SignInAnswer>
  /** The code that a right password is followed by. */
  verifySecondFactor(call: SecondFactorCall): Promise<SignInAnswer>
  /** `/sdk/sms/send`, `/sdk/email/send`: sent in the background, to whoever has the contact. */
  requestCode(call: RequestCodeCall): Promise<void>
  /** A forgotten password: contact and code for a new one; nobody is signed in by it. */
  recoverPassword(call: RecoverPasswordCall): Promise<void>
  /** `/sdk/pwd/update`: state token and old password for a new password and a session. */
  updateExpiredPassword(call: UpdateExpiredPasswordCall): Promise<SignedIn>
  /** The same by a code in place of the old password. */
  updatePasswordByCode(call: UpdatePasswordByCodeCall): Promise<SignedIn>
  /** `/sdk/pwd/skip-update`: the state token of a warning for a session; the password stays. */
  skipPasswordUpdate(call: SkipPasswordUpdateCall): Promise<SignedIn>
  /** `/sdk/pwd/change`: signed in by id_token. @throws ApiError invalid_token */
  changeOwnPassword(call: ChangeOwnPasswordCall): Promise<void>
  /** The same by a code in place of the old password. */
  changePasswordByCode(call: ChangePasswordByCodeCall): Promise<void>
  /** Who is signed in. @throws ApiError invalid_token */
  findSignedInUser(call: SignedInCall): Promise<UserView>
  /** What people may change of their own record. @throws ApiError invalid_token */
  updateOwnProfile(call: UpdateOwnProfileCall): Promise<void>
  /** Ends the session that the id_token is of. @throws ApiError invalid_token */
  signOut(call: SignedInCall): Promise<void>
  /** For an application's server: a session for a ticket, a ticket for whose session it is, a session for a longer one. */
  createSessionTicket(
    caller: Caller,
    p: { readonly sessionToken: Secret; readonly clientId: string | undefined },
  ): Promise<{ readonly ticket: Secret; readonly expiresInSeconds: number }>
  redeemSessionTicket(caller: Caller, ticket: Secret): Promise<User>
  renewSession(caller: Caller, sessionToken: Secret): Promise<SignedIn>
  /** A proof of work that must be shown before a code is sent. @throws ApiError SDK.LOGIN.9002 */
  newCaptcha(call: EndUserCall): Promise<object>
  /** The server's clock, Unix milliseconds. */
  now(): number
}

/** What is known of every call of an end user's application. */
export interface EndUserCall {
  readonly tenant: Tenant
  readonly application: Application
  readonly requestId: string
  /** Of the network. */
  readonly address: string | undefined
  /** Undefined: an application's own. */
  readonly browser?: Browser | undefined
}

/** A browser that the employee's pages are open in. */
export interface Browser {
  /** For its user to recognise: `Chrome, Android`. */
  readonly device: string
  /** Instead of the lifetimes that the contract's samples have. */
  readonly lifetimeSeconds: number
  readonly idleSeconds: number
}

export interface SignInCall extends EndUserCall {
  /** User name, e-mail address or mobile number. */
  readonly loginName: string
  readonly password: Secret
}

export interface SignedIn {
  readonly status: 'SUCCESS'
  readonly sessionToken: Secret
  readonly expiresInSeconds: number
  readonly idToken: Secret
}

export type SignInAnswer =
  | SignedIn
  /** The password must be changed: the state token can only do that. */
  | { readonly status: 'PASSWORD_EXPIRED'; readonly stateToken: Secret }
  /** The password is about to expire: the state token can change it, or be exchanged for a session. */
  | { readonly status: 'PASSWORD_WARN'; readonly stateToken: Secret }
  /** Right password; a code must follow, and the state token can only bring that. */
  | { readonly status: 'MFA_AUTH'; readonly stateToken: Secret }
  /** Right password or code, disabled user. */
  | { readonly status: 'ACCESS_DENIED' }

export interface SkipPasswordUpdateCall extends EndUserCall {
  readonly stateToken: Secret
}

export interface UpdateExpiredPasswordCall extends SkipPasswordUpdateCall {
  readonly oldPassword: Secret
  readonly newPassword: Secret
}

export interface ChangeOwnPasswordCall extends EndUserCall {
  readonly idToken: Secret
  /** Undefined: the caller says that none is set. */
  readonly oldPassword: Secret | undefined
  readonly newPassword: Secret
}

export interface RequestCodeCall extends EndUserCall {
  readonly channel: SendMode
  /** The contract's word for what the code is for, as it arrived. */
  readonly type: string
  /** As typed: only looked up, never sent to. */
  readonly contact: string
  readonly captchaToken: Secret | undefined
}

export interface ProveByCodeCall extends EndUserCall {
  readonly channel: SendMode
  /** As typed. */
  readonly contact: string
  readonly code: Secret
}

export interface SecondFactorCall extends ProveByCodeCall {
  readonly stateToken: Secret
}

export interface RecoverPasswordCall extends ProveByCodeCall {
  readonly newPassword: Secret
}

export interface UpdatePasswordByCodeCall extends EndUserCall {
  readonly channel: SendMode
  readonly stateToken: Secret
  readonly code: Secret
  readonly newPassword: Secret
}

export interface SignedInCall extends EndUserCall {
  readonly idToken: Secret
}

export interface UpdateOwnProfileCall extends SignedInCall {
  readonly changes: Pick<UserChanges, 'name' | 'profile' | 'extension'>
  /** Fields of a user that nobody may change themselves, by the wire's names, as they arrived. */
  readonly others: Readonly<Record<string, unknown>>
}

export interface ChangePasswordByCodeCall extends SignedInCall {
  readonly channel: SendMode
  readonly code: Secret
  readonly newPassword: Secret
}
