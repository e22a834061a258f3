import type { AuditRow } from '../audit/audit-row.ts'
import type { Application } from '../core/applications/application.ts'
import type { Reset, ResetState } from '../core/reset/reset-state.ts'
import type { Language, Tenant } from '../core/tenants/tenant.ts'
import type { Credential, User, UserWithCredential } from '../core/users/user.ts'
import type { Channel } from '../messaging/gateway.ts'
import type { AuditChainRepository } from './audit-chain-store.ts'
import type { IdempotencyKeyRepository } from './idempotency-keys-store.ts'
import type { NoticeRepository } from './notices-store.ts'
import type { OrganizationRepository } from './organization-store.ts'
import type { ResetLimitsStore } from './reset-limits-store.ts'
import type { ResetRetentionStore } from './reset-retention-store.ts'
import type { SessionRepository } from './session-store.ts'

export type { Organization, OrganizationRepository } from './organization-store.ts'
export type { Session, SessionRepository, StateToken, StateTokenPurpose } from './session-store.ts'

/**
 * The store as everyone else sees it: repositories of named methods, in a transaction or for reading only.
 * Every method takes the tenant first; nothing crosses tenants but the sweepers' look-ups, named `…OfAllTenants`.
 */
export interface Store {
  readonly kind: 'sqlite' | 'postgres'
  /** For reading outside a transaction. Writes through it are refused. */
  readonly read: Repositories
  /**
   * Runs `work` in one transaction (SQLite `BEGIN IMMEDIATE`, PostgreSQL read committed). Serialisation failures,
   * deadlocks and a locked SQLite file repeat the whole of it, at most 3 times, so `work` must have no other effects.
   * @throws StoreUnavailableError nothing happened; CommitInDoubtError read to know; DuplicateError a unique index said no
   */
  transaction<T>(work: (repositories: Repositories) => Promise<T>): Promise<T>
  /** Applies what is missing, under a lock; names of the migrations applied. */
  migrate(): Promise<readonly string[]>
  /** Names of migrations not applied yet. */
  pendingMigrations(): Promise<readonly string[]>
  /** One round trip; how far the database's clock is ahead of this process's (0 on SQLite). */
  measureClock(): Promise<{ readonly skewMs: number }>
  close(): Promise<void>
}

export interface Repositories {
  /** Unix milliseconds by the clock that deadlines live on: the database's on PostgreSQL, the process's on SQLite (rule 15). */
  now(): Promise<number>
  readonly tenants: TenantRepository
  readonly organizations: OrganizationRepository
  readonly users: UserRepository
  readonly applications: ApplicationRepository
  readonly accessTokens: AccessTokenRepository
  readonly signingKeys: SigningKeyRepository
  readonly gateways: GatewayRepository
  readonly templates: TemplateRepository
  readonly resets: ResetRepository
  readonly idempotencyKeys: IdempotencyKeyRepository
  readonly sessions: SessionRepository
  readonly signInFailures: SignInFailureRepository
  readonly audit: AuditRepository
  readonly auditChain: AuditChainRepository
  readonly notices: NoticeRepository
}

export interface TenantRepository {
  list(): Promise<readonly Tenant[]>
  findByCode(code: string): Promise<Tenant | undefined>
  insert(tenant: Tenant): Promise<void>
  /** Replaces name, domains, language, time zone and settings. */
  update(tenant: Tenant): Promise<void>
  /** Serialises `apply` and key creation for one tenant until the transaction ends. False: no such tenant. */
  lock(tenantId: string): Promise<boolean>
}

export interface UserFilter {
  readonly organizationId?: string
  /** Strictly later, Unix milliseconds. */
  readonly updatedAfter?: number
}

/** `locked` and `lockedUntil` come from the sign-in failures. */
export interface UserView extends User {
  readonly locked: boolean
}

export interface UserRepository {
  find(tenantId: string, userId: string): Promise<UserView | undefined>
  /** By the normalised name. */
  findByUserName(tenantId: string, userName: string): Promise<UserView | undefined>
  /** Ordered by id. `pageIndex` from 0. */
  list(
    tenantId: string,
    filter: UserFilter,
    page: { readonly pageIndex: number; readonly pageSize: number },
  ): Promise<{ readonly total: number; readonly users: readonly UserView[] }>
  /** All of a tenant, in id order, for `apply`; `afterId` pages through them. */
  listWithCredentials(
    tenantId: string,
    afterId: string | undefined,
    limit: number,
  ): Promise<readonly UserWithCredential[]>
  findWithCredential(tenantId: string, userId: string): Promise<UserWithCredential | undefined>
  /** Takes the user's row lock (first in the lock order) and reads it. */
  lock(tenantId: string, userId: string): Promise<UserWithCredential | undefined>
  insert(user: UserWithCredential): Promise<void>
  /** All with an administrative role. */
  listAdministrators(tenantId: string): Promise<readonly User[]>
  /**
   * Replaces everything of User but the credential, createdAt and the sign-in facts; a contact that is another one
   * afterwards has changed now, by the store's clock.
   */
  update(user: User): Promise<void>
  delete(tenantId: string, userId: string): Promise<void>
  setDisabled(tenantId: string, userId: string, disabled: boolean, updatedAt: number): Promise<void>
  /**
   * Replaces digest, reset id and must-change (salt and parameters when given); the version has grown by one.
   * Returns the new version.
   */
  replaceCredential(tenantId: string, userId: string, change: CredentialChange): Promise<number>
  /** The same password under another salt: nothing else of the credential changes, nor does the version. */
  rehashCredential(
    tenantId: string,
    userId: string,
    rehashed: { readonly digest: string; readonly salt: string; readonly parameters: string },
  ): Promise<void>
  /** The version has grown by one and nothing else changed. */
  bumpCredentialVersion(tenantId: string, userId: string): Promise<number>
  /** Next number of the user's resets; call under the lock. */
  nextResetSequence(tenantId: string, userId: string): Promise<number>
  recordSignIn(tenantId: string, userId: string, at: number, address: string | undefined): Promise<void>
  /** Puts the present password, if any, into the history, and keeps the newest `keep`; call before replaceCredential. */
  rememberPassword(tenantId: string, userId: string, replacedAt: number, keep: number): Promise<void>
  /** Newest first; salt in base64, digest as in `Credential`. */
  listPasswordHistory(
    tenantId: string,
    userId: string,
    limit: number,
  ): Promise<readonly Pick<Credential & { readonly digest: string }, 'digest' | 'salt' | 'parameters'>[]>
  /**
   * User, credential, the secrets that may be tried, and the clock, in one statement (rule 13). The name is tried as
   * user name, then as e-mail address, then as mobile number; keys come from `core/users/sign-in-keys.ts`.
   */
  findForSignIn(tenantId: string, keys: SignInKeys): Promise<SignInView | undefined>
  /** The same by user id, for paths that know who it is. */
  findForSignInById(tenantId: string, userId: string): Promise<SignInView | undefined>
}

export interface CredentialChange {
  /** Base64, or an imported hash; undefined: no password. */
  readonly digest: string | undefined
  readonly resetId: string | undefined
  readonly mustChangePassword: boolean
  readonly changedAt: number
  readonly salt?: string
  readonly parameters?: string
}

export interface SignInKeys {
  readonly userNameKey: string
  readonly emailKey: string
  /** Undefined: what was typed is no phone number. */
  readonly mobile: string | undefined
}

/** A reset whose digest is still known: redeemable ones, the one that is the current password, and those only recognised. */
export interface SignInSecret {
  readonly resetId: string
  readonly sequence: number
  readonly state: ResetState
  readonly digest: string
  readonly deadlineAt: number
  readonly promotedAt: number | undefined
}

export interface SignInView {
  readonly user: UserWithCredential
  /** Newest first. */
  readonly secrets: readonly SignInSecret[]
  readonly now: number
}

export interface ApplicationRepository {
  list(tenantId: string): Promise<readonly Application[]>
  findByClientId(tenantId: string, clientId: string): Promise<Application | undefined>
  find(tenantId: string, applicationId: string): Promise<Application | undefined>
  insert(application: Application, now: number): Promise<void>
  update(application: Application, now: number): Promise<void>
  /** True afterwards: its resets are stopped since `at`; undefined: they go on. */
  stopResets(tenantId: string, applicationId: string, at: number | undefined): Promise<void>
  delete(tenantId: string, applicationId: string): Promise<void>
}

export interface AccessToken {
  readonly tenantId: string
  /** SHA-256, hex. */
  readonly tokenDigest: string
  readonly applicationId: string
  readonly applicationVersion: number
  readonly issuedAt: number
  readonly expiresAt: number
}

export interface AccessTokenRepository {
  /** False: the application is gone or was changed since it was read, and there is no token. */
  insert(token: AccessToken): Promise<boolean>
  /** With its application, in one statement; expired ones and those of an older application version included. */
  findWithApplication(
    tenantId: string,
    tokenDigest: string,
  ): Promise<
    { readonly token: AccessToken; readonly application: Application; readonly now: number } | undefined
  >
  /** Removes at most `limit` expired rows; how many. */
  deleteExpiredOfAllTenants(now: number, limit: number): Promise<number>
}

export interface SigningKey {
  readonly tenantId: string
  readonly keyId: string
  /** PKCS#8 PEM, sealed (`store/seal.ts`). */
  readonly privateKeySealed: string
  /** JWK as JSON. */
  readonly publicKeyJwk: string
  readonly createdAt: number
}

export interface SigningKeyRepository {
  /** Newest first: the first signs, all verify. */
  list(tenantId: string): Promise<readonly SigningKey[]>
  insert(key: SigningKey): Promise<void>
}

export interface GatewayRow {
  readonly tenantId: string
  readonly name: string
  readonly channel: Channel
  readonly kind: string
  /** Smaller first; equal: by name. */
  readonly priority: number
  /** JSON of the kind's settings; its secrets stand sealed inside. */
  readonly settings: string
  readonly disabled: boolean
  /** Changes with every change of the row. */
  readonly version: number
}

export interface GatewayRepository {
  list(tenantId: string): Promise<readonly GatewayRow[]>
  /** Inserts or replaces by name. */
  put(gateway: GatewayRow): Promise<void>
  delete(tenantId: string, name: string): Promise<void>
}

export interface TemplateRow {
  readonly tenantId: string
  readonly event: string
  readonly channel: Channel
  readonly language: Language
  readonly subject: string | undefined
  readonly text: string
  readonly html: string | undefined
}

export interface TemplateRepository {
  list(tenantId: string): Promise<readonly TemplateRow[]>
  put(template: TemplateRow): Promise<void>
  delete(tenantId: string, key: Pick<TemplateRow, 'event' | 'channel' | 'language'>): Promise<void>
}

/** Columns of a reset that may change; `undefined` as a value clears the column, an absent key leaves it. */
export type ResetChanges = {
  readonly [K in
    | 'state'
    | 'digest'
    | 'leaseToken'
    | 'leaseExpiresAt'
    | 'detail'
    | 'gateway'
    | 'settledAt'
    | 'acceptedAt'
    | 'promotedAt'
    | 'usedAt']?: Reset[K] | undefined
}

export interface ResetAttempt {
  readonly tenantId: string
  readonly resetId: string
  /** From 1. */
  readonly ordinal: number
  readonly gateway: string
  readonly startedAt: number
  readonly endedAt: number | undefined
  readonly outcome: string | undefined
  readonly reason: string | undefined
  /** Scrubbed, ≤ 200 characters. */
  readonly reply: string | undefined
}

export interface ResetRepository extends ResetLimitsStore, ResetRetentionStore {
  find(tenantId: string, resetId: string): Promise<Reset | undefined>
  /** The one in `prepared` or `sending`. */
  findInFlight(tenantId: string, userId: string): Promise<Reset | undefined>
  /** Open ones, newest first. */
  listOpen(tenantId: string, userId: string): Promise<readonly Reset[]>
  /** All of a user, newest first. */
  list(tenantId: string, userId: string, limit: number): Promise<readonly Reset[]>
  /** @throws DuplicateError `resets_in_flight` when the user has one in flight */
  insert(reset: Reset): Promise<void>
  /** Compare-and-set: changes the row only if its state (and lease token, when given) is as expected; whether it did. */
  change(
    tenantId: string,
    resetId: string,
    expected: { readonly states: readonly ResetState[]; readonly leaseToken?: string | undefined },
    changes: ResetChanges,
  ): Promise<boolean>
  /** Erases the digests of superseded and expired resets of a user beyond the newest `keep`. */
  forgetOldSecrets(tenantId: string, userId: string, keep: number): Promise<void>
  insertAttempt(attempt: ResetAttempt): Promise<void>
  endAttempt(
    tenantId: string,
    resetId: string,
    ordinal: number,
    end: Pick<ResetAttempt, 'endedAt' | 'outcome' | 'reason' | 'reply'>,
  ): Promise<void>
  listAttempts(tenantId: string, resetId: string): Promise<readonly ResetAttempt[]>
  /** In flight with a lease that ended before `now`. */
  listExpiredLeasesOfAllTenants(now: number, limit: number): Promise<readonly Reset[]>
  /** `unknown`, `accepted` or `used` with a deadline before `now`. */
  listPastDeadlineOfAllTenants(now: number, limit: number): Promise<readonly Reset[]>
  /** Erases digests of superseded and expired resets whose deadline is before `before`; how many. */
  forgetSecretsOfAllTenants(before: number, limit: number): Promise<number>
}

/** Counts of wrong passwords. Names that nobody has are counted alike, so that answers do not tell who exists. */
export interface SignInFailures {
  readonly tenantId: string
  /** `user:{id}`, or `name:{keyed hash of the name}` for a name nobody has. */
  readonly subject: string
  readonly failedCount: number
  readonly lastFailedAt: number
  readonly lockedUntil: number | undefined
}

export interface SignInFailureRepository {
  find(tenantId: string, subject: string): Promise<SignInFailures | undefined>
  /**
   * Serialises changes of this subject until the transaction ends, for subjects without a user's row to lock, and
   * reads it and the clock. The row is there afterwards: new ones with a count of 0 and both times 0 or absent.
   */
  lock(tenantId: string, subject: string): Promise<SignInFailures & { readonly now: number }>
  put(failures: SignInFailures): Promise<void>
  clear(tenantId: string, subject: string): Promise<void>
  /** Removes rows whose lock and last failure are before `before`. */
  deleteOldOfAllTenants(before: number, limit: number): Promise<number>
}

export type AuditEntry = AuditRow & { readonly id: string; readonly at: number }

export interface AuditRepository {
  append(row: AuditRow): Promise<void>
  /** Newest first, at most `limit`. */
  list(tenantId: string, limit: number): Promise<readonly AuditEntry[]>
  /** What is on record about one target within a span of time, oldest first. The span bounds the cost: keep it short. */
  listOfTarget(
    tenantId: string,
    targetId: string,
    span: { readonly from: number; readonly until: number },
  ): Promise<readonly AuditEntry[]>
}
