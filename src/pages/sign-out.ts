import { Secret } from '../core/secret.ts'
import type { ActionPage } from './action-page.ts'
import { goTo } from './answers.ts'
import { readCookie } from './cookies.ts'

/** The session ends on the server, not only in this browser. */
export const signOutAction: ActionPage = {
  path: '/sign-out',

  async submit(visit) {
    const { request, core, session } = visit
    const sessionToken = new Secret(readCookie(request, 'session') ?? '')
    if (session !== undefined) {
      const { tenant, requestId } = request
      await core.endOwnSessions({ tenant, requestId, sessionToken, sessionId: session.session.id })
    }
    visit.dropCookie('session')
    visit.dropCookie('form')
    return goTo(visit, '/sign-in?said=signed-out')
  },
}
