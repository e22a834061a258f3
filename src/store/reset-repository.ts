import { sql } from 'kysely'
import { inFlightStates, openStates, type Reset, type ResetState } from '../core/reset/reset-state.ts'
import type { StoreContext } from './context.ts'
import { type Places, prepareStatement, prepareVariants } from './prepared-statement.ts'
import { createAttemptMethods } from './reset-attempt-repository.ts'
import { createLimitMethods } from './reset-limit-repository.ts'
import { createRetentionMethods } from './reset-retention-repository.ts'
import { type ChangeableColumns, resetColumns, toReset, toResetRow } from './reset-rows.ts'
import { orNull } from './row-values.ts'
import type { ResetChanges, ResetRepository } from './store.ts'
import type { ResetTable } from './tables.ts'

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

function createReadingMethods(context: StoreContext): Pick<ResetRepository, Reading> {
  return {
    async find(tenantId, resetId) {
      const row = await byId.first(context, { tenantId, resetId })
      return row && toReset(row)
    },

    async findInFlight(tenantId, userId) {
      const row = await inFlightOfUser.first(context, { tenantId, userId })
      return row && toReset(row)
    },

    async listOpen(tenantId, userId) {
      return (await openOfUser.all(context, { tenantId, userId })).map(toReset)
    },

    async list(tenantId, userId, limit) {
      return (await newestOfUser.all(context, { tenantId, userId, limit })).map(toReset)
    },
  }
}

interface UserKey {
  readonly tenantId: string
  readonly userId: string
}

function ofTenant(db: StoreContext['db'], tenantId: string) {
  return db.selectFrom('resets').select(resetColumns).where('tenant_id', '=', tenantId)
}

function ofUser(db: StoreContext['db'], value: Places<UserKey>) {
  return ofTenant(db, value('tenantId')).where('user_id', '=', value('userId'))
}

const byId = prepareStatement((db, value: Places<{ readonly tenantId: string; readonly resetId: string }>) =>
  ofTenant(db, value('tenantId')).where('id', '=', value('resetId')),
)
const inFlightOfUser = prepareStatement((db, value: Places<UserKey>) => ofUser(db, value).where(isInFlight))
const openOfUser = prepareStatement((db, value: Places<UserKey>) =>
  ofUser(db, value).orderBy('sequence', 'desc').where(isOpen),
)
const newestOfUser = prepareStatement((db, value: Places<UserKey & { readonly limit: number }>) =>
  ofUser(db, value).orderBy('sequence', 'desc').limit(value('limit')),
)

function createWritingMethods(context: StoreContext): Pick<ResetRepository, Writing> {
  return {
    /** The reset is on record, its secret as a hash, and no other one of this user is in flight. */
    async insert(reset) {
      await insertReset.run(context, toResetRow(reset))
    },

    /** True: the reset was as expected and is now as given. False: another process had moved it, nothing changed. */
    async change(tenantId, resetId, expected, changes) {
      const columns = toChangedColumns(changes)
      const { leaseToken } = expected
      const lease = 'leaseToken' in expected ? (leaseToken === undefined ? 'none' : 'given') : 'any'
      const changed = await changeExpected.run(
        context,
        { ...columns, tenantId, resetId, leaseToken, ...namedStates(expected.states) },
        {
          columns: Object.keys(columns) as (keyof ChangeableColumns)[],
          states: expected.states.length,
          lease,
        },
      )
      return changed === 1
    },

    /** Of the secrets that are only recognised, the newest `keep` are left; of the others not even the hash is. */
    async forgetOldSecrets(tenantId, userId, keep) {
      await forgetOlder.run(context, { tenantId, userId, keep })
    },
  }
}

const insertReset = prepareStatement((db, value: Places<ResetTable>) =>
  db
    .insertInto('resets')
    .values(
      Object.fromEntries(resetColumns.map((column) => [column, value(column)])) as unknown as ResetTable,
    ),
)

interface ExpectedShape {
  readonly columns: readonly (keyof ChangeableColumns)[]
  /** How many states are expected. */
  readonly states: number
  /** A token that is named must be the one that stands there; `none` is that of no lease. */
  readonly lease: 'any' | 'none' | 'given'
}

type ExpectedValues = ChangeableColumns & {
  readonly tenantId: string
  readonly resetId: string
  readonly leaseToken: string | undefined
} & { readonly [K in `expected${number}`]: ResetState }

function namedStates(states: readonly ResetState[]): { readonly [K in `expected${number}`]: ResetState } {
  return Object.fromEntries(states.map((state, ordinal) => [`expected${ordinal}`, state]))
}

const changeExpected = prepareVariants(
  ({ columns, states, lease }: ExpectedShape) => `${columns.join()} ${states} ${lease}`,
  (db, value: Places<ExpectedValues>, { columns, states, lease }) =>
    db
      .updateTable('resets')
      .set(Object.fromEntries(columns.map((column) => [column, value(column)])))
      .where('tenant_id', '=', value('tenantId'))
      .where('id', '=', value('resetId'))
      .where(
        'state',
        'in',
        Array.from({ length: states }, (_, ordinal) => value(`expected${ordinal}`)),
      )
      .$if(lease === 'none', (query) => query.where('lease_token', 'is', null))
      .$if(lease === 'given', (query) => query.where('lease_token', '=', value('leaseToken') ?? null)),
)

const forgetOlder = prepareStatement((db, value: Places<UserKey & { readonly keep: number }>) => {
  const newestToForget = db
    .selectFrom('resets')
    .select('sequence')
    .where('tenant_id', '=', value('tenantId'))
    .where('user_id', '=', value('userId'))
    .where('digest', 'is not', null)
    .where(isOnlyRecognised)
    .orderBy('sequence', 'desc')
    .limit(1)
    .offset(value('keep'))
  return db
    .updateTable('resets')
    .set({ digest: null })
    .where('tenant_id', '=', value('tenantId'))
    .where('user_id', '=', value('userId'))
    .where('digest', 'is not', null)
    .where(isOnlyRecognised)
    .where('sequence', '<=', newestToForget)
})

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
  disownedAt: 'disowned_at',
} as const satisfies Record<keyof ResetChanges, keyof ChangeableColumns>

/** A key that is there with `undefined` clears its column; one that is not there leaves it. */
function toChangedColumns(changes: ResetChanges): ChangeableColumns {
  const named = Object.entries(changes) as [keyof ResetChanges, Reset[keyof ResetChanges]][]
  return Object.fromEntries(named.map(([key, value]) => [columnOf[key], orNull(value)]))
}
