import { type Kysely, type RawBuilder, sql } from 'kysely'

interface ColumnTypes {
  readonly text: RawBuilder<unknown>
}

/** Values of attributes that a tenant made unique, each with whose it is; and the notices of a user. */
export async function up(db: Kysely<unknown>, { text }: ColumnTypes): Promise<void> {
  await db.schema
    .createTable('unique_attributes')
    .addColumn('tenant_id', text, (column) => column.notNull())
    .addColumn('kind', text, (column) => column.notNull())
    .addColumn('attribute', text, (column) => column.notNull())
    .addColumn('value_key', text, (column) => column.notNull())
    .addColumn('owner_id', text, (column) => column.notNull())
    .addPrimaryKeyConstraint('unique_attributes_pkey', [
      'tenant_id',
      'kind',
      'attribute',
      'value_key',
    ] as never[])
    .execute()
  await sql`create index unique_attributes_owner on unique_attributes (tenant_id, kind, owner_id)`.execute(db)
  // a user who goes takes what was still to be sent along
  await sql`create index notices_user on notices (tenant_id, user_id)`.execute(db)
}
