import { Type } from 'typebox'
import { Secret } from '../../../../core/secret.ts'
import { route } from '../../../route.ts'
import { presentSignIn } from '../present-sign-in.ts'
import { DeviceHeaders, Email, requireFilled, VerifyCode } from '../sdk-schema.ts'
import { SignInAnswer } from '../sign-in-answer.ts'

export const loginByEmailCode = route({
  method: 'POST',
  path: '/login/email-verify-code',
  permission: 'sdk',
  summary: 'Sign in with a code that was sent by mail',
  headers: DeviceHeaders,
  body: Type.Object({ email: Email, verify_code: VerifyCode }),
  answers: [200, 'SDK.COMMON.1009', 'SDK.SMS.1005', 'SDK.LOGIN.1003', 'SDK.LOGIN.9002'],
  success: SignInAnswer,
  handle: async ({ core, signIn, body }) => {
    const { email, verify_code } = body
    requireFilled({ email, verify_code })
    const code = new Secret(verify_code)
    const answer = await core.signInByCode({ ...signIn, channel: 'EMAIL', contact: email, code })
    return { body: presentSignIn(answer) }
  },
})
