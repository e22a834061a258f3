import { Type } from 'typebox'
import { passwordCodes } from '../../../password-codes.ts'
import { route } from '../../../route.ts'
import {
  PresentTypedPassword,
  readPassword,
  TypedPassword,
  UserIdAnswer,
  UserIdParams,
} from './user-schema.ts'

export const changePasswordVerify = route({
  method: 'PUT',
  path: '/:user_id/change-password-verify',
  permission: 'user_all',
  summary: 'Change a password for somebody who knows the old one; sessions end',
  params: UserIdParams,
  body: Type.Object({ password: TypedPassword, old_password: PresentTypedPassword }),
  answers: [
    200,
    'USER.0001',
    'USER.9001',
    'USER.9006',
    'USER.9009',
    ...passwordCodes,
    'PWD.9001',
    'PWD.9002',
    'PWD.9003',
    'PWD.9004',
    'REQUEST.9002',
  ],
  success: UserIdAnswer,
  handle: async ({ core, caller, params, body }) => {
    const { userId } = await core.changePasswordWithOld(caller, params.user_id, {
      oldPassword: readPassword(body.old_password),
      newPassword: readPassword(body.password),
    })
    return { body: { user_id: userId } }
  },
})
