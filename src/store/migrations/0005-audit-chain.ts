import { type Kysely, type RawBuilder, sql } from 'kysely'

interface ColumnTypes {
  readonly text: RawBuilder<unknown>
}

/**
 * Each audit row gets its place in its tenant's chain when it is sealed; until then both columns are NULL. Indexes of
 * a part of the rows are usable only by statements that say their condition literally.
 */
export async function up(db: Kysely<unknown>, { text }: ColumnTypes): Promise<void> {
  await sql`alter table audit_rows add column sequence bigint`.execute(db)
  await sql`alter table audit_rows add column digest ${text}`.execute(db)
  await sql`create unique index audit_rows_sequence on audit_rows (tenant_id, sequence)
    where sequence is not null`.execute(db)
  await sql`create index audit_rows_unsealed on audit_rows (tenant_id, at, id)
    where sequence is null`.execute(db)
  await createHeads(db, text)
  await sql`create index resets_removable on resets (tenant_id, prepared_at)
    where digest is null and state in ('failed', 'completed', 'superseded', 'expired')`.execute(db)
}

async function createHeads(db: Kysely<unknown>, text: RawBuilder<unknown>): Promise<void> {
  await db.schema
    .createTable('audit_heads')
    .addColumn('tenant_id', text, (column) => column.notNull().primaryKey())
    .addColumn('sequence', 'bigint', (column) => column.notNull())
    .addColumn('digest', text, (column) => column.notNull())
    .addColumn('sealed_at', 'bigint', (column) => column.notNull())
    .addColumn('removed_sequence', 'bigint', (column) => column.notNull())
    .addColumn('removed_digest', text, (column) => column.notNull())
    .addColumn('key_check', text, (column) => column.notNull())
    .addColumn('mac', text, (column) => column.notNull())
    .addColumn('lease_holder', text)
    .addColumn('lease_expires_at', 'bigint', (column) => column.notNull())
    .execute()
}
