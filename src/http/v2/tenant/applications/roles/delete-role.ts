import { route } from '../../../../route.ts'
import { RoleIdParams } from './role-schema.ts'

export const deleteRole = route({
  method: 'DELETE',
  path: '/:app_id/role/:role_id',
  permission: 'account_all',
  summary: 'Delete a role of an application that no account has',
  params: RoleIdParams,
  answers: [200, 'APP.0001', 'APP.ROLE.9001', 'APP.ROLE.9005'], // OneAccess's page: 200 and an empty body
  handle: async ({ core, caller, params }) => {
    await core.deleteRole(caller, { applicationId: params.app_id, roleId: params.role_id })
    return { body: undefined }
  },
})
