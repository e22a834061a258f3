import type { ApiError } from '../errors/api-error.ts'
import type { PageAnswer } from '../http/page.ts'
import { showPage } from './answers.ts'
import { form, type Problem, problemBox } from './form.ts'
import type { FormPage } from './form-page.ts'
import { enter } from './go-on.ts'
import { html } from './html.ts'
import { startAgain } from './new-password.ts'
import type { Visit } from './visit.ts'

/** The password is right and still good for some days. */
export const passwordExpiresPage: FormPage = {
  path: '/password-expires',

  async show(visit, state, status) {
    if (visit.pending?.purpose !== 'may_change') return startAgain(visit)
    const { expires } = visit.texts
    const body = html`${problemBox(visit, state)}<p>${expires.text}</p>
<div class="stack">
<a class="button main" href="/new-password">${expires.now}</a>
${form(visit, '/password-expires', html`<button>${expires.later}</button>`)}
</div>`
    return showPage(visit, { title: expires.title, subtitle: visit.pending.user.userName, body }, status)
  },

  async submit(visit) {
    const { stateToken } = visit
    return enter(visit, await visit.core.skipPasswordUpdate({ ...visit.call, stateToken }), '/account')
  },

  explain(visit: Visit, error: ApiError): Problem | PageAnswer | undefined {
    return error.code === 'SDK.COMMON.1005' ? startAgain(visit) : undefined
  },
}
