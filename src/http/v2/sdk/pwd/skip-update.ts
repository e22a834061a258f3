import { Secret } from '../../../../core/secret.ts'
import { route } from '../../../route.ts'
import { presentSession } from '../present-sign-in.ts'
import { requireFilled, SignedInAnswer, StateTokenHeaders } from '../sdk-schema.ts'

export const skipUpdate = route({
  method: 'GET', // sic: the contract's method, though it opens a session
  path: '/pwd/skip-update',
  permission: 'sdk',
  summary: 'Keep a password that is about to expire, and be signed in',
  headers: StateTokenHeaders,
  answers: [200, 'SDK.COMMON.1005', 'SDK.LOGIN.9002'],
  success: SignedInAnswer,
  handle: async ({ core, signIn, request }) => {
    const header = request.headers['x-state-token']
    const stateToken = typeof header === 'string' ? header.trim() : ''
    requireFilled({ 'X-state-token': stateToken })
    const signedIn = await core.skipPasswordUpdate({ ...signIn, stateToken: new Secret(stateToken) })
    return { body: presentSession(signedIn) }
  },
})
