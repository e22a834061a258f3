import { route } from '../../../../route.ts'
import { ApplicationIdParams, BatchAnswer } from '../application-schema.ts'
import { RoleMembersBody, readAccountIds } from './role-schema.ts'

export const addRoleMembers = route({
  method: 'POST',
  path: '/:app_id/role-member',
  permission: 'account_all',
  summary: 'Give a role to accounts',
  params: ApplicationIdParams,
  body: RoleMembersBody,
  answers: [200, 'APP.0001', 'APP.OBJECTMODEL.0006', 'APP.ROLE.9001', 'REQUEST.9002'],
  success: BatchAnswer,
  handle: async ({ core, caller, params, body }) => {
    const id = { applicationId: params.app_id, roleId: body.role_id }
    const { succeeded, failed } = await core.addRoleMembers(caller, id, readAccountIds(body))
    return { body: { success_list: [...succeeded], fail_list: [...failed] } }
  },
})
