import type { Grants } from '../permissions/permission-bundle.ts'
import type { PermissionCode } from '../permissions/permission-codes.ts'

/** What an application has of its own beside accounts (contract, sections 2.3 and 2.4: the object models). */
export interface ObjectModels {
  readonly organizations: boolean
  readonly roles: boolean
  /** An account may have more than one role. */
  readonly severalRoles: boolean
}

export interface Application {
  readonly tenantId: string
  readonly id: string
  readonly clientId: string
  readonly name: string
  /** SHA-256 of the client secret, hex. The secret is random and ≥ 20 characters, so that a fast hash is enough. */
  readonly secretDigest: string
  /** What it may do: codes that it has by themselves, and those of its bundles as these stand now. Follows from `grants`. */
  readonly permissions: readonly PermissionCode[]
  /** What is stored of its permissions. */
  readonly grants: Grants
  /** From where it may call, as the tenant file says it; empty: from everywhere. */
  readonly allowedAddresses: readonly string[]
  readonly disabled: boolean
  readonly tokenLifetimeSeconds: number
  /** An owner lets it change people with an administrative role. */
  readonly mayChangeAdministrators: boolean
  /** When an operator stopped its resets; undefined: they go on. `apply` leaves it as it is. */
  readonly resetsStoppedAt: number | undefined
  /** It resets only people whose main organisation stands in one of these branches; undefined: everybody. */
  readonly resetOrganizationIds: readonly string[] | undefined
  readonly objectModels: ObjectModels
  /** Grows when the secret changes or the application is disabled: older access tokens end. */
  readonly version: number
}
