import { type RawBuilder, sql } from 'kysely'
import { normaliseKey } from '../core/users/normalise-key.ts'
import type { User } from '../core/users/user.ts'
import type { StoreContext } from './context.ts'
import { addToCount, claimChangeTime } from './counts.ts'
import { createCredentialMethods } from './credential-repository.ts'
import type { Dialect } from './dialect.ts'
import { createSignInLookUps } from './find-for-sign-in.ts'
import { listUsers, toView, userViews } from './list-users.ts'
import { type Places, prepareStatement } from './prepared-statement.ts'
import { flag, orNull } from './row-values.ts'
import type { UserRepository } from './store.ts'
import { forgetUniqueAttributes } from './unique-attribute-repository.ts'
import { createUserBatches } from './user-batches.ts'
import {
  credentialColumns,
  toProfileRow,
  toUser,
  toUserRow,
  toUserWithCredential,
  userColumns,
} from './user-rows.ts'

export function createUserRepository(context: StoreContext): UserRepository {
  return {
    ...createReadingMethods(context),
    ...createWritingMethods(context),
    ...createUserBatches(context),
    ...createCredentialMethods(context),
    ...createSignInLookUps(context),
  }
}

type Reading =
  | 'find'
  | 'findByUserName'
  | 'findByEmail'
  | 'list'
  | 'listWithCredentials'
  | 'listAdministrators'
  | 'countWithoutPasswordOfAllTenants'
  | 'findWithCredential'
  | 'lock'
type Writing =
  | 'claimChangeTime'
  | 'insert'
  | 'update'
  | 'delete'
  | 'setDisabled'
  | 'setFrozen'
  | 'recordSignIn'

function createReadingMethods(context: StoreContext): Pick<UserRepository, Reading> {
  const { db } = context
  return {
    async find(tenantId, userId) {
      const row = await viewById.first(context, { tenantId, userId })
      return row && toView(row)
    },

    async findByUserName(tenantId, userName) {
      const row = await viewByUserName.first(context, { tenantId, userNameKey: normaliseKey(userName) })
      return row && toView(row)
    },

    async findByEmail(tenantId, email) {
      const row = await viewByEmail.first(context, { tenantId, emailKey: normaliseKey(email) })
      return row && toView(row)
    },

    list: (tenantId, filter, page) => listUsers(context, tenantId, filter, page),

    async listWithCredentials(tenantId, afterId, limit) {
      const rows = await withCredentials(db, tenantId)
        .where('users.id', '>', afterId ?? '')
        .orderBy('users.id')
        .limit(limit)
        .execute()
      return rows.map(toUserWithCredential)
    },

    async countWithoutPasswordOfAllTenants(limit) {
      // word for word the condition of the index, which holds nobody else
      const found = db
        .selectFrom('users')
        .select('id')
        .where(sql<boolean>`credential_digest is null and disabled = 0`)
        .where('tenant_id', '>', '')
        .limit(limit)
        .as('found')
      const row = await db
        .selectFrom(found)
        .select((eb) => eb.fn.countAll<number>().as('total'))
        .executeTakeFirstOrThrow()
      return Number(row.total)
    },

    async listAdministrators(tenantId) {
      const rows = await db
        .selectFrom('users')
        .select(userColumns)
        .where('users.tenant_id', '=', tenantId)
        .where('users.administrator_role', 'is not', null)
        .orderBy('users.id')
        .execute()
      return rows.map(toUser)
    },

    async findWithCredential(tenantId, userId) {
      const row = await withCredentialById.first(context, { tenantId, userId })
      return row && toUserWithCredential(row)
    },

    async lock(tenantId, userId) {
      const row = await lockById.first(context, { tenantId, userId })
      return row && toUserWithCredential(row)
    },
  }
}

interface UserKey {
  readonly tenantId: string
  readonly userId: string
}

const viewById = prepareStatement((db, value: Places<UserKey>, dialect) =>
  userViews({ db, dialect }, value('tenantId')).where('users.id', '=', value('userId')),
)
const viewByUserName = prepareStatement(
  (db, value: Places<{ readonly tenantId: string; readonly userNameKey: string }>, dialect) =>
    userViews({ db, dialect }, value('tenantId')).where('users.user_name_key', '=', value('userNameKey')),
)
const viewByEmail = prepareStatement(
  (db, value: Places<{ readonly tenantId: string; readonly emailKey: string }>, dialect) =>
    userViews({ db, dialect }, value('tenantId')).where('users.email_key', '=', value('emailKey')),
)
const withCredentialById = prepareStatement((db, value: Places<UserKey>) =>
  withCredentials(db, value('tenantId')).where('users.id', '=', value('userId')),
)
const lockById = prepareStatement((db, value: Places<UserKey>, dialect) =>
  withCredentials(db, value('tenantId'))
    .where('users.id', '=', value('userId'))
    .$if(dialect.hasRowLocks, (query) => query.forUpdate()),
)

function withCredentials(db: StoreContext['db'], tenantId: string) {
  return db
    .selectFrom('users')
    .select([...userColumns, ...credentialColumns])
    .where('users.tenant_id', '=', tenantId)
}

function createWritingMethods(context: StoreContext): Pick<UserRepository, Writing> {
  const { db, dialect } = context
  const updateUser = (tenantId: string, userId: string) =>
    db.updateTable('users').where('tenant_id', '=', tenantId).where('id', '=', userId)

  return {
    claimChangeTime: (tenantId) => claimChangeTime(context, tenantId, 'user'),

    /** The user is there, with credential, and counted. @throws DuplicateError `users_user_name`, `users_email`, `users_mobile` */
    async insert(user) {
      await db
        .insertInto('users')
        .values({ ...toUserRow(user), reset_sequence: 0 })
        .execute()
      await insertRelations(context, user)
      await addToCount(context, user.tenantId, 'user', 1)
    },

    /** The record is as given; what signs in is as it was. @throws DuplicateError as `insert` */
    async update(user) {
      const profile = toProfileRow(user)
      await updateUser(user.tenantId, user.id)
        .set({ ...profile, must_change_password: flag(user.mustChangePassword) })
        .set({
          email_changed_at: changedAt(dialect, 'email', profile.email_key),
          mobile_changed_at: changedAt(dialect, 'mobile', profile.mobile),
        })
        .execute()
      await db
        .deleteFrom('user_relations')
        .where('tenant_id', '=', user.tenantId)
        .where('user_id', '=', user.id)
        .execute()
      await insertRelations(context, user)
    },

    /** The user is gone and no longer counted, with password history, sessions and open sign-ins; resets and the audit record stay. */
    async delete(tenantId, userId) {
      const { numDeletedRows } = await db
        .deleteFrom('users')
        .where('tenant_id', '=', tenantId)
        .where('id', '=', userId)
        .executeTakeFirstOrThrow()
      if (numDeletedRows > 0n) {
        await addToCount(context, tenantId, 'user', -1)
        await forgetUniqueAttributes(context, { tenantId, kind: 'users', ownerId: userId })
      }
    },

    async setDisabled(tenantId, userId, disabled, updatedAt) {
      await updateUser(tenantId, userId)
        .set({ disabled: flag(disabled), updated_at: updatedAt })
        .execute()
    },

    /** Messages of before are dealt with; who signs in is as it was. */
    async setFrozen(tenantId, userId, at) {
      await updateUser(tenantId, userId).set({ frozen_at: at }).execute()
    },

    async recordSignIn(tenantId, userId, at, address) {
      await setSignIn.run(context, { tenantId, userId, at, address: orNull(address) })
    },
  }
}

const setSignIn = prepareStatement(
  (db, value: Places<UserKey & { readonly at: number; readonly address: string | null }>) =>
    db
      .updateTable('users')
      .set({ last_sign_in_at: value('at'), last_sign_in_address: value('address') })
      .where('tenant_id', '=', value('tenantId'))
      .where('id', '=', value('userId')),
)

/** The time of the last change of a contact, in a statement that sets it to `value`: on the right stands what was. */
function changedAt(
  dialect: Dialect,
  contact: 'email' | 'mobile',
  value: string | null,
): RawBuilder<number | null> {
  const before = sql.ref(contact === 'email' ? 'email_key' : 'mobile')
  return sql`case when coalesce(${before}, '') = coalesce(${value}, '') then ${sql.ref(`${contact}_changed_at`)} else ${dialect.now()} end`
}

/** So that the organisations know who is in them; the order and the types stand in the user's row. */
async function insertRelations({ db }: StoreContext, user: User): Promise<void> {
  const ids = new Set(user.relations.map(({ organizationId }) => organizationId))
  if (ids.size > 0) {
    const rows = [...ids].map((id) => ({ tenant_id: user.tenantId, organization_id: id, user_id: user.id }))
    await db.insertInto('user_relations').values(rows).execute()
  }
}
