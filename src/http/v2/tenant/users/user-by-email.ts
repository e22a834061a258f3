import { Type } from 'typebox'
import { route } from '../../../route.ts'
import { presentUser } from './present-user.ts'
import { UserRecord } from './user-schema.ts'

export const userByEmail = route({
  method: 'POST',
  path: '/user-by-email',
  permission: 'user_read',
  summary: 'Get a user by e-mail address',
  body: Type.Object({ email: Type.String() }),
  answers: [200, 'USER.0001', 'REQUEST.9002'],
  success: UserRecord,
  handle: async ({ core, caller, body }) => {
    const user = await core.findUserByEmail(caller, body.email)
    return { body: presentUser(user, caller.tenant.timeZone) }
  },
})
