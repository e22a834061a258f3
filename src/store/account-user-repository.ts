import { sql } from 'kysely'
import { normaliseKey } from '../core/users/normalise-key.ts'
import { accountColumns, accountKind, toAccount, toAccountKey } from './account-rows.ts'
import type { Account, AccountKey, AccountRepository, Page } from './account-store.ts'
import type { StoreContext } from './context.ts'
import { addToCount } from './counts.ts'

type OfUser = 'listOfUser' | 'orphanOfUser' | 'deleteOfFormerUser'
type Users = 'keepUserByName' | 'listUsers' | 'addUser' | 'removeUser'

/** What stands between accounts and users. */
export function createAccountUserMethods(context: StoreContext): Pick<AccountRepository, OfUser | Users> {
  return { ...createMethodsOfUser(context), ...createMethodsOfPublicAccounts(context) }
}

function createMethodsOfUser(context: StoreContext): Pick<AccountRepository, OfUser> {
  const { db } = context
  return {
    listOfUser: (tenantId, userId, page) => listOfUser(context, tenantId, userId, page),

    /** The user's accounts are orphans, disabled, and counted as such. */
    async orphanOfUser(tenantId, userId, at) {
      const own = await db
        .selectFrom('accounts')
        .select(['tenant_id', 'application_id', 'id'])
        .where('tenant_id', '=', tenantId)
        .where('user_id', '=', userId)
        .orderBy('application_id') // counts are taken in this order, so that two removals do not wait for each other
        .execute()
      await db
        .updateTable('accounts')
        .set({ account_type: 'ORPHAN_ACCOUNT', former_user_id: userId, user_id: null })
        .set({ disabled: 1, updated_at: at })
        .where('tenant_id', '=', tenantId)
        .where('user_id', '=', userId)
        .execute()
      for (const { application_id: applicationId } of own) {
        await addToCount(context, tenantId, accountKind(applicationId, 'BASIC_ACCOUNT'), -1)
        await addToCount(context, tenantId, accountKind(applicationId, 'ORPHAN_ACCOUNT'), 1)
      }
      return own.map(toAccountKey)
    },

    /** They are neither there nor counted. */
    async deleteOfFormerUser(tenantId, userId) {
      const gone = await db
        .deleteFrom('accounts')
        .where('tenant_id', '=', tenantId)
        .where('former_user_id', '=', userId)
        .returning(['tenant_id', 'application_id', 'id'])
        .execute()
      for (const { application_id: applicationId } of gone) {
        await addToCount(context, tenantId, accountKind(applicationId, 'ORPHAN_ACCOUNT'), -1)
      }
      return gone.map(toAccountKey)
    },
  }
}

/** A user has at most one account in each application, and uses few public ones: they are counted one by one. */
async function listOfUser(
  { db }: StoreContext,
  tenantId: string,
  userId: string,
  page: Page,
): Promise<{ readonly total: number; readonly accounts: readonly Account[] }> {
  const own = db
    .selectFrom('accounts')
    .select(accountColumns)
    .where('accounts.tenant_id', '=', tenantId)
    .where('accounts.user_id', '=', userId)
  const used = db
    .selectFrom('account_users')
    .innerJoin('accounts', (join) =>
      join
        .onRef('accounts.tenant_id', '=', 'account_users.tenant_id')
        .onRef('accounts.application_id', '=', 'account_users.application_id')
        .onRef('accounts.id', '=', 'account_users.account_id'),
    )
    .select(accountColumns)
    .where('account_users.tenant_id', '=', tenantId)
    .where('account_users.user_id', '=', userId)
  const all = own.unionAll(used)
  const counting = db
    .selectFrom(all.as('found'))
    .select(({ fn }) => fn.countAll<number>().as('total'))
    .executeTakeFirst()
  const reading = all
    .orderBy('application_id')
    .orderBy('id')
    .limit(page.pageSize)
    .offset(page.pageIndex * page.pageSize)
    .execute()
  const [counted, rows] = await Promise.all([counting, reading])
  return { total: counted?.total ?? 0, accounts: rows.map(toAccount) }
}

function createMethodsOfPublicAccounts({ db, dialect }: StoreContext): Pick<AccountRepository, Users> {
  const usesOf = ({ tenantId, applicationId, accountId }: AccountKey) =>
    db
      .selectFrom('account_users')
      .where('account_users.tenant_id', '=', tenantId)
      .where('account_users.application_id', '=', applicationId)
      .where('account_users.account_id', '=', accountId)
  return {
    async keepUserByName(tenantId, userName) {
      const row = await db
        .selectFrom('users')
        .select('id')
        .where('tenant_id', '=', tenantId)
        .where('user_name_key', '=', normaliseKey(userName))
        // the weakest lock that a removal waits for
        .$if(dialect.hasRowLocks, (query) => query.forKeyShare())
        .executeTakeFirst()
      return row?.id
    },

    async listUsers(key, page) {
      const counting = usesOf(key)
        .select(({ fn }) => fn.countAll<number>().as('total'))
        .executeTakeFirst()
      const reading = usesOf(key)
        .innerJoin('users', (join) =>
          join
            .onRef('users.tenant_id', '=', 'account_users.tenant_id')
            .onRef('users.id', '=', 'account_users.user_id'),
        )
        .select(['users.id', 'users.user_name', 'users.disabled'])
        .orderBy('account_users.user_id')
        .limit(page.pageSize)
        .offset(page.pageIndex * page.pageSize)
        .execute()
      const [counted, rows] = await Promise.all([counting, reading])
      const users = rows.map((row) => ({
        id: row.id,
        userName: row.user_name,
        disabled: row.disabled === 1,
      }))
      return { total: counted?.total ?? 0, users }
    },

    /** The user uses the account. */
    async addUser({ tenantId, applicationId, accountId }, userId) {
      const { numAffectedRows } = await sql`
        insert into account_users (tenant_id, application_id, account_id, user_id)
        values (${tenantId}, ${applicationId}, ${accountId}, ${userId})
        on conflict (tenant_id, application_id, account_id, user_id) do nothing`.execute(db)
      return numAffectedRows === 1n
    },

    /** The user does not use the account. */
    async removeUser({ tenantId, applicationId, accountId }, userId) {
      const { numDeletedRows } = await db
        .deleteFrom('account_users')
        .where('tenant_id', '=', tenantId)
        .where('application_id', '=', applicationId)
        .where('account_id', '=', accountId)
        .where('user_id', '=', userId)
        .executeTakeFirstOrThrow()
      return numDeletedRows === 1n
    },
  }
}
