import { type Kysely, type RawBuilder, sql } from 'kysely'

interface ColumnTypes {
  readonly text: RawBuilder<unknown>
}

/** Organisations beside a user's main one, how many users a tenant has, and their changes in order. */
export async function up(db: Kysely<unknown>, { text }: ColumnTypes): Promise<void> {
  await sql`alter table users add column relations_json ${text} not null default '[]'`.execute(db)
  await db.schema
    .createTable('user_relations')
    .addColumn('tenant_id', text, (column) => column.notNull())
    .addColumn('organization_id', text, (column) => column.notNull())
    .addColumn('user_id', text, (column) => column.notNull())
    .addPrimaryKeyConstraint('user_relations_pkey', ['tenant_id', 'organization_id', 'user_id'] as never[])
    .addForeignKeyConstraint(
      'user_relations_users',
      ['tenant_id', 'user_id'] as never[],
      'users',
      ['tenant_id', 'id'],
      (constraint) => constraint.onDelete('cascade'),
    )
    .execute()
  await sql`create index user_relations_user on user_relations (tenant_id, user_id)`.execute(db)
  await sql`drop index users_updated_at`.execute(db)
  await sql`create index users_updated_at on users (tenant_id, updated_at, id)`.execute(db)
  await sql`insert into counts (tenant_id, kind, total, changed_at)
    select tenant_id, 'user', count(*), max(updated_at) from users group by tenant_id`.execute(db)
}
