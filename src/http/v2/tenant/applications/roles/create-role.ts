import { Type } from 'typebox'
import { route } from '../../../../route.ts'
import { ApplicationIdParams } from '../application-schema.ts'
import { RoleIdAnswer } from './role-schema.ts'

export const createRole = route({
  method: 'POST',
  path: '/:app_id/role',
  permission: 'account_all',
  summary: 'Create a role of an application',
  params: ApplicationIdParams,
  body: Type.Object({
    code: Type.String({
      description: 'Unique in the application, whatever the case of its letters',
      examples: ['admin'],
    }),
    name: Type.Optional(
      Type.Union([Type.String(), Type.Null()], { description: 'Shown to people; empty or null: none' }),
    ),
  }),
  answers: [
    200, // OneAccess's page; not 201 as for accounts and organisations
    'APP.0001',
    'APP.OBJECTMODEL.0006',
    'APP.ROLE.9002',
    'APP.ROLE.9003',
    'APP.ROLE.9004',
    'REQUEST.9002',
  ],
  success: RoleIdAnswer,
  handle: async ({ core, caller, params, body }) => {
    const role = { code: body.code, name: body.name || null }
    const { roleId } = await core.createRole(caller, params.app_id, role)
    return { body: { role_id: roleId } }
  },
})
