import { type Kysely, type RawBuilder, sql } from 'kysely'

interface ColumnTypes {
  readonly text: RawBuilder<unknown>
}

/**
 * Sessions of a browser end when nobody uses them, and employees see on what they are signed in and what became of their
 * account. Those that are stored are of applications: without a device, and they do not go idle.
 */
export async function up(db: Kysely<unknown>, { text }: ColumnTypes): Promise<void> {
  await sql`alter table sessions add column device ${text}`.execute(db)
  await sql`alter table sessions add column idle_seconds bigint`.execute(db)
  await sql`alter table sessions add column last_seen_at bigint`.execute(db)
  await sql`create index audit_rows_user on audit_rows (tenant_id, target_id, at, id)
    where target_kind = 'user'`.execute(db)
}
