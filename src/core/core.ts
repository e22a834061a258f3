import type { AccountCalls } from './accounts/account-calls.ts'
import type { ApplicationOrganizationCalls } from './application-organizations/application-organization-calls.ts'
import type { RoleCalls } from './application-roles/role-calls.ts'
import type { Application } from './applications/application.ts'
import type { OrganizationCalls } from './organizations/organization-calls.ts'
import type { Secret } from './secret.ts'
import type { Tenant } from './tenants/tenant.ts'
import type { UserCalls } from './users/user-calls.ts'

/**
 * Every operation the edges (http, cli) can call, with its dependencies already bound by `app.ts`.
 * Each throws ApiError with a code that its route declares.
 */
export interface Core
  extends OrganizationCalls,
    UserCalls,
    AccountCalls,
    ApplicationOrganizationCalls,
    RoleCalls {
  // tenant and application
  /** @throws ApiError invalid_client, unsupported_grant_type */
  issueAccessToken(call: IssueAccessTokenCall): Promise<IssuedAccessToken>
  /** Looks the token up through a cache at most 5 s old; undefined: unknown, expired, or its application is out. */
  authenticate(tenant: Tenant, accessToken: string): Promise<Application | undefined>
  /** Public keys that verify id_tokens, as a JWK set. */
  listPublicKeys(tenant: Tenant): Promise<{ readonly keys: readonly Record<string, unknown>[] }>

  resetPassword(call: ResetCall): Promise<ResetAnswer>

  // signing in
  /** The application of an `X-client-id`, through a cache at most 5 s old. @throws ApiError SDK.COMMON.1012 */
  findSignInApplication(tenant: Tenant, clientId: string): Promise<Application>
  signIn(call: SignInCall): Promise<SignInAnswer>
  /** `/sdk/pwd/update`: state token and old password for a new password and a session. */
  updateExpiredPassword(call: UpdateExpiredPasswordCall): Promise<SignedIn>
  /** `/sdk/pwd/skip-update`: the state token of a warning for a session; the password stays. */
  skipPasswordUpdate(call: SkipPasswordUpdateCall): Promise<SignedIn>
  /** `/sdk/pwd/change`: signed in by id_token. @throws ApiError invalid_token */
  changeOwnPassword(call: ChangeOwnPasswordCall): Promise<void>
}

export interface IssueAccessTokenCall {
  readonly tenant: Tenant
  readonly grantType: string | undefined
  readonly clientId: string
  readonly clientSecret: Secret
  readonly requestId: string
}

export interface IssuedAccessToken {
  readonly accessToken: Secret
  readonly expiresInSeconds: number
  readonly idToken: Secret
}

export interface ResetCall {
  readonly tenant: Tenant
  /** Undefined: an operator's command. */
  readonly applicationId: string | undefined
  readonly requestId: string
  readonly userId: string
  /** As it arrived: anything but exactly EMAIL or SMS is MSG.0004. */
  readonly sendMode: unknown
  /** As it arrived: anything but a mode as strict as the tenant's is MSG.0004. Undefined: the tenant's. */
  readonly oldPassword?: unknown
  /** Chosen by the application: a repeat with it is answered like the first call. */
  readonly idempotencyKey?: string | undefined
}

export interface ResetAnswer {
  readonly userId: string
  readonly resetId: string
  /** The answer to an earlier call with the same Idempotency-Key. */
  readonly isReplayed?: boolean
}

export interface SignInCall {
  readonly tenant: Tenant
  readonly application: Application
  readonly requestId: string
  readonly address: string | undefined
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
  /** Right password, disabled user. */
  | { readonly status: 'ACCESS_DENIED' }

export interface SkipPasswordUpdateCall {
  readonly tenant: Tenant
  readonly application: Application
  readonly requestId: string
  readonly address: string | undefined
  readonly stateToken: Secret
}

export interface UpdateExpiredPasswordCall extends SkipPasswordUpdateCall {
  readonly oldPassword: Secret
  readonly newPassword: Secret
}

export interface ChangeOwnPasswordCall {
  readonly tenant: Tenant
  readonly application: Application
  readonly requestId: string
  readonly address: string | undefined
  readonly idToken: Secret
  /** Undefined: the caller says that none is set. */
  readonly oldPassword: Secret | undefined
  readonly newPassword: Secret
}
