import type { UserWithCredential } from '../core/users/user.ts'
import type { StoreContext } from './context.ts'
import { addToCount } from './counts.ts'
import { findInChunks, placesOf } from './find-in-chunks.ts'
import type { ChunkSize } from './in-chunks.ts'
import { insertRows } from './insert-rows.ts'
import { prepareVariants } from './prepared-statement.ts'
import type { UserKeys, UserRepository } from './store.ts'
import type { UserTable } from './tables.ts'
import { credentialColumns, toUser, toUserRow, toUserWithCredential, userColumns } from './user-rows.ts'

type Batches = 'findOwners' | 'listAfter' | 'lockAll' | 'insertAll'

/** What is asked and written about many users of a tenant at once. */
export function createUserBatches(context: StoreContext): Pick<UserRepository, Batches> {
  return {
    async findOwners(tenantId, kind, keys) {
      const found = await findInChunks(keys, ({ named, size }) =>
        ownersOf.all(context, { ...named, tenantId }, { kind, size }),
      )
      return new Map(found.map(({ key, id }) => [key, id]))
    },

    async listAfter(tenantId, { organizationId, afterId, limit }) {
      const rows = await context.db
        .selectFrom('users')
        .select(userColumns)
        .where('users.tenant_id', '=', tenantId)
        .$if(organizationId !== undefined, (query) =>
          query.where('users.organization_id', '=', organizationId ?? ''),
        )
        .where('users.id', '>', afterId)
        .orderBy('users.id')
        .limit(limit)
        .execute()
      return rows.map(toUser)
    },

    async lockAll(tenantId, userIds) {
      const rows = await findInChunks(userIds.toSorted(), ({ named, size }) =>
        lockByIds.all(context, { ...named, tenantId }, size),
      )
      return rows.map(toUserWithCredential)
    },

    /** The users are there, with credentials, and counted. @throws DuplicateError as `insert` */
    async insertAll(users) {
      const [first] = users
      if (first === undefined) {
        return
      }
      const rows = users.map((user) => ({ ...toUserRow(user), reset_sequence: 0 }))
      await insertRows(context, 'users', rows)
      await insertRows(context, 'user_relations', users.flatMap(relationRows))
      await addToCount(context, first.tenantId, 'user', users.length)
    },
  }
}

function relationRows({ tenantId, id, relations }: UserWithCredential) {
  const ids = new Set(relations.map(({ organizationId }) => organizationId))
  return [...ids].map((organizationId) => ({
    ...{ tenant_id: tenantId, organization_id: organizationId, user_id: id },
  }))
}

const keyColumns = {
  userName: 'user_name_key',
  email: 'email_key',
  mobile: 'mobile',
} as const satisfies Record<keyof UserKeys, keyof UserTable>

interface OwnersShape {
  readonly kind: keyof UserKeys
  readonly size: ChunkSize
}

const ownersOf = prepareVariants<OwnersShape, Record<string, string>, { id: string; key: string }>(
  ({ kind, size }) => `${kind} ${size}`,
  (db, value, { kind, size }, dialect) =>
    dialect.forEachKey(keyColumns[kind], placesOf(value, size), (isKey) =>
      db
        .selectFrom('users')
        .select(['id', ({ ref }) => ref(keyColumns[kind]).$castTo<string>().as('key')])
        .where('tenant_id', '=', value('tenantId') as string)
        .where(isKey),
    ),
)

const lockByIds = prepareVariants<
  ChunkSize,
  Record<string, string>,
  Parameters<typeof toUserWithCredential>[0]
>(String, (db, value, size, dialect) =>
  dialect.forEachKey('users.id', placesOf(value, size), (isKey) =>
    db
      .selectFrom('users')
      .select([...userColumns, ...credentialColumns])
      .where('users.tenant_id', '=', value('tenantId') as string)
      .where(isKey)
      .$if(dialect.hasRowLocks, (query) => query.forUpdate()),
  ),
)
