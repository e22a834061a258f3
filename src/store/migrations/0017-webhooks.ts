import { type Kysely, type RawBuilder, sql } from 'kysely'

interface ColumnTypes {
  readonly text: RawBuilder<unknown>
}

/** Who is told of events, how far each has come in the record, and what is on its way to it. */
export async function up(db: Kysely<unknown>, { text }: ColumnTypes): Promise<void> {
  await createWebhooks(db, text)
  await createDeliveries(db, text)
  await sql`create index webhook_deliveries_due_at on webhook_deliveries (tenant_id, webhook, due_at)
    where due_at is not null`.execute(db)
  await sql`create index webhook_deliveries_given_up on webhook_deliveries (tenant_id, webhook, id)
    where state = 'given_up'`.execute(db)
  await sql`create index webhook_deliveries_state on webhook_deliveries (tenant_id, state, id)`.execute(db)
  await sql`create index webhook_deliveries_remove_at on webhook_deliveries (remove_at)
    where remove_at is not null`.execute(db)
}

async function createWebhooks(db: Kysely<unknown>, text: RawBuilder<unknown>): Promise<void> {
  await db.schema
    .createTable('webhooks')
    .addColumn('tenant_id', text, (column) => column.notNull())
    .addColumn('name', text, (column) => column.notNull())
    .addColumn('url', text, (column) => column.notNull())
    .addColumn('events_json', text, (column) => column.notNull())
    .addColumn('secret_sealed', text, (column) => column.notNull())
    .addColumn('secret_previous_sealed', text)
    .addColumn('timeout_ms', 'integer', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('walked_sequence', 'bigint', (column) => column.notNull())
    .addColumn('missed_rows', 'bigint', (column) => column.notNull())
    .addColumn('off_at', 'bigint')
    .addColumn('off_reason', text)
    .addColumn('last_success_at', 'bigint')
    .addColumn('last_failure_at', 'bigint')
    .addColumn('last_failure', text)
    .addPrimaryKeyConstraint('webhooks_pkey', ['tenant_id', 'name'])
    .execute()
}

async function createDeliveries(db: Kysely<unknown>, text: RawBuilder<unknown>): Promise<void> {
  await db.schema
    .createTable('webhook_deliveries')
    .addColumn('tenant_id', text, (column) => column.notNull())
    .addColumn('id', text, (column) => column.notNull())
    .addColumn('webhook', text, (column) => column.notNull())
    .addColumn('event', text, (column) => column.notNull())
    .addColumn('payload_json', text, (column) => column.notNull())
    .addColumn('occurred_at', 'bigint', (column) => column.notNull())
    .addColumn('state', text, (column) => column.notNull())
    .addColumn('due_at', 'bigint')
    .addColumn('attempts', 'integer', (column) => column.notNull())
    .addColumn('last_attempt_at', 'bigint')
    .addColumn('last_status', 'integer')
    .addColumn('last_reason', text)
    .addColumn('remove_at', 'bigint')
    .addPrimaryKeyConstraint('webhook_deliveries_pkey', ['tenant_id', 'id'])
    .addForeignKeyConstraint(
      'webhook_deliveries_webhook',
      ['tenant_id', 'webhook'],
      'webhooks',
      ['tenant_id', 'name'],
      (constraint) => constraint.onDelete('cascade'),
    )
    .execute()
}
