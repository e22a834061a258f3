import type { Language } from '../core/tenants/tenant.ts'
import { normaliseKey } from '../core/users/normalise-key.ts'
import type { StoreContext } from './context.ts'
import { flag, known, orNull } from './row-values.ts'
import type { Organization, OrganizationRepository } from './store.ts'
import type { OrganizationTable } from './tables.ts'

const columns = [
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

export function createOrganizationRepository({ db }: StoreContext): OrganizationRepository {
  const organizations = (tenantId: string) =>
    db.selectFrom('organizations').select(columns).where('tenant_id', '=', tenantId)

  return {
    async list(tenantId) {
      return (await organizations(tenantId).orderBy('id').execute()).map(toOrganization)
    },

    async find(tenantId, organizationId) {
      const row = await organizations(tenantId).where('id', '=', organizationId).executeTakeFirst()
      return row && toOrganization(row)
    },

    /** The organisation is there. @throws DuplicateError `organizations_code` */
    async insert(organization) {
      await db.insertInto('organizations').values(toRow(organization)).execute()
    },

    /** Everything but the id and the time of creation is as given. @throws DuplicateError `organizations_code` */
    async update(organization) {
      const { tenant_id, id, created_at, ...changes } = toRow(organization)
      await db
        .updateTable('organizations')
        .set(changes)
        .where('tenant_id', '=', tenant_id)
        .where('id', '=', id)
        .execute()
    },

    async delete(tenantId, organizationId) {
      await db
        .deleteFrom('organizations')
        .where('tenant_id', '=', tenantId)
        .where('id', '=', organizationId)
        .execute()
    },
  }
}

function toRow(organization: Organization): OrganizationTable {
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

function toOrganization(row: Pick<OrganizationTable, (typeof columns)[number]>): Organization {
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
