import { type Kysely, type RawBuilder, sql } from 'kysely'

interface ColumnTypes {
  readonly text: RawBuilder<unknown>
}

/** Whom an application may reset. Those that are stored may reset everybody, as before. */
export async function up(db: Kysely<unknown>, { text }: ColumnTypes): Promise<void> {
  await sql`alter table applications add column reset_organizations_json ${text}`.execute(db)
}
