import { Type } from 'typebox'
import { Secret } from '../../../../core/secret.ts'
import { passwordCodes } from '../../../password-codes.ts'
import { route } from '../../../route.ts'
import { IdTokenHeaders, idTokenOf, Password, PresentPassword } from '../sdk-schema.ts'

export const changePassword = route({
  method: 'POST',
  path: '/pwd/change',
  permission: 'sdk',
  summary: 'Change the password of whoever is signed in; every session ends',
  headers: IdTokenHeaders,
  body: Type.Object({
    old_password: Type.Optional(PresentPassword),
    new_password: Password,
  }),
  answers: [
    200,
    'invalid_token',
    'SDK.LOGIN.1003',
    'SDK.LOGIN.9002',
    ...passwordCodes,
    'PWD.9001',
    'PWD.9002',
    'PWD.9003',
    'PWD.9004',
  ],
  handle: async ({ core, signIn, request, body }) => {
    await core.changeOwnPassword({
      ...signIn,
      idToken: idTokenOf(request),
      // absent and empty are one: the contract omits it when no password is set
      oldPassword: body.old_password ? new Secret(body.old_password) : undefined,
      newPassword: new Secret(body.new_password),
    })
    return { body: undefined }
  },
})
