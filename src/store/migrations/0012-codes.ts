import { type Kysely, type RawBuilder, sql } from 'kysely'

interface ColumnTypes {
  readonly text: RawBuilder<unknown>
}

/** One-time codes, the wishes for them, tickets that stand for a session, and captchas that were used. */
export async function up(db: Kysely<unknown>, types: ColumnTypes): Promise<void> {
  await createCodeRequests(db, types)
  await createCodes(db, types)
  await createTickets(db, types)
}

/** Wishes for a code, whoever they name: a queue until they are settled, and what limits count for a day. */
async function createCodeRequests(db: Kysely<unknown>, { text }: ColumnTypes): Promise<void> {
  await db.schema
    .createTable('code_requests')
    .addColumn('tenant_id', text, (column) => column.notNull())
    .addColumn('id', text, (column) => column.notNull())
    .addColumn('purpose', text, (column) => column.notNull())
    .addColumn('channel', text, (column) => column.notNull())
    .addColumn('contact_sealed', text)
    .addColumn('contact_mac', text, (column) => column.notNull())
    .addColumn('address_mac', text)
    .addColumn('user_id', text)
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('due_at', 'bigint')
    .addColumn('deadline_at', 'bigint', (column) => column.notNull())
    .addColumn('attempts', 'integer', (column) => column.notNull())
    .addColumn('unsettled_attempts', 'integer', (column) => column.notNull())
    .addPrimaryKeyConstraint('code_requests_pkey', ['tenant_id', 'id'])
    .execute()
  await sql`create index code_requests_due_at on code_requests (due_at) where due_at is not null`.execute(db)
  await sql`create index code_requests_created_at on code_requests (created_at)`.execute(db)
  await sql`create index code_requests_tenant on code_requests (tenant_id, created_at)`.execute(db)
  await sql`create index code_requests_contact on code_requests (tenant_id, contact_mac, created_at)`.execute(
    db,
  )
  await sql`create index code_requests_address on code_requests (tenant_id, address_mac, created_at)
    where address_mac is not null`.execute(db)
  await sql`create index code_requests_user on code_requests (tenant_id, user_id, created_at)
    where user_id is not null`.execute(db)
}

async function createCodes(db: Kysely<unknown>, { text }: ColumnTypes): Promise<void> {
  await db.schema
    .createTable('codes')
    .addColumn('tenant_id', text, (column) => column.notNull())
    .addColumn('user_id', text, (column) => column.notNull())
    .addColumn('channel', text, (column) => column.notNull())
    .addColumn('purpose', text, (column) => column.notNull())
    .addColumn('code_mac', text, (column) => column.notNull())
    .addColumn('credential_version', 'bigint', (column) => column.notNull())
    .addColumn('tries', 'integer', (column) => column.notNull())
    .addColumn('expires_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('codes_pkey', ['tenant_id', 'user_id', 'channel', 'purpose'])
    .addForeignKeyConstraint(
      'codes_user',
      ['tenant_id', 'user_id'],
      'users',
      ['tenant_id', 'id'],
      (constraint) => constraint.onDelete('cascade'),
    )
    .execute()
  await sql`create index codes_expires_at on codes (expires_at)`.execute(db)
}

async function createTickets(db: Kysely<unknown>, { text }: ColumnTypes): Promise<void> {
  await db.schema
    .createTable('session_tickets')
    .addColumn('tenant_id', text, (column) => column.notNull())
    .addColumn('ticket_digest', text, (column) => column.notNull())
    .addColumn('session_id', text, (column) => column.notNull())
    .addColumn('application_id', text, (column) => column.notNull())
    .addColumn('expires_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('session_tickets_pkey', ['tenant_id', 'ticket_digest'])
    .addForeignKeyConstraint(
      'session_tickets_session',
      ['tenant_id', 'session_id'],
      'sessions',
      ['tenant_id', 'id'],
      (constraint) => constraint.onDelete('cascade'),
    )
    .execute()
  await sql`create index session_tickets_session on session_tickets (tenant_id, session_id)`.execute(db)
  await sql`create index session_tickets_expires_at on session_tickets (expires_at)`.execute(db)
  await db.schema
    .createTable('used_captchas')
    .addColumn('tenant_id', text, (column) => column.notNull())
    .addColumn('captcha_digest', text, (column) => column.notNull())
    .addColumn('expires_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('used_captchas_pkey', ['tenant_id', 'captcha_digest'])
    .execute()
  await sql`create index used_captchas_expires_at on used_captchas (expires_at)`.execute(db)
}
