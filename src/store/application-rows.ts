import { sql } from 'kysely'
import type { Application, ObjectModels } from '../core/applications/application.ts'
import { expandGrants, type Grants } from '../core/permissions/permission-bundle.ts'
import type { PermissionCode } from '../core/permissions/permission-codes.ts'
import { flag, known, orNull } from './row-values.ts'
import type { ApplicationTable } from './tables.ts'

export const applicationColumns = [
  'applications.tenant_id',
  'applications.id',
  'applications.client_id',
  'applications.name',
  'applications.secret_digest',
  'applications.permissions_json',
  'applications.disabled',
  'applications.token_lifetime_seconds',
  'applications.version',
  'applications.may_change_administrators',
  'applications.resets_stopped_at',
  'applications.object_models_json',
  'applications.reset_organizations_json',
  'applications.allowed_addresses_json',
] as const

/**
 * The bundles of an application, `[code, [permission, …]]` with commas between: asked for with the application, so that
 * what it may do is read at one moment. NULL: it has none. Not a join: what an application has is looked up first then,
 * and never what bundles its tenant has.
 */
export const bundlesOfApplication = sql<string | null>`(
  select string_agg((
    select '["' || permission_bundles.code || '",' || permission_bundles.permissions_json || ']'
    from permission_bundles
    where permission_bundles.tenant_id = application_bundles.tenant_id
      and permission_bundles.code = application_bundles.bundle_code), ',')
  from application_bundles
  where application_bundles.tenant_id = applications.tenant_id
    and application_bundles.application_id = applications.id)`.as('bundles')

type WrittenRow = Omit<ApplicationTable, 'created_at' | 'updated_at'>
export type ApplicationRow = WrittenRow & { readonly bundles: string | null }

/** `permissions` is not written: it follows from the grants. */
export function toRow(application: Application): WrittenRow {
  return {
    tenant_id: application.tenantId,
    id: application.id,
    client_id: application.clientId,
    name: application.name,
    secret_digest: application.secretDigest,
    permissions_json: JSON.stringify(application.grants.codes),
    disabled: flag(application.disabled),
    token_lifetime_seconds: application.tokenLifetimeSeconds,
    version: application.version,
    may_change_administrators: flag(application.mayChangeAdministrators),
    resets_stopped_at: orNull(application.resetsStoppedAt),
    object_models_json: JSON.stringify(application.objectModels),
    reset_organizations_json:
      application.resetOrganizationIds === undefined
        ? null
        : JSON.stringify(application.resetOrganizationIds),
    allowed_addresses_json: JSON.stringify(application.allowedAddresses),
  }
}

export function toApplication(row: ApplicationRow): Application {
  const codes = JSON.parse(row.permissions_json) as readonly PermissionCode[]
  return {
    tenantId: row.tenant_id,
    id: row.id,
    clientId: row.client_id,
    name: row.name,
    secretDigest: row.secret_digest,
    ...withBundles(codes, row.bundles),
    allowedAddresses: JSON.parse(row.allowed_addresses_json) as readonly string[],
    disabled: row.disabled === 1,
    tokenLifetimeSeconds: row.token_lifetime_seconds,
    version: row.version,
    mayChangeAdministrators: row.may_change_administrators === 1,
    resetsStoppedAt: known(row.resets_stopped_at),
    objectModels: JSON.parse(row.object_models_json) as ObjectModels,
    resetOrganizationIds:
      row.reset_organizations_json === null
        ? undefined
        : (JSON.parse(row.reset_organizations_json) as readonly string[]),
  }
}

function withBundles(
  codes: readonly PermissionCode[],
  bundles: string | null,
): Pick<Application, 'grants' | 'permissions'> {
  if (bundles === null) {
    return { grants: { codes, bundles: [] }, permissions: codes }
  }
  const found = JSON.parse(`[${bundles}]`) as readonly (readonly [string, readonly PermissionCode[]])[]
  const known = new Map(found.map(([code, permissions]) => [code, { permissions }]))
  const grants: Grants = { codes, bundles: [...known.keys()].toSorted() }
  return { grants, permissions: expandGrants(grants, known) }
}
