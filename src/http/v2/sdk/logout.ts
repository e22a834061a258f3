import { route } from '../../route.ts'
import { IdTokenHeaders, idTokenOf } from './sdk-schema.ts'

export const logout = route({
  method: 'GET', // sic: the contract's method, though it ends a session
  path: '/logout',
  permission: 'sdk',
  summary: 'End the session of whoever is signed in; other sessions go on',
  headers: IdTokenHeaders,
  answers: [200, 'invalid_token', 'SDK.LOGIN.9002'],
  handle: async ({ core, signIn, request }) => {
    await core.signOut({ ...signIn, idToken: idTokenOf(request) })
    return { body: undefined }
  },
})
