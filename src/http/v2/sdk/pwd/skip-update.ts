import { route } from '../../../route.ts'
import { presentSession } from '../present-sign-in.ts'
import { SignedInAnswer, StateTokenHeaders, stateTokenOf } from '../sdk-schema.ts'

export const skipUpdate = route({
  method: 'GET', // sic: the contract's method, though it opens a session
  path: '/pwd/skip-update',
  permission: 'sdk',
  summary: 'Keep a password that is about to expire, and be signed in',
  headers: StateTokenHeaders,
  answers: [200, 'SDK.COMMON.1005', 'SDK.LOGIN.9002'],
  success: SignedInAnswer,
  handle: async ({ core, signIn, request }) => {
    const signedIn = await core.skipPasswordUpdate({ ...signIn, stateToken: stateTokenOf(request) })
    return { body: presentSession(signedIn) }
  },
})
