import type { ActionPage } from './action-page.ts'
import { goTo } from './answers.ts'

/** The session ends on the server, not only in this browser. */
export const signOutAction: ActionPage = {
  path: '/sign-out',

  async submit(visit) {
    const { request, core, session, sessionToken } = visit
    if (session !== undefined) {
      const { tenant, requestId } = request
      await core.endOwnSessions({ tenant, requestId, sessionToken, sessionId: session.session.id })
    }
    visit.dropCookie('session')
    visit.dropCookie('form')
    return goTo(visit, '/sign-in?said=signed-out')
  },
}
