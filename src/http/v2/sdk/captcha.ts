import { Type } from 'typebox'
import { route } from '../../route.ts'
import { DeviceHeaders } from './sdk-schema.ts'

export const captcha = route({
  method: 'GET',
  path: '/captcha',
  permission: 'sdk',
  summary: 'A proof of work (ALTCHA 2) whose solution is the captcha_token of one code, for 10 minutes',
  headers: DeviceHeaders,
  answers: [200, 'SDK.LOGIN.9002'],
  success: Type.Object({
    parameters: Type.Record(Type.String(), Type.Unknown(), {
      description:
        'algorithm, nonce, salt, cost, keyLength, keyPrefix, keySignature, expiresAt (Unix seconds)',
    }),
    signature: Type.String(),
  }),
  handle: async ({ core, signIn }) => ({
    body: (await core.newCaptcha(signIn)) as { parameters: Record<string, unknown>; signature: string },
  }),
})
