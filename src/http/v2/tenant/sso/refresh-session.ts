import { Type } from 'typebox'
import { Secret } from '../../../../core/secret.ts'
import { route } from '../../../route.ts'
import { device, SessionToken } from './sso-schema.ts'

export const refreshSession = route({
  method: 'POST',
  path: '/session-token/refresh',
  permission: 'user_read',
  summary: 'Exchange the session_token of a sign-in through the caller for a new one; the old one ends',
  body: Type.Object({ session_token: SessionToken, ...device }),
  answers: [200, 'REQUEST.9002', 'SDK.COMMON.1005'],
  success: Type.Object(
    {
      session_token: Type.String(),
      expire: Type.Integer({ description: 'Lifetime in seconds' }),
      id_token: Type.String(),
    },
    { additionalProperties: false },
  ),
  handle: async ({ core, caller, body }) => {
    const renewed = await core.renewSession(caller, new Secret(body.session_token))
    return {
      body: {
        session_token: renewed.sessionToken.reveal(),
        expire: renewed.expiresInSeconds,
        id_token: renewed.idToken.reveal(),
      },
    }
  },
})
