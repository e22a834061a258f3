import { Type } from 'typebox'
import { Secret } from '../../../../../core/secret.ts'
import { route } from '../../../../route.ts'
import { presentSession } from '../../present-sign-in.ts'
import {
  newPasswordCodes,
  Password,
  requireFilled,
  SignedInAnswer,
  StateTokenHeaders,
  stateTokenOf,
  VerifyCode,
} from '../../sdk-schema.ts'

export const updateByEmail = route({
  method: 'POST',
  path: '/after-login/pwd/update-by-email',
  permission: 'sdk',
  summary: 'Choose a new password with the state token of a sign-in and a code that was sent by mail',
  headers: StateTokenHeaders,
  body: Type.Object({ verify_code: VerifyCode, new_password: Password }),
  answers: [
    200,
    'SDK.COMMON.1005',
    'SDK.SMS.1005',
    'SDK.LOGIN.1003',
    'SDK.LOGIN.9002',
    ...newPasswordCodes,
    'PWD.9004',
  ],
  success: SignedInAnswer,
  handle: async ({ core, signIn, request, body }) => {
    const stateToken = stateTokenOf(request)
    const { verify_code, new_password } = body
    requireFilled({ verify_code })
    const signedIn = await core.updatePasswordByCode({
      ...signIn,
      stateToken,
      channel: 'EMAIL',
      code: new Secret(verify_code),
      newPassword: new Secret(new_password),
    })
    return { body: presentSession(signedIn) }
  },
})
