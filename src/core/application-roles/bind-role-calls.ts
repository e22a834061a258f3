import type { Store } from '../../store/store.ts'
import type { RandomBytes } from '../randomness.ts'
import { addRolesToAccount } from './add-roles-to-account.ts'
import { createRole } from './create-role.ts'
import { deleteRole } from './delete-role.ts'
import { findRole } from './find-role.ts'
import { listRoles, listRolesOfAccount, listRolesOfAccounts } from './list-roles.ts'
import { renameRole } from './rename-role.ts'
import type { RoleCalls } from './role-calls.ts'
import { addRoleMembers, listRoleMembers, removeRoleMembers } from './role-members.ts'

/** The operations on the roles of applications with what they need already given. */
export function bindRoleCalls(deps: { readonly store: Store; readonly random: RandomBytes }): RoleCalls {
  return {
    createRole: (caller, applicationId, role) => createRole(deps, caller, applicationId, role),
    renameRole: (caller, id, name) => renameRole(deps, caller, id, name),
    deleteRole: (caller, id) => deleteRole(deps, caller, id),
    findRole: (caller, id) => findRole(deps, caller, id),
    listRoles: (caller, query) => listRoles(deps, caller, query),
    listRoleMembers: (caller, query) => listRoleMembers(deps, caller, query),
    addRoleMembers: (caller, id, accountIds) => addRoleMembers(deps, caller, id, accountIds),
    removeRoleMembers: (caller, id, accountIds) => removeRoleMembers(deps, caller, id, accountIds),
    addRolesToAccount: (caller, id, roleIds) => addRolesToAccount(deps, caller, id, roleIds),
    listRolesOfAccount: (caller, id) => listRolesOfAccount(deps, caller, id),
    listRolesOfAccounts: (caller, query) => listRolesOfAccounts(deps, caller, query),
  }
}
