import { Type } from 'typebox'
import { Secret } from '../../../../core/secret.ts'
import { route } from '../../../route.ts'
import { presentSignIn } from '../present-sign-in.ts'
import { Mobile, requireFilled, StateTokenHeaders, stateTokenOf, VerifyCode } from '../sdk-schema.ts'
import { SignInAnswer } from '../sign-in-answer.ts'

export const secondFactorBySms = route({
  method: 'POST',
  path: '/mfa/sms',
  permission: 'sdk',
  summary: 'Complete a sign-in that answered MFA_AUTH, with a code that was sent by SMS',
  headers: StateTokenHeaders,
  body: Type.Object({ mobile: Mobile, verify_code: VerifyCode }),
  answers: [200, 'SDK.COMMON.1005', 'SDK.SMS.1005', 'SDK.LOGIN.1003', 'SDK.LOGIN.9002'],
  success: SignInAnswer,
  handle: async ({ core, signIn, request, body }) => {
    const stateToken = stateTokenOf(request)
    const { mobile, verify_code } = body
    requireFilled({ mobile, verify_code })
    const code = new Secret(verify_code)
    const call = { ...signIn, stateToken, channel: 'SMS', contact: mobile, code } as const
    return { body: presentSignIn(await core.verifySecondFactor(call)) }
  },
})
