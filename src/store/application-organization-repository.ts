import { sql } from 'kysely'
import { normaliseKey } from '../core/users/normalise-key.ts'
import type {
  ApplicationOrganization,
  ApplicationOrganizationKey,
  ApplicationOrganizationRepository,
} from './application-organization-store.ts'
import type { StoreContext } from './context.ts'
import { known, orNull } from './row-values.ts'
import type { ApplicationOrganizationTable } from './tables.ts'

const columns = [
  'tenant_id',
  'application_id',
  'id',
  'code',
  'name',
  'parent_id',
  'created_at',
  'updated_at',
] as const satisfies readonly (keyof ApplicationOrganizationTable)[]

export function createApplicationOrganizationRepository(
  context: StoreContext,
): ApplicationOrganizationRepository {
  return {
    ...createReadingMethods(context),
    ...createTreeMethods(context),
    ...createWritingMethods(context),
  }
}

type Reading = 'find' | 'keepByCode' | 'lock' | 'listPage'
type Tree = 'findPath' | 'countLevels' | 'hasChildren' | 'hasAccounts'
type Writing = 'insert' | 'update' | 'delete'

function createReadingMethods({
  db,
  dialect,
}: StoreContext): Pick<ApplicationOrganizationRepository, Reading> {
  const organizations = (tenantId: string, applicationId: string) =>
    db
      .selectFrom('application_organizations')
      .where('tenant_id', '=', tenantId)
      .where('application_id', '=', applicationId)
  return {
    async find({ tenantId, applicationId, organizationId }) {
      const row = await organizations(tenantId, applicationId)
        .select(columns)
        .where('id', '=', organizationId)
        .executeTakeFirst()
      return row && toOrganization(row)
    },

    async keepByCode(tenantId, applicationId, code) {
      const row = await organizations(tenantId, applicationId)
        .select('id')
        .where('code_key', '=', normaliseKey(code))
        // the weakest lock that a removal waits for
        .$if(dialect.hasRowLocks, (query) => query.forKeyShare())
        .executeTakeFirst()
      return row?.id
    },

    async lock({ tenantId, applicationId, organizationId }) {
      const row = await organizations(tenantId, applicationId)
        .select('id')
        .where('id', '=', organizationId)
        .$if(dialect.hasRowLocks, (query) => query.forUpdate())
        .executeTakeFirst()
      return row !== undefined
    },

    async listPage(tenantId, applicationId, page) {
      const counting = organizations(tenantId, applicationId)
        .select(({ fn }) => fn.countAll<number>().as('total'))
        .executeTakeFirst()
      const reading = organizations(tenantId, applicationId)
        .select(columns)
        .orderBy('id')
        .limit(page.pageSize)
        .offset(page.pageIndex * page.pageSize)
        .execute()
      const [counted, rows] = await Promise.all([counting, reading])
      return { total: counted?.total ?? 0, organizations: rows.map(toOrganization) }
    },
  }
}

function createTreeMethods({ db }: StoreContext): Pick<ApplicationOrganizationRepository, Tree> {
  return {
    async findPath({ tenantId, applicationId, organizationId }) {
      const { rows } = await sql<{ id: string }>`
        with recursive above (id, parent_id, depth) as (
          select id, parent_id, 1 from application_organizations
          where tenant_id = ${tenantId} and application_id = ${applicationId} and id = ${organizationId}
          union all
          select parent.id, parent.parent_id, above.depth + 1
          from above cross join application_organizations as parent
          where parent.tenant_id = ${tenantId} and parent.application_id = ${applicationId}
            and parent.id = above.parent_id
        )
        select id from above order by depth`.execute(db)
      return rows.length === 0 ? undefined : rows.map(({ id }) => id)
    },

    async countLevels({ tenantId, applicationId, organizationId }) {
      // CROSS: SQLite keeps the order, and looks children up by their parent
      const { rows } = await sql<{ levels: number }>`
        with recursive below (id, depth) as (
          select id, 1 from application_organizations
          where tenant_id = ${tenantId} and application_id = ${applicationId} and id = ${organizationId}
          union all
          select child.id, below.depth + 1
          from below cross join application_organizations as child
          where child.tenant_id = ${tenantId} and child.application_id = ${applicationId}
            and child.parent_id = below.id
        )
        select max(depth) as levels from below`.execute(db)
      return rows[0]?.levels ?? 0
    },

    async hasChildren({ tenantId, applicationId, organizationId }) {
      const child = await db
        .selectFrom('application_organizations')
        .select('id')
        .where('tenant_id', '=', tenantId)
        .where('application_id', '=', applicationId)
        .where('parent_id', '=', organizationId)
        .limit(1)
        .executeTakeFirst()
      return child !== undefined
    },

    async hasAccounts({ tenantId, applicationId, organizationId }) {
      const account = await db
        .selectFrom('accounts')
        .select('id')
        .where('tenant_id', '=', tenantId)
        .where('application_id', '=', applicationId)
        .where('organization_id', '=', organizationId)
        .limit(1)
        .executeTakeFirst()
      return account !== undefined
    },
  }
}

function createWritingMethods({ db }: StoreContext): Pick<ApplicationOrganizationRepository, Writing> {
  return {
    /** The organisation is there. @throws DuplicateError `application_organizations_code` */
    async insert(organization) {
      await db
        .insertInto('application_organizations')
        .values({
          tenant_id: organization.tenantId,
          application_id: organization.applicationId,
          id: organization.id,
          code: organization.code,
          code_key: normaliseKey(organization.code),
          name: organization.name,
          parent_id: orNull(organization.parentId),
          created_at: organization.createdAt,
          updated_at: organization.updatedAt,
        })
        .execute()
    },

    /** Name and parent are as given. */
    async update(organization) {
      await db
        .updateTable('application_organizations')
        .set({
          name: organization.name,
          parent_id: orNull(organization.parentId),
          updated_at: organization.updatedAt,
        })
        .where('tenant_id', '=', organization.tenantId)
        .where('application_id', '=', organization.applicationId)
        .where('id', '=', organization.id)
        .execute()
    },

    /** The organisation is gone; nothing stood below it and no account was in it. */
    async delete({ tenantId, applicationId, organizationId }: ApplicationOrganizationKey) {
      await db
        .deleteFrom('application_organizations')
        .where('tenant_id', '=', tenantId)
        .where('application_id', '=', applicationId)
        .where('id', '=', organizationId)
        .execute()
    },
  }
}

function toOrganization(row: Omit<ApplicationOrganizationTable, 'code_key'>): ApplicationOrganization {
  return {
    tenantId: row.tenant_id,
    applicationId: row.application_id,
    id: row.id,
    code: row.code,
    name: row.name,
    parentId: known(row.parent_id),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }
}
