import { type Kysely, sql } from 'kysely'

/** Which lock-outs the user was told of, and the users who have no password, each found without a walk. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('sign_in_failures')
    .addColumn('told_until', 'bigint', (column) => column.notNull().defaultTo(0))
    .execute()
  await db.schema.alterTable('sign_in_failures').addColumn('told_at', 'bigint').execute()
  // nobody is told of what happened before
  await sql`update sign_in_failures set told_until = locked_until where locked_until is not null`.execute(db)
  await sql`create index sign_in_failures_untold on sign_in_failures (locked_until)
    where locked_until <> told_until`.execute(db)
  await sql`create index users_without_password on users (tenant_id, id)
    where credential_digest is null and disabled = 0`.execute(db)
}
