import { type Kysely, sql } from 'kysely'

/**
 * Indexes that limits are counted in: newest first, and none holds a failed reset, because those give their place
 * back. Each is usable only by statements that say its condition literally.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create index resets_user_prepared_at on resets (tenant_id, user_id, prepared_at)`.execute(db)
  await sql`create index resets_destination on resets (tenant_id, destination_mac, prepared_at)
    where state <> 'failed'`.execute(db)
  await sql`create index resets_application on resets (tenant_id, application_id, prepared_at)
    where state <> 'failed'`.execute(db)
  await sql`create index resets_sms on resets (tenant_id, prepared_at)
    where send_mode = 'SMS' and state <> 'failed'`.execute(db)
}
