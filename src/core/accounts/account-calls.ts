import type { Account, AccountUser } from '../../store/store.ts'
import type { Caller } from '../permissions/caller.ts'

/** What a caller wrote. Absent: left as it is. `null`: none. */
export interface AccountChanges {
  readonly accountName?: string
  readonly name?: string | null
  /** Of one of the application's own organisations. */
  readonly organizationCode?: string | null
  readonly disabled?: boolean
  readonly extension?: Readonly<Record<string, unknown>> | null
}

export interface NewPublicAccount extends AccountChanges {
  readonly accountName: string
}

export interface AccountId {
  readonly applicationId: string
  readonly accountId: string
}

interface Page {
  readonly pageIndex: number
  readonly pageSize: number
}

export interface ListAccountsQuery extends Page {
  readonly applicationId: string
  /** As it arrived: absent or empty: all; anything but a type is APP.ACCOUNT.0045. */
  readonly type: unknown
}

interface AccountPage {
  readonly total: number
  readonly accounts: readonly Account[]
}

interface ChangedAccount {
  readonly accountId: string
}

/** What the edges may ask about accounts. Each throws ApiError with a code that its route declares. */
export interface AccountCalls {
  /** Without a name, the account has the user's. */
  createBasicAccount(
    caller: Caller,
    owner: { readonly applicationId: string; readonly userId: string },
    account: AccountChanges,
  ): Promise<ChangedAccount>
  createPublicAccount(
    caller: Caller,
    applicationId: string,
    account: NewPublicAccount,
  ): Promise<ChangedAccount>
  modifyAccount(caller: Caller, id: AccountId, changes: AccountChanges): Promise<ChangedAccount>
  deleteAccount(caller: Caller, id: AccountId): Promise<void>
  findAccount(caller: Caller, id: AccountId): Promise<Account>
  listAccounts(caller: Caller, query: ListAccountsQuery): Promise<AccountPage>
  /** The user's own and the public ones that the user uses. Without a page: the first of them. */
  listAccountsOfUser(caller: Caller, userId: string, page: Page | undefined): Promise<AccountPage>
  listUsersOfPublicAccount(
    caller: Caller,
    query: AccountId & Page,
  ): Promise<{ readonly total: number; readonly users: readonly AccountUser[] }>
  /** All of them, or none. */
  addUsersToPublicAccount(
    caller: Caller,
    id: AccountId,
    userNames: readonly string[],
  ): Promise<ChangedAccount>
  removeUsersFromPublicAccount(
    caller: Caller,
    id: AccountId,
    userNames: readonly string[],
  ): Promise<ChangedAccount>
}
