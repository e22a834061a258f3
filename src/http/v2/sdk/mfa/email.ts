import { Type } from 'typebox'
import { Secret } from '../../../../core/secret.ts'
import { route } from '../../../route.ts'
import { presentSignIn } from '../present-sign-in.ts'
import { Email, requireFilled, StateTokenHeaders, stateTokenOf, VerifyCode } from '../sdk-schema.ts'
import { SignInAnswer } from '../sign-in-answer.ts'

export const secondFactorByEmail = route({
  method: 'POST',
  path: '/mfa/email',
  permission: 'sdk',
  summary: 'Complete a sign-in that answered MFA_AUTH, with a code that was sent by mail',
  headers: StateTokenHeaders,
  body: Type.Object({ email: Email, verify_code: VerifyCode }),
  answers: [200, 'SDK.COMMON.1005', 'SDK.SMS.1005', 'SDK.LOGIN.1003', 'SDK.LOGIN.9002'],
  success: SignInAnswer,
  handle: async ({ core, signIn, request, body }) => {
    const stateToken = stateTokenOf(request)
    const { email, verify_code } = body
    requireFilled({ email, verify_code })
    const code = new Secret(verify_code)
    const call = { ...signIn, stateToken, channel: 'EMAIL', contact: email, code } as const
    return { body: presentSignIn(await core.verifySecondFactor(call)) }
  },
})
