import { Type } from 'typebox'
import { route } from '../../../../route.ts'
import { Permissions, presentRolePermissions } from './account-permissions.ts'
import { AccountIdParams } from './account-schema.ts'

export const getAccountPermissions = route({
  method: 'GET',
  path: '/:app_id/account/:account_id/permissions', // sic: `account`, the contract's spelling
  permission: 'account_read',
  summary: 'Get what an account is permitted; functions and data have no permissions of their own here',
  params: AccountIdParams,
  answers: [200, 'APP.0001', 'APP.ACCOUNT.0028'],
  success: Type.Object(
    { roles: Permissions, funcPerms: Permissions, dataPerms: Permissions },
    { additionalProperties: false },
  ),
  handle: async ({ core, caller, params }) => {
    const id = { applicationId: params.app_id, accountId: params.account_id }
    const roles = await core.listRolesOfAccount(caller, id)
    return { body: { roles: presentRolePermissions(roles), funcPerms: [], dataPerms: [] } }
  },
})
