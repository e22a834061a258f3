import { route } from '../../../route.ts'
import { readUserChanges, UserBody } from './user-body.ts'
import { UserIdAnswer, UserIdParams } from './user-schema.ts'

export const modifyUser = route({
  method: 'PUT',
  path: '/:user_id',
  permission: 'user_all',
  summary: 'Change a user; absent fields stay as they are, and the password is not one of them',
  params: UserIdParams,
  body: UserBody,
  answers: [
    200,
    'USER.0001',
    'USER.0011',
    'USER.0012',
    'USER.0038',
    'USER.9002',
    'USER.9003',
    'USER.9004',
    'USER.9005',
    'USER.9006',
    'USER.9007',
    'USER.9008',
    'ORG.0001',
    'REQUEST.9002',
  ],
  success: UserIdAnswer,
  handle: async ({ core, caller, params, body }) => {
    const { userId } = await core.modifyUser(caller, params.user_id, readUserChanges(body))
    return { body: { user_id: userId } }
  },
})
