import { createHash } from 'node:crypto'
import type { Application } from '../applications/application.ts'
import { expandGrants, type PermissionBundle, toGrants } from '../permissions/permission-bundle.ts'
import type { Secret } from '../secret.ts'
import { normaliseKey } from '../users/normalise-key.ts'
import type { ApplicationEntry } from './tenant-file-schema.ts'
import { type RowChange, removal, rowChange, settle } from './tenant-plan.ts'

const TOKEN_LIFETIME_SECONDS = 1_800 // the contract's default (contract, section 1)

export function planApplications(p: {
  readonly entries: readonly ApplicationEntry[] | undefined
  readonly stored: readonly Application[]
  readonly tenantId: string
  readonly isPruning: boolean
  readonly newId: () => string
  readonly organizationIds: ReadonlyMap<string, string>
  /** By code, as they will be. */
  readonly bundles: ReadonlyMap<string, PermissionBundle>
}): readonly (RowChange<Application> & { readonly kind: 'application' })[] {
  const byClientId = new Map(p.stored.map((row) => [row.clientId, row]))
  const named = new Set(p.entries?.map((entry) => entry.clientId))
  const removed =
    p.isPruning && p.entries !== undefined ? p.stored.filter((row) => !named.has(row.clientId)) : []
  const changes = (p.entries ?? []).flatMap((entry) => {
    const before = byClientId.get(entry.clientId)
    const after = applicationAfter(entry, before, p)
    const change = rowChange({ before, after, id: after.id, name: after.clientId, parts })
    return change === undefined ? [] : [change]
  })
  return [...changes, ...removed.map((row) => removal(row, row.id, row.clientId))].map((change) => ({
    kind: 'application',
    ...change,
  }))
}

function applicationAfter(
  entry: ApplicationEntry,
  before: Application | undefined,
  context: {
    readonly tenantId: string
    readonly newId: () => string
    readonly organizationIds: ReadonlyMap<string, string>
    readonly bundles: ReadonlyMap<string, PermissionBundle>
  },
): Application {
  const secretDigest = digestClientSecret(entry.clientSecret)
  const isNewSecret = before !== undefined && before.secretDigest !== secretDigest
  const grants = settle(entry.permissions && toGrants(entry.permissions), before?.grants, toGrants([]))
  return {
    tenantId: context.tenantId,
    id: before?.id ?? context.newId(),
    clientId: entry.clientId,
    name: entry.name,
    secretDigest,
    grants,
    permissions: expandGrants(grants, context.bundles),
    allowedAddresses: settle(entry.allowedAddresses, before?.allowedAddresses, []),
    disabled: before?.disabled ?? false,
    tokenLifetimeSeconds: settle(
      entry.tokenLifetimeSeconds,
      before?.tokenLifetimeSeconds,
      TOKEN_LIFETIME_SECONDS,
    ),
    mayChangeAdministrators: settle(entry.mayChangeAdministrators, before?.mayChangeAdministrators, false),
    resetOrganizationIds: settle(
      organizationIdsOf(entry, context.organizationIds),
      before?.resetOrganizationIds,
      undefined,
    ),
    resetsStoppedAt: before?.resetsStoppedAt,
    objectModels: {
      organizations: settle(entry.ownOrganizations, before?.objectModels.organizations, true),
      roles: settle(entry.ownRoles, before?.objectModels.roles, true),
      severalRoles: settle(entry.severalRoles, before?.objectModels.severalRoles, true),
    },
    version: (before?.version ?? 1) + (isNewSecret ? 1 : 0),
  }
}

/** Codes that nobody has are reported by the check of the plan, and let nobody in. */
function organizationIdsOf(
  { resetOrganizations }: ApplicationEntry,
  idByCode: ReadonlyMap<string, string>,
): readonly string[] | null | undefined {
  return resetOrganizations?.flatMap((code) => idByCode.get(normaliseKey(code)) ?? []) ?? resetOrganizations
}

function parts(row: Application): Readonly<Record<string, unknown>> {
  return {
    name: row.name,
    client_secret: row.secretDigest,
    permissions: [...row.grants.codes, ...row.grants.bundles].toSorted(),
    allowed_addresses: row.allowedAddresses.toSorted(),
    token_lifetime_seconds: row.tokenLifetimeSeconds,
    reset_organizations: row.resetOrganizationIds?.toSorted(),
    may_change_administrators: row.mayChangeAdministrators,
    own_organizations: row.objectModels.organizations,
    own_roles: row.objectModels.roles,
    several_roles: row.objectModels.severalRoles,
  }
}

/** SHA-256, hex: enough for a secret that is long and random. */
function digestClientSecret(secret: Secret): string {
  return createHash('sha256').update(secret.reveal()).digest('hex')
}
