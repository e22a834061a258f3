import type { Disownable } from '../core/reset/disown-calls.ts'
import { Secret } from '../core/secret.ts'
import type { PageAnswer } from '../http/page.ts'
import { showPage } from './answers.ts'
import { type FormState, form, problemBox } from './form.ts'
import type { FormPage } from './form-page.ts'
import { formatTime } from './format-time.ts'
import { type Html, html } from './html.ts'
import { supportText } from './parts/support.ts'
import type { Visit } from './visit.ts'

/** The link of a message: opening it asks, and only the button freezes. */
export const notMePage: FormPage = {
  path: '/not-me/:token',

  async show(visit, state, status) {
    const { request, core } = visit
    const found = await core.findDisownable(request.tenant, tokenOf(visit))
    if (found === undefined) return showGone(visit)
    return found.isDone ? showFrozen(visit) : showQuestion(visit, state, status, { found, action: '' })
  },

  async submit(visit) {
    const { tenant, address, requestId } = visit.request
    const token = tokenOf(visit)
    const done = await visit.core.disownReset({ tenant, token, address, requestId })
    return done === undefined ? showGone(visit) : showFrozen(visit)
  },
}

function tokenOf({ request }: Visit): Secret {
  return new Secret(request.params.token ?? '')
}

/** What will happen, before it does. */
export function showQuestion(
  visit: Visit,
  state: FormState,
  status: number,
  p: {
    readonly found: Pick<Disownable, 'occurredAt' | 'timeZone' | 'sentTo'>
    /** Empty: the address of the page itself. */
    readonly action: string
    readonly fields?: Html
  },
): PageAnswer {
  const { notMe } = visit.texts
  const at = formatTime(visit, p.found.occurredAt, p.found.timeZone)
  const { sentTo } = p.found
  const body = html`${problemBox(visit, state)}
<p>${sentTo === undefined ? notMe.textChanged(at) : notMe.text(at, sentTo.channel)}</p>
<p>${notMe.effect}</p>
<ul>${notMe.effects.map((effect) => html`<li>${effect}</li>`)}</ul>
<div class="stack">
${form(visit, p.action, html`${p.fields}<button class="danger">${notMe.submit}</button>`)}
<a class="button" href="/">${notMe.cancel}</a>
</div>`
  return showPage(visit, { title: notMe.title, body }, status)
}

/** Whoever was signed in here is not any more. */
export function showFrozen(visit: Visit): PageAnswer {
  const { notMe } = visit.texts
  visit.dropCookie('session')
  visit.dropCookie('state')
  return showPage(visit, {
    title: notMe.doneTitle,
    body: html`<div class="box good" role="status"><p>${notMe.done}</p></div>
<p>${supportText(visit, notMe.doneNext, notMe.doneUnknown)}</p>`,
  })
}

/** Too old, incomplete, of another company: all alike. */
export function showGone(visit: Visit): PageAnswer {
  const { notMe, forgot } = visit.texts
  return showPage(
    visit,
    {
      title: notMe.goneTitle,
      body: html`<p>${notMe.gone}</p><p class="below"><a href="/sign-in">${forgot.back}</a></p>`,
    },
    404,
  )
}
