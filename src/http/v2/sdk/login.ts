import { Type } from 'typebox'
import { Secret } from '../../../core/secret.ts'
import { route } from '../../route.ts'
import { presentSignIn } from './present-sign-in.ts'
import { DeviceHeaders, LoginName, Password, requireFilled } from './sdk-schema.ts'
import { SignInAnswer } from './sign-in-answer.ts'

export const login = route({
  method: 'POST',
  path: '/login',
  permission: 'sdk',
  summary: 'Sign in with user name, e-mail address or mobile number, and password',
  headers: DeviceHeaders,
  body: Type.Object({ user_name: LoginName, password: Password }),
  answers: [200, 'SDK.LOGIN.1003', 'SDK.LOGIN.1005', 'SDK.LOGIN.9001', 'SDK.LOGIN.9002'],
  success: SignInAnswer,
  handle: async ({ core, signIn, body }) => {
    const { user_name, password } = body
    requireFilled({ user_name, password })
    const answer = await core.signIn({ ...signIn, loginName: user_name, password: new Secret(password) })
    return { body: presentSignIn(answer) }
  },
})
