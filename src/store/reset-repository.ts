import { sql } from 'kysely'
import { inFlightStates, openStates, type Reset, type ResetState } from '../core/reset/reset-state.ts'
import type { StoreContext } from './context.ts'
import { createAttemptMethods } from './reset-attempt-repository.ts'
import { createLimitMethods } from './reset-limit-repository.ts'
import { createRetentionMethods } from './reset-retention-repository.ts'
import { type ChangeableColumns, resetColumns, toReset, toResetRow } from './reset-rows.ts'
import { orNull } from './row-values.ts'
import type { ResetChanges, ResetRepository } from './store.ts'

/**
 * The rows of the reset protocol. Every change of a reset is one `change`: a compare-and-set on its state and lease
 * token, so that of several processes exactly one moves it. Writes are called under the user's lock.
 */
export function createResetRepository(context: StoreContext): ResetRepository {
  return {
    ...createReadingMethods(context),
    ...createWritingMethods(context),
    ...createSweepingMethods(context),
    ...createAttemptMethods(context),
    ...createLimitMethods(context),
    ...createRetentionMethods(context),
  }
}

type Reading = 'find' | 'findInFlight' | 'listOpen' | 'list'
type Writing = 'insert' | 'change' | 'forgetOldSecrets'
type Sweeping = 'listExpiredLeasesOfAllTenants' | 'listPastDeadlineOfAllTenants' | 'forgetSecretsOfAllTenants'

/** Said literally, as the partial indexes say it: with values in their place no database would use those. */
const stateIn = (states: readonly ResetState[]) =>
  sql<boolean>`state in (${sql.join(states.map((state) => sql.lit(state)))})`
const isInFlight = stateIn(inFlightStates)
const isOpen = stateIn(openStates)
const awaitsDeadline = stateIn(['unknown', 'accepted', 'used'])
const isOnlyRecognised = stateIn(['superseded', 'expired'])

function createReadingMethods({ db }: StoreContext): Pick<ResetRepository, Reading> {
  const resets = (tenantId: string) =>
    db.selectFrom('resets').select(resetColumns).where('tenant_id', '=', tenantId)
  const ofUser = (tenantId: string, userId: string) =>
    resets(tenantId).where('user_id', '=', userId).orderBy('sequence', 'desc')

  return {
    async find(tenantId, resetId) {
      const row = await resets(tenantId).where('id', '=', resetId).executeTakeFirst()
      return row && toReset(row)
    },

    async findInFlight(tenantId, userId) {
      const row = await resets(tenantId).where('user_id', '=', userId).where(isInFlight).executeTakeFirst()
      return row && toReset(row)
    },

    async listOpen(tenantId, userId) {
      return (await ofUser(tenantId, userId).where(isOpen).execute()).map(toReset)
    },

    async list(tenantId, userId, limit) {
      return (await ofUser(tenantId, userId).limit(limit).execute()).map(toReset)
    },
  }
}

function createWritingMethods({ db }: StoreContext): Pick<ResetRepository, Writing> {
  return {
    /** The reset is on record, its secret as a hash, and no other one of this user is in flight. */
    async insert(reset) {
      await db.insertInto('resets').values(toResetRow(reset)).execute()
    },

    /** True: the reset was as expected and is now as given. False: another process had moved it, nothing changed. */
    async change(tenantId, resetId, expected, changes) {
      const changed = await db
        .updateTable('resets')
        .set(toChangedColumns(changes))
        .where('tenant_id', '=', tenantId)
        .where('id', '=', resetId)
        .where('state', 'in', expected.states)
        // a token that is named must be the one that stands there; `undefined` names that of no lease
        .$if('leaseToken' in expected, (query) =>
          expected.leaseToken === undefined
            ? query.where('lease_token', 'is', null)
            : query.where('lease_token', '=', expected.leaseToken),
        )
        .executeTakeFirst()
      return changed.numUpdatedRows === 1n
    },

    /** Of the secrets that are only recognised, the newest `keep` are left; of the others not even the hash is. */
    async forgetOldSecrets(tenantId, userId, keep) {
      const newestToForget = db
        .selectFrom('resets')
        .select('sequence')
        .where('tenant_id', '=', tenantId)
        .where('user_id', '=', userId)
        .where('digest', 'is not', null)
        .where(isOnlyRecognised)
        .orderBy('sequence', 'desc')
        .limit(1)
        .offset(keep)
      await db
        .updateTable('resets')
        .set({ digest: null })
        .where('tenant_id', '=', tenantId)
        .where('user_id', '=', userId)
        .where('digest', 'is not', null)
        .where(isOnlyRecognised)
        .where('sequence', '<=', newestToForget)
        .execute()
    },
  }
}

function createSweepingMethods({ db, dialect }: StoreContext): Pick<ResetRepository, Sweeping> {
  const resets = () => db.selectFrom('resets').select(resetColumns)

  return {
    async listExpiredLeasesOfAllTenants(now, limit) {
      const rows = await resets()
        .where(isInFlight)
        .where('lease_expires_at', '<', now)
        .orderBy('lease_expires_at')
        .limit(limit)
        .execute()
      return rows.map(toReset)
    },

    async listPastDeadlineOfAllTenants(now, limit) {
      const rows = await resets()
        .where(awaitsDeadline)
        .where('deadline_at', '<', now)
        .orderBy('deadline_at')
        .limit(limit)
        .execute()
      return rows.map(toReset)
    },

    /** Of at most `limit` resets that nobody can redeem and whose deadline is that long over, not even the hash is left. */
    async forgetSecretsOfAllTenants(before, limit) {
      const forgettable = db
        .selectFrom('resets')
        .select(['tenant_id', 'id'])
        .where('digest', 'is not', null)
        .where(isOnlyRecognised)
        .where('deadline_at', '<', before)
        .orderBy('deadline_at')
        .limit(limit)
        // what another process is forgetting already
        .$if(dialect.hasRowLocks, (query) => query.forUpdate().skipLocked())
      const forgotten = await db
        .updateTable('resets')
        .set({ digest: null })
        .where(({ eb, refTuple }) =>
          eb(refTuple('tenant_id', 'id'), 'in', forgettable.$asTuple('tenant_id', 'id')),
        )
        .executeTakeFirst()
      return Number(forgotten.numUpdatedRows)
    },
  }
}

const columnOf = {
  state: 'state',
  digest: 'digest',
  leaseToken: 'lease_token',
  leaseExpiresAt: 'lease_expires_at',
  detail: 'detail',
  gateway: 'gateway',
  settledAt: 'settled_at',
  acceptedAt: 'accepted_at',
  promotedAt: 'promoted_at',
  usedAt: 'used_at',
} as const satisfies Record<keyof ResetChanges, keyof ChangeableColumns>

/** A key that is there with `undefined` clears its column; one that is not there leaves it. */
function toChangedColumns(changes: ResetChanges): ChangeableColumns {
  const named = Object.entries(changes) as [keyof ResetChanges, Reset[keyof ResetChanges]][]
  return Object.fromEntries(named.map(([key, value]) => [columnOf[key], orNull(value)]))
}
