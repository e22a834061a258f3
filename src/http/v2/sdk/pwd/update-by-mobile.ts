import { Type } from 'typebox'
import { Secret } from '../../../../core/secret.ts'
import { route } from '../../../route.ts'
import {
  DeviceHeaders,
  Mobile,
  NewPassword,
  newPasswordCodes,
  requireFilled,
  VerifyCode,
} from '../sdk-schema.ts'

export const recoverByMobile = route({
  method: 'POST',
  path: '/pwd/update-by-mobile',
  permission: 'sdk',
  summary: 'Set a new password in place of a forgotten one, with a code that was sent by SMS',
  headers: DeviceHeaders,
  body: Type.Object({ mobile: Mobile, verify_code: VerifyCode, password: NewPassword }),
  answers: [200, 'SDK.SMS.1005', 'SDK.LOGIN.1003', 'SDK.LOGIN.9002', ...newPasswordCodes],
  handle: async ({ core, signIn, body }) => {
    const { mobile, verify_code, password } = body
    requireFilled({ mobile, verify_code })
    await core.recoverPassword({
      ...signIn,
      channel: 'SMS',
      contact: mobile,
      code: new Secret(verify_code),
      newPassword: new Secret(password),
    })
    return { body: undefined }
  },
})
