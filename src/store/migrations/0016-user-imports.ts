import { type Kysely, type RawBuilder, sql } from 'kysely'

interface ColumnTypes {
  readonly text: RawBuilder<unknown>
}

/** Imports of users with how far each has come, the rows that were refused, and first passwords that wait for their turn. */
export async function up(db: Kysely<unknown>, types: ColumnTypes): Promise<void> {
  await createImports(db, types)
  await createErrors(db, types)
  await createFirstPasswords(db, types)
}

async function createImports(db: Kysely<unknown>, { text }: ColumnTypes): Promise<void> {
  await db.schema
    .createTable('user_imports')
    .addColumn('tenant_id', text, (column) => column.notNull())
    .addColumn('id', text, (column) => column.notNull())
    .addColumn('fingerprint', text)
    .addColumn('application_id', text)
    .addColumn('is_update', 'integer', (column) => column.notNull())
    .addColumn('send_mode', text)
    .addColumn('per_minute', 'integer', (column) => column.notNull())
    .addColumn('rows_total', 'bigint')
    .addColumn('position', 'bigint', (column) => column.notNull())
    .addColumn('created', 'bigint', (column) => column.notNull())
    .addColumn('updated', 'bigint', (column) => column.notNull())
    .addColumn('unchanged', 'bigint', (column) => column.notNull())
    .addColumn('failed', 'bigint', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('updated_at', 'bigint', (column) => column.notNull())
    .addColumn('finished_at', 'bigint')
    .addColumn('next_delivery_at', 'bigint')
    .addPrimaryKeyConstraint('user_imports_pkey', ['tenant_id', 'id'])
    .execute()
  await sql`create unique index user_imports_fingerprint on user_imports (tenant_id, fingerprint)
    where fingerprint is not null`.execute(db)
  await sql`create index user_imports_next_delivery_at on user_imports (next_delivery_at)
    where next_delivery_at is not null`.execute(db)
  await sql`create index user_imports_updated_at on user_imports (updated_at)`.execute(db)
}

async function createErrors(db: Kysely<unknown>, { text }: ColumnTypes): Promise<void> {
  await db.schema
    .createTable('user_import_errors')
    .addColumn('tenant_id', text, (column) => column.notNull())
    .addColumn('import_id', text, (column) => column.notNull())
    .addColumn('row_number', 'bigint', (column) => column.notNull())
    .addColumn('line_number', 'bigint')
    .addColumn('field', text, (column) => column.notNull())
    .addColumn('code', text, (column) => column.notNull())
    .addColumn('params_json', text, (column) => column.notNull())
    .addPrimaryKeyConstraint('user_import_errors_pkey', ['tenant_id', 'import_id', 'row_number'])
    .addForeignKeyConstraint(
      'user_import_errors_import',
      ['tenant_id', 'import_id'],
      'user_imports',
      ['tenant_id', 'id'],
      (constraint) => constraint.onDelete('cascade'),
    )
    .execute()
}

/** One row a user: nobody waits twice. */
async function createFirstPasswords(db: Kysely<unknown>, { text }: ColumnTypes): Promise<void> {
  await db.schema
    .createTable('first_passwords')
    .addColumn('tenant_id', text, (column) => column.notNull())
    .addColumn('user_id', text, (column) => column.notNull())
    .addColumn('import_id', text, (column) => column.notNull())
    .addColumn('send_mode', text, (column) => column.notNull())
    .addColumn('state', text, (column) => column.notNull())
    .addColumn('reason', text)
    .addColumn('due_at', 'bigint')
    .addColumn('attempts', 'integer', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('settled_at', 'bigint')
    .addPrimaryKeyConstraint('first_passwords_pkey', ['tenant_id', 'user_id'])
    .addForeignKeyConstraint(
      'first_passwords_user',
      ['tenant_id', 'user_id'],
      'users',
      ['tenant_id', 'id'],
      (constraint) => constraint.onDelete('cascade'),
    )
    .addForeignKeyConstraint(
      'first_passwords_import',
      ['tenant_id', 'import_id'],
      'user_imports',
      ['tenant_id', 'id'],
      (constraint) => constraint.onDelete('cascade'),
    )
    .execute()
  await sql`create index first_passwords_due_at on first_passwords (tenant_id, import_id, due_at)
    where due_at is not null`.execute(db)
  await sql`create index first_passwords_state on first_passwords (tenant_id, import_id, state, reason)`.execute(
    db,
  )
}
