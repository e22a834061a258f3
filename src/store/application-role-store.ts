import type { Account, AccountKey, Page } from './account-store.ts'

/** A role that an application gives its accounts; what it allows is the application's own matter. */
export interface ApplicationRole {
  readonly tenantId: string
  readonly applicationId: string
  readonly id: string
  /** Unique in the application. */
  readonly code: string
  readonly name: string | undefined
  readonly createdAt: number
  readonly updatedAt: number
}

export interface RoleKey {
  readonly tenantId: string
  readonly applicationId: string
  readonly roleId: string
}

export interface ApplicationRoleRepository {
  find(key: RoleKey): Promise<ApplicationRole | undefined>
  /** Until the transaction ends the role stays. Comes after accounts' locks. False: there is none. */
  keep(key: RoleKey): Promise<boolean>
  /** Takes the row against new members and reads it. */
  lock(key: RoleKey): Promise<ApplicationRole | undefined>
  /** Ordered by id. */
  listPage(
    tenantId: string,
    applicationId: string,
    page: Page,
  ): Promise<{ readonly total: number; readonly roles: readonly ApplicationRole[] }>
  insert(role: ApplicationRole): Promise<void>
  /** Replaces the name. */
  update(role: ApplicationRole): Promise<void>
  delete(key: RoleKey): Promise<void>
  /** Accounts that have the role, ordered by id. */
  listMembers(
    key: RoleKey,
    page: Page,
  ): Promise<{ readonly total: number; readonly accounts: readonly Account[] }>
  hasMembers(key: RoleKey): Promise<boolean>
  /** Roles of one account, ordered by id. */
  listOfAccount(key: AccountKey): Promise<readonly ApplicationRole[]>
  /** Roles of a page of accounts of an application, whose ids are in order; by account id, each ordered by id. */
  listOfAccounts(
    tenantId: string,
    applicationId: string,
    accountIds: readonly string[],
  ): Promise<ReadonlyMap<string, readonly ApplicationRole[]>>
  /** False: has it already. */
  addMember(key: RoleKey, accountId: string): Promise<boolean>
  /** False: did not have it. */
  removeMember(key: RoleKey, accountId: string): Promise<boolean>
}
