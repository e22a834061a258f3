import { route } from '../../../../route.ts'
import { presentRole, RoleIdParams, RoleRecord } from './role-schema.ts'

export const getRole = route({
  method: 'GET',
  path: '/:app_id/role/:role_id',
  permission: 'account_read',
  summary: 'Get a role of an application',
  params: RoleIdParams,
  answers: [200, 'APP.0001', 'APP.ROLE.9001'],
  success: RoleRecord,
  handle: async ({ core, caller, params }) => {
    const id = { applicationId: params.app_id, roleId: params.role_id }
    return { body: presentRole(await core.findRole(caller, id), caller.tenant.timeZone) }
  },
})
