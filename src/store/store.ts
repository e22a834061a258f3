import type { AuditRow } from '../audit/audit-row.ts'
import type { Language, Tenant, TenantSettings } from '../core/tenants/tenant.ts'
import type { Channel } from '../messaging/gateway.ts'
import type { AccountRepository } from './account-store.ts'
import type { ApplicationOrganizationRepository } from './application-organization-store.ts'
import type { ApplicationRoleRepository } from './application-role-store.ts'
import type {
  AccessTokenRepository,
  AddressRefusalRepository,
  ApplicationRepository,
  PermissionBundleRepository,
  SigningKeyRepository,
} from './application-store.ts'
import type { AuditChainRepository } from './audit-chain-store.ts'
import type { CodeRepository, CodeRequestRepository } from './code-store.ts'
import type { FirstPasswordRepository } from './first-password-store.ts'
import type { IdempotencyKeyRepository } from './idempotency-keys-store.ts'
import type { NoticeRepository } from './notices-store.ts'
import type { OrganizationRepository } from './organization-store.ts'
import type { ResetRepository } from './reset-store.ts'
import type { SessionRepository } from './session-store.ts'
import type { SessionTicketRepository } from './session-ticket-repository.ts'
import type { UniqueAttributeRepository } from './unique-attributes-store.ts'
import type { UsedCaptchaRepository } from './used-captcha-repository.ts'
import type { UserImportRepository } from './user-import-store.ts'
import type { UserRepository } from './user-store.ts'
import type { WebhookDeliveryRepository, WebhookRepository } from './webhook-store.ts'

export type { Account, AccountKey, AccountUser } from './account-store.ts'
export type {
  ApplicationOrganization,
  ApplicationOrganizationKey,
  ApplicationOrganizationRepository,
} from './application-organization-store.ts'
export type { ApplicationRole, RoleKey } from './application-role-store.ts'
export type {
  AccessToken,
  AccessTokenRepository,
  ApplicationRepository,
  SigningKey,
  SigningKeyRepository,
} from './application-store.ts'
export type { Organization, OrganizationRepository } from './organization-store.ts'
export type { ResetAttempt, ResetChanges, ResetRepository } from './reset-store.ts'
export type {
  Session,
  SessionEntry,
  SessionRepository,
  StateToken,
  StateTokenPurpose,
} from './session-store.ts'
export type {
  CredentialChange,
  SignInKeys,
  SignInSecret,
  SignInView,
  UserFilter,
  UserKeys,
  UserRepository,
  UserView,
} from './user-store.ts'

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
  readonly uniqueAttributes: UniqueAttributeRepository
  readonly applications: ApplicationRepository
  readonly applicationOrganizations: ApplicationOrganizationRepository
  readonly applicationRoles: ApplicationRoleRepository
  readonly accounts: AccountRepository
  readonly permissionBundles: PermissionBundleRepository
  readonly addressRefusals: AddressRefusalRepository
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
  readonly codeRequests: CodeRequestRepository
  readonly codes: CodeRepository
  readonly usedCaptchas: UsedCaptchaRepository
  readonly sessionTickets: SessionTicketRepository
  readonly userImports: UserImportRepository
  readonly firstPasswords: FirstPasswordRepository
  readonly webhooks: WebhookRepository
  readonly webhookDeliveries: WebhookDeliveryRepository
}

export interface TenantRepository {
  list(): Promise<readonly Tenant[]>
  find(tenantId: string): Promise<Tenant | undefined>
  findByCode(code: string): Promise<Tenant | undefined>
  insert(tenant: Tenant): Promise<void>
  /** Replaces name, domains, language, time zone and settings. */
  update(tenant: Tenant): Promise<void>
  updateSettings(tenantId: string, settings: TenantSettings): Promise<void>
  /** Serialises `apply`, changes of settings and key creation for one tenant until the transaction ends. False: no such tenant. */
  lock(tenantId: string): Promise<boolean>
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

/** Counts of wrong passwords. Names that nobody has are counted alike, so that answers do not tell who exists. */
export interface SignInFailures {
  readonly tenantId: string
  /** `user:{id}`, or `name:{keyed hash of the name}` for a name nobody has. */
  readonly subject: string
  readonly failedCount: number
  readonly lastFailedAt: number
  readonly lockedUntil: number | undefined
}

/** A lock-out that nobody looked at for a notice yet. */
export interface UntoldLock {
  readonly tenantId: string
  readonly subject: string
  readonly lockedUntil: number
  /** Of the last failure: it locked. */
  readonly lockedAt: number
  /** When a notice was last due. */
  readonly toldAt: number | undefined
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
  /** Those that end first come first. */
  listUntoldOfAllTenants(limit: number): Promise<readonly UntoldLock[]>
  /** True: nobody looks at this lock again. False: it ended, or somebody else was faster. */
  markTold(lock: UntoldLock, toldAt: number | undefined): Promise<boolean>
  /** Removes rows whose lock and last failure are before `before`. */
  deleteOldOfAllTenants(before: number, limit: number): Promise<number>
}

export type AuditEntry = AuditRow & { readonly id: string; readonly at: number }

export interface AuditRepository {
  append(row: AuditRow): Promise<void>
  /** In their order. */
  appendAll(rows: readonly AuditRow[]): Promise<void>
  /** Newest first, at most `limit`. */
  list(tenantId: string, limit: number): Promise<readonly AuditEntry[]>
  /** What is on record about one user, newest first, at most `limit`. */
  listOfUser(tenantId: string, userId: string, limit: number): Promise<readonly AuditEntry[]>
  /** What is on record about one target within a span of time, oldest first. The span bounds the cost: keep it short. */
  listOfTarget(
    tenantId: string,
    targetId: string,
    span: { readonly from: number; readonly until: number },
  ): Promise<readonly AuditEntry[]>
}
