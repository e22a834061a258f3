import { route } from '../../../route.ts'
import { UserIdAnswer, UserIdParams } from './user-schema.ts'

export const disableUser = route({
  method: 'PUT',
  path: '/:user_id/disable',
  permission: 'user_all',
  summary: 'Disable a user',
  params: UserIdParams,
  answers: [200, 'USER.0001', 'USER.9006'],
  success: UserIdAnswer,
  handle: async ({ core, caller, params }) => {
    const { userId } = await core.disableUser(caller, params.user_id)
    return { body: { user_id: userId } }
  },
})
