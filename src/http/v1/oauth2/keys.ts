import { Type } from 'typebox'
import { route } from '../../route.ts'

const JsonWebKeySet = Type.Object({ keys: Type.Array(Type.Record(Type.String(), Type.Unknown())) })

export const keys = route({
  method: 'GET',
  path: '/keys',
  permission: 'none',
  summary: 'Public keys that verify id_tokens, as a JWK set',
  answers: [200],
  success: JsonWebKeySet,
  handle: async ({ core, tenant }) => {
    const set = await core.listPublicKeys(tenant)
    return { body: { keys: [...set.keys] } }
  },
})
