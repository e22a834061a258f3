import type { ActionPage } from '../action-page.ts'
import { goTo } from '../answers.ts'
import { signInFirst } from './account.ts'

/** Ends one session, or all but this browser's. */
export const endSessionsAction: ActionPage = {
  path: '/account/sessions/end',

  async submit(visit) {
    const { request, core, session, sessionToken } = visit
    if (session === undefined) return signInFirst(visit)
    const { tenant, requestId, form } = request
    const sessionId = form.session_id
    const { isOwnEnded } = await core.endOwnSessions({ tenant, requestId, sessionToken, sessionId })
    if (isOwnEnded) return goTo(visit, '/sign-in?said=signed-out')
    return goTo(visit, `/account?said=${sessionId === undefined ? 'others-ended' : 'ended'}`)
  },
}
