import { sql } from 'kysely'
import type { StoreContext } from './context.ts'
import { claimChangeTime, readCount } from './counts.ts'
import { type OrganizationRow, organizationColumns, toOrganization } from './organization-rows.ts'
import type { OrganizationFilter, OrganizationTreeStore } from './organization-store.ts'

/** Between the ids of a path, and after the last. */
const SEPARATOR = '/'
/** The next character: what begins with a path ends before the path with this at its end. */
const AFTER_SEPARATOR = '0'

export function createOrganizationTree(context: StoreContext): OrganizationTreeStore {
  return { ...createReadingMethods(context), ...createLocks(context), ...createPlaces(context) }
}

type Reading = 'listPage' | 'findPath' | 'countLevels' | 'hasChildren' | 'hasMembers'
type Locks = 'lock' | 'lockForMember' | 'claimChangeTime'
type Places = 'settlePlace' | 'settleTree'

function createReadingMethods(context: StoreContext): Pick<OrganizationTreeStore, Reading> {
  const { db } = context
  return {
    listPage: (tenantId, filter, page) => listPage(context, tenantId, filter, page),

    async findPath(tenantId, organizationId) {
      const path = await readPath(context, tenantId, organizationId)
      return path?.split(SEPARATOR).slice(0, -1)
    },

    async countLevels(tenantId, organizationId) {
      const path = (await readPath(context, tenantId, organizationId)) ?? ''
      const deepest = await db
        .selectFrom('organizations')
        .select(sql<number>`max(length(path) - length(replace(path, ${SEPARATOR}, '')))`.as('depth'))
        .where('tenant_id', '=', tenantId)
        .where('path', '>=', path)
        .where('path', '<', endOf(path))
        .executeTakeFirst()
      return (deepest?.depth ?? 0) - path.split(SEPARATOR).length + 2
    },

    async hasChildren(tenantId, organizationId) {
      const child = await db
        .selectFrom('organizations')
        .select('id')
        .where('tenant_id', '=', tenantId)
        .where('parent_id', '=', organizationId)
        .limit(1)
        .executeTakeFirst()
      return child !== undefined
    },

    async hasMembers(tenantId, organizationId) {
      const member = await db
        .selectFrom('users')
        .select('id')
        .where('tenant_id', '=', tenantId)
        .where('organization_id', '=', organizationId)
        .limit(1)
        .executeTakeFirst()
      return member !== undefined || (await hasRelations(context, tenantId, organizationId))
    },
  }
}

function createLocks(context: StoreContext): Pick<OrganizationTreeStore, Locks> {
  const { db, dialect } = context
  return {
    async lock(tenantId, organizationId) {
      const row = await db
        .selectFrom('organizations')
        .select(organizationColumns)
        .where('tenant_id', '=', tenantId)
        .where('id', '=', organizationId)
        .$if(dialect.hasRowLocks, (query) => query.forUpdate())
        .executeTakeFirst()
      return row && toOrganization(row)
    },

    async lockForMember(tenantId, organizationId) {
      const row = await db
        .selectFrom('organizations')
        .select('id')
        .where('tenant_id', '=', tenantId)
        .where('id', '=', organizationId)
        // the weakest lock that a removal waits for: members do not wait for each other, nor for other changes
        .$if(dialect.hasRowLocks, (query) => query.forKeyShare())
        .executeTakeFirst()
      return row !== undefined
    },

    claimChangeTime: (tenantId) => claimChangeTime(context, tenantId, 'organization'),
  }
}

function createPlaces(context: StoreContext): Pick<OrganizationTreeStore, Places> {
  const { db } = context
  return {
    async settlePlace(tenantId, organizationId, at) {
      const path = await readPath(context, tenantId, organizationId)
      const wanted = await wantedPath(context, tenantId, organizationId)
      if (path === undefined || path === wanted) {
        return 0
      }
      const moved = await db
        .updateTable('organizations')
        .set({ path: sql<string>`${wanted} || substr(path, ${path.length + 1})`, updated_at: at })
        .where('tenant_id', '=', tenantId)
        .where('path', '>=', path)
        .where('path', '<', endOf(path))
        .executeTakeFirst()
      return Number(moved.numUpdatedRows)
    },

    async settleTree(tenantId, at) {
      // CROSS: SQLite keeps the order, and looks children up by their parent instead of walking all for each level
      await sql`
        with recursive places (id, path) as (
          select id, id || ${SEPARATOR} from organizations where tenant_id = ${tenantId} and parent_id is null
          union all
          select child.id, places.path || child.id || ${SEPARATOR}
          from places cross join organizations as child
          where child.tenant_id = ${tenantId} and child.parent_id = places.id
        )
        update organizations set path = places.path, updated_at = ${at} from places
        where organizations.tenant_id = ${tenantId} and organizations.id = places.id
          and organizations.path <> places.path`.execute(db)
    },
  }
}

/** Whether somebody is in it beside their main organisation. */
async function hasRelations(
  { db }: StoreContext,
  tenantId: string,
  organizationId: string,
): Promise<boolean> {
  const relation = await db
    .selectFrom('user_relations')
    .select('user_id')
    .where('tenant_id', '=', tenantId)
    .where('organization_id', '=', organizationId)
    .limit(1)
    .executeTakeFirst()
  return relation !== undefined
}

async function listPage(
  context: StoreContext,
  tenantId: string,
  filter: OrganizationFilter,
  page: { readonly pageIndex: number; readonly pageSize: number },
): ReturnType<OrganizationTreeStore['listPage']> {
  const { belowId, levels, updatedAfter } = filter
  const isOneLevel = levels === 'one'
  const above = belowId === undefined ? '' : await readPath(context, tenantId, belowId)
  if (above === undefined) {
    return { total: 0, organizations: [] }
  }
  const matching = context.db
    .selectFrom('organizations')
    .where('tenant_id', '=', tenantId)
    .$if(isOneLevel && belowId === undefined, (query) => query.where('parent_id', 'is', null))
    .$if(isOneLevel && belowId !== undefined, (query) => query.where('parent_id', '=', belowId ?? ''))
    .$if(!isOneLevel && above !== '', (query) => {
      // with a time, the changes since then are walked through, not all that is below
      const path = updatedAfter === undefined ? sql<string>`path` : sql<string>`(path || '')`
      return query.where(path, '>', above).where(path, '<', endOf(above))
    })
    .$if(updatedAfter !== undefined, (query) => query.where('updated_at', '>', updatedAfter ?? 0))
  const isUnfiltered = !isOneLevel && belowId === undefined && updatedAfter === undefined
  const counting = isUnfiltered
    ? readCount(context, tenantId, 'organization')
    : matching
        .select(({ fn }) => fn.countAll<number>().as('total'))
        .executeTakeFirst()
        .then((counted) => counted?.total ?? 0)
  const reading = matching
    .select(organizationColumns)
    .$if(updatedAfter !== undefined, (query) => query.orderBy('updated_at', 'desc').orderBy('id', 'desc'))
    .$if(updatedAfter === undefined && isOneLevel, (query) => query.orderBy('id'))
    .$if(updatedAfter === undefined && !isOneLevel, (query) => query.orderBy('path'))
    .limit(page.pageSize)
    .offset(page.pageIndex * page.pageSize)
    .execute()
  // together: one of them alone, left behind by a store that goes away, would end the process
  const [total, rows] = await Promise.all([counting, reading])
  return { total, organizations: rows.map((row: OrganizationRow) => toOrganization(row)) }
}

async function readPath(
  { db }: StoreContext,
  tenantId: string,
  organizationId: string,
): Promise<string | undefined> {
  const row = await db
    .selectFrom('organizations')
    .select('path')
    .where('tenant_id', '=', tenantId)
    .where('id', '=', organizationId)
    .executeTakeFirst()
  return row?.path
}

/** By its parent as the row has it. */
async function wantedPath(context: StoreContext, tenantId: string, organizationId: string): Promise<string> {
  const row = await context.db
    .selectFrom('organizations')
    .select('parent_id')
    .where('tenant_id', '=', tenantId)
    .where('id', '=', organizationId)
    .executeTakeFirst()
  return await pathBelow(context, tenantId, { id: organizationId, parentId: row?.parent_id ?? undefined })
}

export async function pathBelow(
  context: StoreContext,
  tenantId: string,
  { id, parentId }: { readonly id: string; readonly parentId: string | undefined },
): Promise<string> {
  const above = parentId === undefined ? undefined : await readPath(context, tenantId, parentId)
  return `${above ?? ''}${id}${SEPARATOR}`
}

function endOf(path: string): string {
  return path.slice(0, -1) + AFTER_SEPARATOR
}
