import { Type } from 'typebox'
import { route } from '../../../route.ts'
import { presentUser } from './present-user.ts'
import { UserRecord } from './user-schema.ts'

export const userByUserName = route({
  method: 'POST',
  path: '/user-by-username',
  permission: 'user_read',
  summary: 'Get a user by user name',
  body: Type.Object({ user_name: Type.String() }),
  answers: [200, 'USER.0001', 'REQUEST.9002'],
  success: UserRecord,
  handle: async ({ core, caller, body }) => {
    const user = await core.findUserByUserName(caller, body.user_name)
    return { body: presentUser(user, caller.tenant.timeZone) }
  },
})
