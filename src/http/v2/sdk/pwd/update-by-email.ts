import { Type } from 'typebox'
import { Secret } from '../../../../core/secret.ts'
import { route } from '../../../route.ts'
import {
  DeviceHeaders,
  Email,
  NewPassword,
  newPasswordCodes,
  requireFilled,
  VerifyCode,
} from '../sdk-schema.ts'

export const recoverByEmail = route({
  method: 'POST',
  path: '/pwd/update-by-email',
  permission: 'sdk',
  summary: 'Set a new password in place of a forgotten one, with a code that was sent by mail',
  headers: DeviceHeaders,
  body: Type.Object({ email: Email, verify_code: VerifyCode, password: NewPassword }),
  answers: [200, 'SDK.SMS.1005', 'SDK.LOGIN.1003', 'SDK.LOGIN.9002', ...newPasswordCodes],
  handle: async ({ core, signIn, body }) => {
    const { email, verify_code, password } = body
    requireFilled({ email, verify_code })
    await core.recoverPassword({
      ...signIn,
      channel: 'EMAIL',
      contact: email,
      code: new Secret(verify_code),
      newPassword: new Secret(password),
    })
    return { body: undefined }
  },
})
