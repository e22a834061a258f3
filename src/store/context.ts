import type { Kysely } from 'kysely'
import type { Clock } from '../core/clock.ts'
import type { Dialect } from './dialect.ts'
import type { Tables } from './tables.ts'

/** What repositories stand on: one transaction's line, or for reading any line. */
export interface StoreContext {
  readonly db: Kysely<Tables>
  readonly dialect: Dialect
  readonly clock: Clock
  readonly nextAuditId: () => string
}
