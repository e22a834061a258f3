import { type RawBuilder, sql } from 'kysely'
import { normaliseKey } from '../core/users/normalise-key.ts'
import type { StoreContext } from './context.ts'
import { createCredentialMethods } from './credential-repository.ts'
import type { Dialect } from './dialect.ts'
import { createSignInLookUps } from './find-for-sign-in.ts'
import { type Places, prepareStatement } from './prepared-statement.ts'
import { flag, orNull } from './row-values.ts'
import type { UserFilter, UserRepository, UserView } from './store.ts'
import {
  credentialColumns,
  toProfileRow,
  toUser,
  toUserRow,
  toUserWithCredential,
  type UserRow,
  userColumns,
} from './user-rows.ts'

export function createUserRepository(context: StoreContext): UserRepository {
  return {
    ...createReadingMethods(context),
    ...createWritingMethods(context),
    ...createCredentialMethods(context),
    ...createSignInLookUps(context),
  }
}

type Reading =
  | 'find'
  | 'findByUserName'
  | 'list'
  | 'listWithCredentials'
  | 'listAdministrators'
  | 'countWithoutPasswordOfAllTenants'
  | 'findWithCredential'
  | 'lock'
type Writing = 'insert' | 'update' | 'delete' | 'setDisabled' | 'recordSignIn'

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
    /** The user is there, with credential. @throws DuplicateError `users_user_name`, `users_email`, `users_mobile` */
    async insert(user) {
      await db
        .insertInto('users')
        .values({ ...toUserRow(user), reset_sequence: 0 })
        .execute()
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
    },

    /** The user is gone, with password history, sessions and open sign-ins; resets and the audit record stay. */
    async delete(tenantId, userId) {
      await db.deleteFrom('users').where('tenant_id', '=', tenantId).where('id', '=', userId).execute()
    },

    async setDisabled(tenantId, userId, disabled, updatedAt) {
      await updateUser(tenantId, userId)
        .set({ disabled: flag(disabled), updated_at: updatedAt })
        .execute()
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

/** Users with the end of their lock, if they are locked now. */
function userViews({ db, dialect }: Pick<StoreContext, 'db' | 'dialect'>, tenantId: string) {
  return db
    .selectFrom('users')
    .leftJoin('sign_in_failures', (join) =>
      join
        .onRef('sign_in_failures.tenant_id', '=', 'users.tenant_id')
        .on('sign_in_failures.subject', '=', ({ ref, val, eb }) => eb(val('user:'), '||', ref('users.id')))
        .on('sign_in_failures.locked_until', '>', dialect.now()),
    )
    .select(userColumns)
    .select('sign_in_failures.locked_until')
    .where('users.tenant_id', '=', tenantId)
}

async function listUsers(
  context: StoreContext,
  tenantId: string,
  filter: UserFilter,
  page: { readonly pageIndex: number; readonly pageSize: number },
): Promise<{ readonly total: number; readonly users: readonly UserView[] }> {
  const { organizationId, updatedAfter } = filter
  const counted = await context.db
    .selectFrom('users')
    .select(({ fn }) => fn.countAll<number>().as('total'))
    .where('users.tenant_id', '=', tenantId)
    .$if(organizationId !== undefined, (query) =>
      query.where('users.organization_id', '=', organizationId ?? ''),
    )
    .$if(updatedAfter !== undefined, (query) => query.where('users.updated_at', '>', updatedAfter ?? 0))
    .executeTakeFirst()
  const rows = await userViews(context, tenantId)
    .$if(organizationId !== undefined, (query) =>
      query.where('users.organization_id', '=', organizationId ?? ''),
    )
    .$if(updatedAfter !== undefined, (query) => query.where('users.updated_at', '>', updatedAfter ?? 0))
    // what changed is walked through, not all people; newest first, so that a change between two pages hides nobody
    .$if(updatedAfter !== undefined, (query) => query.orderBy('users.updated_at', 'desc'))
    .orderBy('users.id', updatedAfter === undefined ? 'asc' : 'desc')
    .limit(page.pageSize)
    .offset(page.pageIndex * page.pageSize)
    .execute()
  return { total: counted?.total ?? 0, users: rows.map(toView) }
}

function toView(row: UserRow & { readonly locked_until: number | null }): UserView {
  return { ...toUser(row), locked: row.locked_until !== null }
}
