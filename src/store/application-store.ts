import type { Application } from '../core/applications/application.ts'
import type { PermissionBundle } from '../core/permissions/permission-bundle.ts'

export interface ApplicationRepository {
  list(tenantId: string): Promise<readonly Application[]>
  findByClientId(tenantId: string, clientId: string): Promise<Application | undefined>
  find(tenantId: string, applicationId: string): Promise<Application | undefined>
  /** Until the transaction ends the application stays. Comes after a user's lock. Undefined: there is none. */
  keep(tenantId: string, applicationId: string): Promise<Application | undefined>
  /** The same, and nobody else holds this lock: for changes of the tree of its organisations. */
  lock(tenantId: string, applicationId: string): Promise<Application | undefined>
  insert(application: Application, now: number): Promise<void>
  update(application: Application, now: number): Promise<void>
  /** True afterwards: its resets are stopped since `at`; undefined: they go on. */
  stopResets(tenantId: string, applicationId: string, at: number | undefined): Promise<void>
  /** With its accounts, roles and organisations. */
  delete(tenantId: string, applicationId: string): Promise<void>
}

export interface PermissionBundleRepository {
  /** By code. */
  list(tenantId: string): Promise<readonly PermissionBundle[]>
  /** Inserts or replaces by code. */
  put(bundle: PermissionBundle): Promise<void>
  /** Only one that no application has. */
  delete(tenantId: string, code: string): Promise<void>
}

/** Calls of applications from addresses that they may not call from. */
export interface AddressRefusalRepository {
  /** Whether this refusal is to be put on record: true for one within `withinMs`, and for no application that is gone. */
  claim(tenantId: string, applicationId: string, withinMs: number): Promise<boolean>
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
