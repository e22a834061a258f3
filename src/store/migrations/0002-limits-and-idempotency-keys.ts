import { type Kysely, type RawBuilder, sql } from 'kysely'

interface ColumnTypes {
  readonly text: RawBuilder<unknown>
}

export async function up(db: Kysely<unknown>, { text }: ColumnTypes): Promise<void> {
  await createLimitIndexes(db)
  await db.schema
    .createTable('idempotency_keys')
    .addColumn('tenant_id', text, (column) => column.notNull())
    .addColumn('application_id', text, (column) => column.notNull())
    .addColumn('key_mac', text, (column) => column.notNull())
    .addColumn('fingerprint', text, (column) => column.notNull())
    .addColumn('reset_id', text, (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('idempotency_keys_pkey', ['tenant_id', 'application_id', 'key_mac'] as never[])
    .execute()
  await sql`create index idempotency_keys_created_at on idempotency_keys (created_at)`.execute(db)
}

/**
 * Indexes that limits are counted in: newest first, and none holds a failed reset, because those give their place
 * back. Each is usable only by statements that say its condition literally.
 */
async function createLimitIndexes(db: Kysely<unknown>): Promise<void> {
  await sql`create index resets_user_prepared_at on resets (tenant_id, user_id, prepared_at)`.execute(db)
  await sql`create index resets_destination on resets (tenant_id, destination_mac, prepared_at)
    where state <> 'failed'`.execute(db)
  await sql`create index resets_application on resets (tenant_id, application_id, prepared_at)
    where state <> 'failed'`.execute(db)
  await sql`create index resets_sms on resets (tenant_id, prepared_at)
    where send_mode = 'SMS' and state <> 'failed'`.execute(db)
}
