import { Type } from 'typebox'
import { Secret } from '../../../../core/secret.ts'
import { route } from '../../../route.ts'
import { CaptchaToken, DeviceHeaders, Mobile, requireFilled } from '../sdk-schema.ts'

export const sendSms = route({
  method: 'POST',
  path: '/sms/send',
  permission: 'sdk',
  summary: 'Have a code sent by SMS to whoever has the number; the answer is the same if nobody has it',
  headers: DeviceHeaders,
  body: Type.Object({
    mobile: Mobile,
    type: Type.String({
      maxLength: 64,
      description: 'LOGIN_SMS, FORGET_PWD_SMS, CHANGE_PWD_SMS, MFA_AUTH_SMS; others are refused',
      examples: ['LOGIN_SMS'],
    }),
    captcha_token: Type.Optional(CaptchaToken),
  }),
  answers: [200, 'SDK.COMMON.1006', 'SDK.CAPTCHA.9001', 'SDK.SMS.9001', 'MSG.0004'],
  handle: async ({ core, signIn, body }) => {
    const { mobile, type, captcha_token } = body
    requireFilled({ mobile, type })
    await core.requestCode({
      ...signIn,
      channel: 'SMS',
      contact: mobile,
      type,
      captchaToken: captcha_token === undefined ? undefined : new Secret(captcha_token),
    })
    return { body: undefined }
  },
})
