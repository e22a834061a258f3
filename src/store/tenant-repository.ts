import { completeSettings } from '../core/tenants/complete-settings.ts'
import type { Language, Tenant } from '../core/tenants/tenant.ts'
import { normaliseKey } from '../core/users/normalise-key.ts'
import type { StoreContext } from './context.ts'
import type { TenantRepository } from './store.ts'
import type { TenantTable } from './tables.ts'

export function createTenantRepository({ db, dialect }: StoreContext): TenantRepository {
  /** One row for each domain of a tenant, and one for a tenant without. */
  const tenants = () =>
    db
      .selectFrom('tenants')
      .leftJoin('tenant_domains', 'tenant_domains.tenant_id', 'tenants.id')
      .select([
        'tenants.id',
        'tenants.code',
        'tenants.name',
        'tenants.language',
        'tenants.time_zone',
        'tenants.settings_json',
        'tenant_domains.domain',
      ])
      .orderBy('tenants.id')
      .orderBy('tenant_domains.position')

  async function insertDomains(tenant: Tenant): Promise<void> {
    for (const [position, domain] of tenant.domains.entries()) {
      await db.insertInto('tenant_domains').values({ tenant_id: tenant.id, domain, position }).execute()
    }
  }

  return {
    list: async () => toTenants(await tenants().execute()),

    async find(tenantId) {
      return toTenants(await tenants().where('tenants.id', '=', tenantId).execute())[0]
    },

    async findByCode(code) {
      const rows = await tenants().where('tenants.code_key', '=', normaliseKey(code)).execute()
      return toTenants(rows)[0]
    },

    /** The tenant is there with its domains. @throws DuplicateError `tenants_code`, `tenant_domains_domain` */
    async insert(tenant) {
      await db
        .insertInto('tenants')
        .values({
          id: tenant.id,
          code: tenant.code,
          code_key: normaliseKey(tenant.code),
          ...changeable(tenant),
        })
        .execute()
      await insertDomains(tenant)
    },

    /** Everything but id and code is as given. @throws DuplicateError `tenant_domains_domain` */
    async update(tenant) {
      await db.updateTable('tenants').set(changeable(tenant)).where('id', '=', tenant.id).execute()
      await db.deleteFrom('tenant_domains').where('tenant_id', '=', tenant.id).execute()
      await insertDomains(tenant)
    },

    /** The settings are as given, and nothing else changed; call under the tenant's lock. */
    async updateSettings(tenantId, settings) {
      const stored = { settings_json: JSON.stringify(settings) }
      await db.updateTable('tenants').set(stored).where('id', '=', tenantId).execute()
    },

    async lock(tenantId) {
      const row = await db
        .selectFrom('tenants')
        .select('id')
        .where('id', '=', tenantId)
        // not FOR UPDATE: rows that only refer to the tenant need not wait
        .$if(dialect.hasRowLocks, (query) => query.forNoKeyUpdate())
        .executeTakeFirst()
      return row !== undefined
    },
  }
}

function changeable(tenant: Tenant): Omit<TenantTable, 'id' | 'code' | 'code_key'> {
  return {
    name: tenant.name,
    language: tenant.language,
    time_zone: tenant.timeZone,
    settings_json: JSON.stringify(tenant.settings),
  }
}

type TenantRow = Omit<TenantTable, 'code_key'> & { readonly domain: string | null }

function toTenants(rows: readonly TenantRow[]): readonly Tenant[] {
  const byId = Map.groupBy(rows, (row) => row.id)
  return [...byId.values()].flatMap(([row, ...others]) => {
    if (row === undefined) {
      return []
    }
    const domains = [row, ...others].flatMap(({ domain }) => (domain === null ? [] : [domain]))
    return [
      {
        id: row.id,
        code: row.code,
        name: row.name,
        domains,
        language: row.language as Language,
        timeZone: row.time_zone,
        settings: completeSettings(JSON.parse(row.settings_json)),
      },
    ]
  })
}
