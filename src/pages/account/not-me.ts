import type { PageAnswer } from '../../http/page.ts'
import type { FormState } from '../form.ts'
import type { FormPage } from '../form-page.ts'
import { html } from '../html.ts'
import { showFrozen, showGone, showQuestion } from '../not-me.ts'
import type { Visit } from '../visit.ts'
import { signInFirst } from './account.ts'

/** The same as the link of a message, by somebody who is signed in and sees the reset in their list. */
export const accountNotMePage: FormPage = {
  path: '/account/not-me',

  async show(visit, state, status) {
    const { session, core } = visit
    if (session === undefined) return signInFirst(visit)
    const events = await core.listOwnEvents(session.view.user)
    const resetId = resetIdOf(visit)
    const event = events.find((one) => one.kind === 'reset' && one.reset.id === resetId)
    if (event?.kind !== 'reset') return showGone(visit)
    return ask(visit, state, status, event.reset)
  },

  async submit(visit) {
    const { session, core, request } = visit
    if (session === undefined) return signInFirst(visit)
    const { tenant, requestId } = request
    const own = { tenant, requestId, userId: session.view.user.id, resetId: resetIdOf(visit) }
    return (await core.disownOwnReset(own)) === undefined ? showGone(visit) : showFrozen(visit)
  },
}

function resetIdOf({ request }: Visit): string {
  return request.form.reset ?? request.query.reset ?? ''
}

function ask(
  visit: Visit,
  state: FormState,
  status: number,
  reset: {
    readonly id: string
    readonly preparedAt: number
    readonly sendMode: 'EMAIL' | 'SMS'
    readonly destinationMasked: string
  },
): PageAnswer {
  return showQuestion(visit, state, status, {
    found: {
      occurredAt: reset.preparedAt,
      timeZone: visit.session?.view.user.timeZone ?? visit.request.tenant.timeZone,
      sentTo: { channel: reset.sendMode, masked: reset.destinationMasked },
    },
    action: '/account/not-me',
    fields: html`<input type="hidden" name="reset" value="${reset.id}">`,
  })
}
