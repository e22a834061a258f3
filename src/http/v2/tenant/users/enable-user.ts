import { route } from '../../../route.ts'
import { UserIdAnswer, UserIdParams } from './user-schema.ts'

export const enableUser = route({
  method: 'PUT',
  path: '/:user_id/enable',
  permission: 'user_all',
  summary: 'Enable a user',
  params: UserIdParams,
  answers: [200, 'USER.0001', 'USER.9006'],
  success: UserIdAnswer,
  handle: async ({ core, caller, params }) => {
    const { userId } = await core.enableUser(caller, params.user_id)
    return { body: { user_id: userId } }
  },
})
