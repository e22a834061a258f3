import { type Kysely, type RawBuilder, sql } from 'kysely'

interface ColumnTypes {
  readonly text: RawBuilder<unknown>
}

/** Messages about what happened, from the transaction in which it happened until they are sent. */
export async function up(db: Kysely<unknown>, { text }: ColumnTypes): Promise<void> {
  await db.schema
    .createTable('notices')
    .addColumn('tenant_id', text, (column) => column.notNull())
    .addColumn('id', text, (column) => column.notNull())
    .addColumn('user_id', text, (column) => column.notNull())
    .addColumn('event', text, (column) => column.notNull())
    .addColumn('channel', text, (column) => column.notNull())
    .addColumn('destination_sealed', text, (column) => column.notNull())
    .addColumn('variables_json', text, (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('due_at', 'bigint', (column) => column.notNull())
    .addColumn('deadline_at', 'bigint', (column) => column.notNull())
    .addColumn('attempts', 'integer', (column) => column.notNull())
    .addColumn('unsettled_attempts', 'integer', (column) => column.notNull())
    .addPrimaryKeyConstraint('notices_pkey', ['tenant_id', 'id'])
    .execute()
  await sql`create index notices_due_at on notices (due_at)`.execute(db)
}
