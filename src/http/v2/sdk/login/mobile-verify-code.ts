import { Type } from 'typebox'
import { Secret } from '../../../../core/secret.ts'
import { route } from '../../../route.ts'
import { presentSignIn } from '../present-sign-in.ts'
import { DeviceHeaders, Mobile, requireFilled, VerifyCode } from '../sdk-schema.ts'
import { SignInAnswer } from '../sign-in-answer.ts'

export const loginByMobileCode = route({
  method: 'POST',
  path: '/login/mobile-verify-code',
  permission: 'sdk',
  summary: 'Sign in with a code that was sent by SMS',
  headers: DeviceHeaders,
  body: Type.Object({ mobile: Mobile, verify_code: VerifyCode }),
  answers: [200, 'SDK.COMMON.1009', 'SDK.SMS.1005', 'SDK.LOGIN.1003', 'SDK.LOGIN.9002'],
  success: SignInAnswer,
  handle: async ({ core, signIn, body }) => {
    const { mobile, verify_code } = body
    requireFilled({ mobile, verify_code })
    const code = new Secret(verify_code)
    const answer = await core.signInByCode({ ...signIn, channel: 'SMS', contact: mobile, code })
    return { body: presentSignIn(answer) }
  },
})
