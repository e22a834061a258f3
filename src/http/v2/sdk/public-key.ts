import { createPublicKey } from 'node:crypto'
import { Type } from 'typebox'
import { route } from '../../route.ts'
import { DeviceHeaders } from './sdk-schema.ts'

export const publicKey = route({
  method: 'GET',
  path: '/public-key',
  permission: 'sdk',
  summary: 'The key that verifies id_tokens signed now; all keys: /api/v1/oauth2/keys',
  headers: DeviceHeaders,
  answers: [200],
  success: Type.Object(
    {
      kid: Type.String(),
      public_key: Type.String({ description: 'SubjectPublicKeyInfo (RSA) in base64' }),
    },
    { additionalProperties: false },
  ),
  handle: async ({ core, signIn }) => {
    const [jwk = {}] = (await core.listPublicKeys(signIn.tenant)).keys
    const der = createPublicKey({ key: jwk, format: 'jwk' }).export({ format: 'der', type: 'spki' })
    return { body: { kid: String(jwk.kid), public_key: der.toString('base64') } }
  },
})
