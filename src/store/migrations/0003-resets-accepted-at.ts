import type { Kysely } from 'kysely'

/**
 * When a gateway took the message. Until now that was `promoted_at`; under `keep-until-used` a reset is accepted and
 * not promoted, and what was answered then must still be known when the reset is superseded or expired.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('resets').addColumn('accepted_at', 'bigint').execute()
}
