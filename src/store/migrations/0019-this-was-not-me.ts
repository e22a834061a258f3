import { type Kysely, type RawBuilder, sql } from 'kysely'

interface ColumnTypes {
  readonly text: RawBuilder<unknown>
}

/** Which resets somebody disowned, when that last froze a user; and the time zone that a user reads times in. */
export async function up(db: Kysely<unknown>, { text }: ColumnTypes): Promise<void> {
  await sql`alter table resets add column disowned_at bigint`.execute(db)
  await sql`alter table users add column frozen_at bigint`.execute(db)
  await sql`alter table users add column time_zone ${text}`.execute(db)
}
