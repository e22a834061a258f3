import type { Route } from '../../../../route.ts'
import { addRoleMembers } from './add-role-members.ts'
import { createRole } from './create-role.ts'
import { deleteRole } from './delete-role.ts'
import { getRole } from './get-role.ts'
import { listRoleMembers } from './list-role-members.ts'
import { listRoles } from './list-roles.ts'
import { modifyRole } from './modify-role.ts'
import { removeRoleMembers } from './remove-role-members.ts'

/**
 * Below `/api/v2/tenant/applications`. The contract does not name the permission codes of roles: those of accounts,
 * which it names for the roles of one account (section 1), hold for all of them.
 */
export const roleRoutes: readonly Route[] = [
  listRoles,
  createRole,
  getRole,
  modifyRole,
  deleteRole,
  listRoleMembers,
  addRoleMembers,
  removeRoleMembers,
]
