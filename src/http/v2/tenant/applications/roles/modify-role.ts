import { Type } from 'typebox'
import { route } from '../../../../route.ts'
import { RoleIdAnswer, RoleIdParams } from './role-schema.ts'

export const modifyRole = route({
  method: 'PUT',
  path: '/:app_id/role/:role_id',
  permission: 'account_all',
  summary: 'Rename a role of an application; its code stays',
  params: RoleIdParams,
  body: Type.Object({
    name: Type.Union([Type.String(), Type.Null()], { description: 'Shown to people; empty or null: none' }),
  }),
  answers: [200, 'APP.0001', 'APP.ROLE.9001', 'APP.ROLE.9004', 'REQUEST.9002'],
  success: RoleIdAnswer,
  handle: async ({ core, caller, params, body }) => {
    const id = { applicationId: params.app_id, roleId: params.role_id }
    const { roleId } = await core.renameRole(caller, id, body.name || null)
    return { body: { role_id: roleId } }
  },
})
