import { route } from '../../../route.ts'
import { presentUser } from './present-user.ts'
import { UserIdParams, UserRecord } from './user-schema.ts'

export const getUser = route({
  method: 'GET',
  path: '/:user_id',
  permission: 'user_read',
  summary: 'Get a user by id',
  params: UserIdParams,
  answers: [200, 'USER.0001'],
  success: UserRecord,
  handle: async ({ core, caller, params }) => {
    const user = await core.findUser(caller, params.user_id)
    return { body: presentUser(user, caller.tenant.timeZone) }
  },
})
