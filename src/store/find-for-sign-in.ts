import { type RawBuilder, sql } from 'kysely'
import type { ResetState } from '../core/reset/reset-state.ts'
import type { StoreContext } from './context.ts'
import type { Dialect } from './dialect.ts'
import { type Places, prepareStatement } from './prepared-statement.ts'
import { orNull } from './row-values.ts'
import type { SignInKeys, SignInSecret, SignInView, UserRepository } from './store.ts'
import type { ResetTable } from './tables.ts'
import {
  type CredentialRow,
  credentialColumns,
  toUserWithCredential,
  type UserRow,
  userColumns,
} from './user-rows.ts'

/** One row for each secret; a user without any has one row in which these are NULL. */
type SignInRow = UserRow &
  CredentialRow & {
    [K in 'id' | 'sequence' | 'state' | 'digest' | 'deadline_at' | 'promoted_at' as `reset_${K}`]:
      | ResetTable[K]
      | null
  } & { now: number }

/** Whose digests are kept: to be redeemed, because they are the password, or to be recognised (reset protocol, rule 14). */
const statesWithSecret = sql.raw(`('sending', 'unknown', 'accepted', 'used', 'superseded', 'expired')`)

/** The user, what may sign in, and the clock, as they stand at one moment: one statement (reset protocol, rule 13). */
export function createSignInLookUps(
  context: StoreContext,
): Pick<UserRepository, 'findForSignIn' | 'findForSignInById'> {
  return {
    findForSignIn: async (tenantId, keys) =>
      toView(await byName.all(context, { tenantId, ...keys, mobile: orNull(keys.mobile) })),

    findForSignInById: async (tenantId, userId) => toView(await byId.all(context, { tenantId, userId })),
  }
}

type Named = Omit<SignInKeys, 'mobile'> & { readonly tenantId: string; readonly mobile: string | null }

const byName = prepareStatement((_db, value: Places<Named>, dialect) =>
  signInRows(
    dialect,
    value('tenantId'),
    // three searches instead of one OR, so that each is answered by its own index
    sql`select id from (
      select 1 as rank, id from users where tenant_id = ${value('tenantId')} and user_name_key = ${value('userNameKey')}
      union all
      select 2, id from users where tenant_id = ${value('tenantId')} and email_key = ${value('emailKey')}
      union all
      select 3, id from users where tenant_id = ${value('tenantId')} and mobile = ${value('mobile')}
    ) as found order by rank limit 1`,
  ),
)

const byId = prepareStatement(
  (_db, value: Places<{ readonly tenantId: string; readonly userId: string }>, dialect) =>
    signInRows(dialect, value('tenantId'), sql`select ${value('userId')} as id`),
)

function signInRows(dialect: Dialect, tenantId: string, chosen: RawBuilder<unknown>): RawBuilder<SignInRow> {
  const columns = sql.join([...userColumns, ...credentialColumns].map((column) => sql.ref(column)))
  return sql<SignInRow>`
    select ${columns}, resets.id as reset_id, resets.sequence as reset_sequence, resets.state as reset_state,
      resets.digest as reset_digest, resets.deadline_at as reset_deadline_at,
      resets.promoted_at as reset_promoted_at, ${dialect.now()} as now
    from users
    left join resets on resets.tenant_id = users.tenant_id and resets.user_id = users.id
      and resets.digest is not null and resets.state in ${statesWithSecret}
    where users.tenant_id = ${tenantId} and users.id = (${chosen})
    order by resets.sequence desc`
}

function toView(rows: readonly SignInRow[]): SignInView | undefined {
  const [first] = rows
  return first && { user: toUserWithCredential(first), secrets: rows.flatMap(toSecret), now: first.now }
}

function toSecret(row: SignInRow): readonly SignInSecret[] {
  if (row.reset_id === null || row.reset_digest === null) {
    return []
  }
  return [
    {
      resetId: row.reset_id,
      sequence: row.reset_sequence ?? 0,
      state: row.reset_state as ResetState,
      digest: row.reset_digest,
      deadlineAt: row.reset_deadline_at ?? 0,
      promotedAt: row.reset_promoted_at ?? undefined,
    },
  ]
}
