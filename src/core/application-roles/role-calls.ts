import type { Account, ApplicationRole } from '../../store/store.ts'
import type { AccountId } from '../accounts/account-calls.ts'
import type { Caller } from '../permissions/caller.ts'

export interface RoleId {
  readonly applicationId: string
  readonly roleId: string
}

/** `null`: none; as a change, absent leaves it. */
export interface NewRole {
  readonly code: string
  readonly name: string | null
}

interface Page {
  readonly pageIndex: number
  readonly pageSize: number
}

/** What became of each of a list of ids. */
export interface BatchOutcome {
  readonly succeeded: readonly string[]
  readonly failed: readonly string[]
}

export interface AccountRoles {
  readonly accountId: string
  readonly roles: readonly ApplicationRole[]
}

/** What the edges may ask about the roles of an application. Each throws ApiError with a code that its route declares. */
export interface RoleCalls {
  createRole(caller: Caller, applicationId: string, role: NewRole): Promise<{ readonly roleId: string }>
  renameRole(caller: Caller, id: RoleId, name: string | null): Promise<{ readonly roleId: string }>
  deleteRole(caller: Caller, id: RoleId): Promise<void>
  findRole(caller: Caller, id: RoleId): Promise<ApplicationRole>
  listRoles(
    caller: Caller,
    query: Page & { readonly applicationId: string },
  ): Promise<{ readonly total: number; readonly roles: readonly ApplicationRole[] }>
  listRoleMembers(
    caller: Caller,
    query: Page & RoleId,
  ): Promise<{ readonly total: number; readonly accounts: readonly Account[] }>
  addRoleMembers(caller: Caller, id: RoleId, accountIds: readonly string[]): Promise<BatchOutcome>
  removeRoleMembers(caller: Caller, id: RoleId, accountIds: readonly string[]): Promise<BatchOutcome>
  addRolesToAccount(caller: Caller, id: AccountId, roleIds: readonly string[]): Promise<BatchOutcome>
  listRolesOfAccount(caller: Caller, id: AccountId): Promise<readonly ApplicationRole[]>
  /** Roles of all accounts of an application, a page of accounts at a time. */
  listRolesOfAccounts(
    caller: Caller,
    query: Page & { readonly applicationId: string },
  ): Promise<{ readonly total: number; readonly accounts: readonly AccountRoles[] }>
}
