import { type Kysely, sql } from 'kysely'

/** What the guards around a reset look at: when contacts changed, who may change administrators, who is stopped. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const column of ['email_changed_at', 'mobile_changed_at']) {
    await db.schema.alterTable('users').addColumn(column, 'bigint').execute()
  }
  await sql`create index users_administrators on users (tenant_id, id)
    where administrator_role is not null`.execute(db)
  await db.schema
    .alterTable('applications')
    .addColumn('may_change_administrators', 'integer', (column) => column.notNull().defaultTo(0))
    .execute()
  await db.schema.alterTable('applications').addColumn('resets_stopped_at', 'bigint').execute()
}
