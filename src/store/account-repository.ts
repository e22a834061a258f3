import { type AccountType, accountTypes } from '../core/accounts/account-type.ts'
import { accountColumns, accountKind, toAccount, toAccountChanges, toAccountRow } from './account-rows.ts'
import type { Account, AccountKey, AccountRepository, Page } from './account-store.ts'
import { createAccountUserMethods } from './account-user-repository.ts'
import type { StoreContext } from './context.ts'
import { addToCount, readCount } from './counts.ts'

export function createAccountRepository(context: StoreContext): AccountRepository {
  return {
    ...createReadingMethods(context),
    ...createWritingMethods(context),
    ...createAccountUserMethods(context),
  }
}

type Reading = 'find' | 'lock' | 'listPage' | 'hasAccount'
type Writing = 'insert' | 'update' | 'delete'

function accountOf({ db }: StoreContext, { tenantId, applicationId, accountId }: AccountKey) {
  return db
    .selectFrom('accounts')
    .select(accountColumns)
    .where('tenant_id', '=', tenantId)
    .where('application_id', '=', applicationId)
    .where('id', '=', accountId)
}

function createReadingMethods(context: StoreContext): Pick<AccountRepository, Reading> {
  const { db, dialect } = context
  return {
    async find(key) {
      const row = await accountOf(context, key).executeTakeFirst()
      return row && toAccount(row)
    },

    async lock(key) {
      const row = await accountOf(context, key)
        .$if(dialect.hasRowLocks, (query) => query.forUpdate())
        .executeTakeFirst()
      return row && toAccount(row)
    },

    listPage: (tenantId, applicationId, type, page) =>
      listPage(context, { tenantId, applicationId, type }, page),

    async hasAccount(tenantId, userId, applicationId) {
      const row = await db
        .selectFrom('accounts')
        .select('id')
        .where('tenant_id', '=', tenantId)
        .where('user_id', '=', userId)
        .where('application_id', '=', applicationId)
        .executeTakeFirst()
      return row !== undefined
    },
  }
}

async function listPage(
  context: StoreContext,
  {
    tenantId,
    applicationId,
    type,
  }: {
    readonly tenantId: string
    readonly applicationId: string
    readonly type: AccountType | undefined
  },
  page: Page,
): Promise<{ readonly total: number; readonly accounts: readonly Account[] }> {
  const types = type === undefined ? accountTypes : [type]
  const counting = types.map((each) => readCount(context, tenantId, accountKind(applicationId, each)))
  const reading = context.db
    .selectFrom('accounts')
    .select(accountColumns)
    .where('tenant_id', '=', tenantId)
    .where('application_id', '=', applicationId)
    .$if(type !== undefined, (query) => query.where('account_type', '=', type ?? ''))
    .orderBy('id')
    .limit(page.pageSize)
    .offset(page.pageIndex * page.pageSize)
    .execute()
  // together: one of them alone, left behind by a store that goes away, would end the process
  const [rows, ...counts] = await Promise.all([reading, ...counting])
  return { total: counts.reduce((sum, count) => sum + count, 0), accounts: rows.map(toAccount) }
}

function createWritingMethods(context: StoreContext): Pick<AccountRepository, Writing> {
  const { db } = context
  return {
    /** The account is there and counted. @throws DuplicateError `accounts_name`, `accounts_user` */
    async insert(account) {
      await db.insertInto('accounts').values(toAccountRow(account)).execute()
      await addToCount(context, account.tenantId, accountKind(account.applicationId, account.type), 1)
    },

    /** Names, organisation, disabled and extension are as given. @throws DuplicateError `accounts_name` */
    async update(account) {
      await db
        .updateTable('accounts')
        .set(toAccountChanges(account))
        .where('tenant_id', '=', account.tenantId)
        .where('application_id', '=', account.applicationId)
        .where('id', '=', account.id)
        .execute()
    },

    /** The account is neither there nor counted; nobody uses it and it has no role. */
    async delete(account) {
      const { numDeletedRows } = await db
        .deleteFrom('accounts')
        .where('tenant_id', '=', account.tenantId)
        .where('application_id', '=', account.applicationId)
        .where('id', '=', account.id)
        .executeTakeFirstOrThrow()
      if (numDeletedRows > 0n) {
        await addToCount(context, account.tenantId, accountKind(account.applicationId, account.type), -1)
      }
    },
  }
}
