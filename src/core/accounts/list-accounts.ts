import { ApiError } from '../../errors/api-error.ts'
import type { Account, Store } from '../../store/store.ts'
import { requireApplication } from '../applications/require-application.ts'
import type { Caller } from '../permissions/caller.ts'
import { requirePage } from '../require-page.ts'
import { isStorableText } from '../users/is-storable-text.ts'
import type { ListAccountsQuery } from './account-calls.ts'
import { type AccountType, accountTypes } from './account-type.ts'

interface AccountPage {
  readonly total: number
  readonly accounts: readonly Account[]
}

/** The contract knows no pages of a user's accounts: far more than there are applications for one person. */
const ACCOUNTS_OF_USER_MAX = 1_000

/**
 * One page of an application's accounts, in order of id. `total` counts every account of the type that is asked for.
 * @throws ApiError OAP.PAGE.0002, OAP.PAGE.0003; APP.ACCOUNT.0045 no such type; APP.0001 no such application
 */
export async function listAccounts(
  { store }: { readonly store: Pick<Store, 'read'> },
  caller: Caller,
  { applicationId, type, ...page }: ListAccountsQuery,
): Promise<AccountPage> {
  requirePage(page)
  const known = readType(type)
  await requireApplication(store.read, caller.tenant.id, applicationId)
  return await store.read.accounts.listPage(caller.tenant.id, applicationId, known, page)
}

function readType(type: unknown): AccountType | undefined {
  if (type === undefined || type === '') {
    return undefined
  }
  const known = accountTypes.find((each) => each === type)
  if (known === undefined) {
    throw new ApiError('APP.ACCOUNT.0045', { detail: 'account_type' })
  }
  return known
}

/**
 * Accounts of a user and public ones that the user uses, in order of application. Without a page: the first 1,000.
 * @throws ApiError OAP.PAGE.0002, OAP.PAGE.0003; USER.0001
 */
export async function listAccountsOfUser(
  { store }: { readonly store: Pick<Store, 'read'> },
  caller: Caller,
  userId: string,
  page: { readonly pageIndex: number; readonly pageSize: number } | undefined,
): Promise<AccountPage> {
  if (page !== undefined) {
    requirePage(page)
  }
  const tenantId = caller.tenant.id
  const user = isStorableText(userId) ? await store.read.users.find(tenantId, userId) : undefined
  if (user === undefined) {
    throw new ApiError('USER.0001')
  }
  const first = { pageIndex: 0, pageSize: ACCOUNTS_OF_USER_MAX }
  return await store.read.accounts.listOfUser(tenantId, user.id, page ?? first)
}
