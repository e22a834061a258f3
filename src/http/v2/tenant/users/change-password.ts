import { Type } from 'typebox'
import { passwordCodes } from '../../../password-codes.ts'
import { route } from '../../../route.ts'
import { isTrue, MustModify } from './user-body.ts'
import { readPassword, TypedPassword, UserIdAnswer, UserIdParams } from './user-schema.ts'

export const changePassword = route({
  method: 'PUT',
  path: '/:user_id/change-password',
  permission: 'user_all',
  summary: 'Set a password without the old one; sessions end',
  params: UserIdParams,
  body: Type.Object({
    password: TypedPassword,
    // absent: true
    pwd_must_modify: Type.Optional(Type.Union([MustModify, Type.Null()])),
  }),
  answers: [200, 'USER.0001', 'USER.9001', 'USER.9006', ...passwordCodes, 'PWD.9003', 'REQUEST.9002'],
  success: UserIdAnswer,
  handle: async ({ core, caller, params, body }) => {
    const { userId } = await core.setPassword(caller, params.user_id, {
      password: readPassword(body.password),
      mustChange: isTrue(body.pwd_must_modify ?? true),
    })
    return { body: { user_id: userId } }
  },
})
