import { Type } from 'typebox'
import { Secret } from '../../../../core/secret.ts'
import { route } from '../../../route.ts'
import { CaptchaToken, DeviceHeaders, Email, requireFilled } from '../sdk-schema.ts'

export const sendEmail = route({
  method: 'POST',
  path: '/email/send',
  permission: 'sdk',
  summary: 'Have a code sent by mail to whoever has the address; the answer is the same if nobody has it',
  headers: DeviceHeaders,
  body: Type.Object({
    email: Email,
    type: Type.String({
      maxLength: 64,
      description: 'LOGIN_EMS, FORGET_PWD_EMS, CHANGE_PWD_EMS, MFA_AUTH_EMS; others are refused',
      examples: ['LOGIN_EMS'],
    }),
    captcha_token: Type.Optional(CaptchaToken),
  }),
  answers: [200, 'SDK.COMMON.1006', 'SDK.CAPTCHA.9001', 'SDK.SMS.9001', 'MSG.0004'],
  handle: async ({ core, signIn, body }) => {
    const { email, type, captcha_token } = body
    requireFilled({ email, type })
    await core.requestCode({
      ...signIn,
      channel: 'EMAIL',
      contact: email,
      type,
      captchaToken: captcha_token === undefined ? undefined : new Secret(captcha_token),
    })
    return { body: undefined }
  },
})
