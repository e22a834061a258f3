import type { Kysely, RawBuilder } from 'kysely'

interface ColumnTypes {
  readonly text: RawBuilder<unknown>
}

/** What is there already was given for passwords that must be changed. */
export async function up(db: Kysely<unknown>, { text }: ColumnTypes): Promise<void> {
  await db.schema
    .alterTable('state_tokens')
    .addColumn('purpose', text, (column) => column.notNull().defaultTo('must_change'))
    .execute()
}
