import type { Language } from '../core/tenants/tenant.ts'
import { normaliseKey } from '../core/users/normalise-key.ts'
import type { Organization } from './organization-store.ts'
import { flag, known, orNull } from './row-values.ts'
import type { OrganizationTable } from './tables.ts'

export const organizationColumns = [
  'tenant_id',
  'id',
  'code',
  'name',
  'parent_id',
  'category',
  'sequence',
  'language',
  'disabled',
  'extension_json',
  'created_at',
  'updated_at',
] as const satisfies readonly (keyof OrganizationTable)[]

export type OrganizationRow = Pick<OrganizationTable, (typeof organizationColumns)[number]>

export function toOrganizationRow(organization: Organization): Omit<OrganizationTable, 'path'> {
  return {
    tenant_id: organization.tenantId,
    id: organization.id,
    code: organization.code,
    code_key: normaliseKey(organization.code),
    name: organization.name,
    parent_id: orNull(organization.parentId),
    category: orNull(organization.category),
    sequence: orNull(organization.sequence),
    language: orNull(organization.language),
    disabled: flag(organization.disabled),
    extension_json: JSON.stringify(organization.extension),
    created_at: organization.createdAt,
    updated_at: organization.updatedAt,
  }
}

export function toOrganization(row: OrganizationRow): Organization {
  return {
    tenantId: row.tenant_id,
    id: row.id,
    code: row.code,
    name: row.name,
    parentId: known(row.parent_id),
    category: known(row.category),
    sequence: known(row.sequence),
    language: known(row.language) as Language | undefined,
    disabled: row.disabled === 1,
    extension: JSON.parse(row.extension_json) as Record<string, unknown>,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }
}
