import { Type } from 'typebox'
import { Secret } from '../../../../core/secret.ts'
import { passwordCodes } from '../../../password-codes.ts'
import { route } from '../../../route.ts'
import { presentSession } from '../present-sign-in.ts'
import { Password, requireFilled, SignedInAnswer, StateTokenHeaders, stateTokenOf } from '../sdk-schema.ts'

export const updatePassword = route({
  method: 'POST',
  path: '/pwd/update',
  permission: 'sdk',
  summary: 'Choose a new password with the state token of a sign-in, and be signed in',
  headers: StateTokenHeaders,
  body: Type.Object({ old_password: Password, new_password: Password }),
  answers: [
    200,
    'SDK.COMMON.1005',
    'SDK.LOGIN.1003',
    'SDK.LOGIN.9002',
    ...passwordCodes,
    'PWD.9001',
    'PWD.9002',
    'PWD.9003',
    'PWD.9004',
  ],
  success: SignedInAnswer,
  handle: async ({ core, signIn, request, body }) => {
    const stateToken = stateTokenOf(request)
    const { old_password, new_password } = body
    requireFilled({ old_password })
    const signedIn = await core.updateExpiredPassword({
      ...signIn,
      stateToken,
      oldPassword: new Secret(old_password),
      newPassword: new Secret(new_password),
    })
    return { body: presentSession(signedIn) }
  },
})
