import { type Kysely, type RawBuilder, sql } from 'kysely'

interface ColumnTypes {
  readonly text: RawBuilder<unknown>
}

/**
 * Where each organisation stands in its tenant's tree, and how many of a kind a tenant has. A path is the ids from the
 * root down to the organisation itself, each followed by `/`: whatever stands below begins with it.
 */
export async function up(db: Kysely<unknown>, { text }: ColumnTypes): Promise<void> {
  await sql`alter table organizations add column path ${text} not null default ''`.execute(db)
  await sql`create index organizations_parent on organizations (tenant_id, parent_id, id)`.execute(db)
  await fillPaths(db)
  await sql`create index organizations_path on organizations (tenant_id, path)`.execute(db)
  await sql`create index organizations_updated_at on organizations (tenant_id, updated_at, id)`.execute(db)
  await db.schema
    .createTable('counts')
    .addColumn('tenant_id', text, (column) => column.notNull())
    .addColumn('kind', text, (column) => column.notNull())
    .addColumn('total', 'bigint', (column) => column.notNull())
    .addColumn('changed_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('counts_pkey', ['tenant_id', 'kind'] as never[])
    .execute()
  await sql`insert into counts (tenant_id, kind, total, changed_at)
    select tenant_id, 'organization', count(*), max(updated_at) from organizations group by tenant_id`.execute(
    db,
  )
}

/** A parent that is not there counts as none. CROSS: SQLite keeps the order, and looks children up by their parent. */
async function fillPaths(db: Kysely<unknown>): Promise<void> {
  await sql`
    with recursive places (tenant_id, id, path) as (
      select tenant_id, id, id || '/' from organizations as root
      where not exists (
        select 1 from organizations as parent
        where parent.tenant_id = root.tenant_id and parent.id = root.parent_id)
      union all
      select child.tenant_id, child.id, places.path || child.id || '/'
      from places cross join organizations as child
      where child.tenant_id = places.tenant_id and child.parent_id = places.id
    )
    update organizations set path = places.path from places
    where organizations.tenant_id = places.tenant_id and organizations.id = places.id`.execute(db)
}
