import type { AccountCalls } from './accounts/account-calls.ts'
import type { ApplicationOrganizationCalls } from './application-organizations/application-organization-calls.ts'
import type { RoleCalls } from './application-roles/role-calls.ts'
import type { CallOrigin } from './applications/allowed-addresses.ts'
import type { Application } from './applications/application.ts'
import type { AttributeCalls } from './attributes/attribute-calls.ts'
import type { BrowserCalls } from './browser/browser-calls.ts'
import type { ImportCalls } from './imports/import-calls.ts'
import type { OrganizationCalls } from './organizations/organization-calls.ts'
import type { DisownCalls } from './reset/disown-calls.ts'
import type { Secret } from './secret.ts'
import type { SignInCalls } from './signin/sign-in-calls.ts'
import type { Tenant } from './tenants/tenant.ts'
import type { UserCalls } from './users/user-calls.ts'
import type { WebhookCalls } from './webhooks/webhook-calls.ts'

/**
 * Every operation the edges (http, cli) can call, with its dependencies already bound by `app.ts`.
 * Each throws ApiError with a code that its route declares.
 */
export interface Core
  extends OrganizationCalls,
    AttributeCalls,
    UserCalls,
    AccountCalls,
    ApplicationOrganizationCalls,
    RoleCalls,
    ImportCalls,
    SignInCalls,
    WebhookCalls,
    BrowserCalls,
    DisownCalls {
  // tenant and application
  /** @throws ApiError invalid_client, unsupported_grant_type */
  issueAccessToken(call: IssueAccessTokenCall): Promise<IssuedAccessToken>
  /**
   * Looks the token up through a cache at most 5 s old; undefined: unknown, expired, or its application is out.
   * @throws ApiError invalid_token with detail address_not_allowed
   */
  authenticate(tenant: Tenant, accessToken: string, from: CallOrigin): Promise<Application | undefined>
  /** Public keys that verify id_tokens, as a JWK set. */
  listPublicKeys(tenant: Tenant): Promise<{ readonly keys: readonly Record<string, unknown>[] }>

  resetPassword(call: ResetCall): Promise<ResetAnswer>
}

export interface IssueAccessTokenCall extends CallOrigin {
  readonly tenant: Tenant
  readonly grantType: string | undefined
  readonly clientId: string
  readonly clientSecret: Secret
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
