import { Type } from 'typebox'
import { Secret } from '../../../../core/secret.ts'
import { route } from '../../../route.ts'
import {
  IdTokenHeaders,
  idTokenOf,
  NewPassword,
  newPasswordCodes,
  requireFilled,
  VerifyCode,
} from '../sdk-schema.ts'

export const changeByMobile = route({
  method: 'POST',
  path: '/pwd/change-by-mobile',
  permission: 'sdk',
  summary:
    'Change the password of whoever is signed in, with a code that was sent by SMS; every session ends',
  headers: IdTokenHeaders,
  body: Type.Object({ verify_code: VerifyCode, password: NewPassword }),
  answers: [
    200,
    'invalid_token',
    'SDK.SMS.1005',
    'SDK.LOGIN.1003',
    'SDK.LOGIN.9002',
    ...newPasswordCodes,
    'PWD.9004',
  ],
  handle: async ({ core, signIn, request, body }) => {
    const idToken = idTokenOf(request)
    const { verify_code, password } = body
    requireFilled({ verify_code })
    await core.changePasswordByCode({
      ...signIn,
      idToken,
      channel: 'SMS',
      code: new Secret(verify_code),
      newPassword: new Secret(password),
    })
    return { body: undefined }
  },
})
