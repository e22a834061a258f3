import { Secret } from '../core/secret.ts'
import { STATE_TOKEN_MINUTES } from '../core/signin/open-session.ts'
import type { ApiError } from '../errors/api-error.ts'
import type { PageAnswer } from '../http/page.ts'
import { goTo, showPage } from './answers.ts'
import { type FormState, form, type Problem, problemBox } from './form.ts'
import type { FormPage } from './form-page.ts'
import { enter } from './go-on.ts'
import { type Html, html } from './html.ts'
import { NEW_PASSWORD_FIELD, newPasswordField } from './parts/new-password-field.ts'
import type { Visit } from './visit.ts'

/** A password of one's own in place of a delivered, expired or expiring one. */
export const newPasswordPage: FormPage = {
  path: '/new-password',

  async show(visit, state, status) {
    if (visit.pending === undefined || visit.pending.purpose === 'second_factor') return startAgain(visit)
    const { title } = visit.texts.newPassword
    const subtitle = visit.pending.user.userName
    return showPage(visit, { title, subtitle, body: body(visit, state) }, status)
  },

  async submit(visit) {
    const { stateToken } = visit
    const newPassword = new Secret(visit.request.form[NEW_PASSWORD_FIELD] ?? '')
    const signedIn = await visit.core.chooseNewPassword({ ...visit.call, stateToken, newPassword })
    return enter(visit, signedIn, '/account?said=saved')
  },

  explain(visit: Visit, error: ApiError): Problem | PageAnswer | undefined {
    return error.code === 'SDK.COMMON.1005' ? startAgain(visit) : undefined
  },
}

/** Nobody is on the way in any more: time is over, a second tab was faster, or the button "back" was pressed after. */
export function startAgain(visit: Visit): PageAnswer {
  visit.dropCookie('state')
  return goTo(visit, visit.session === undefined ? '/sign-in?said=start-again' : '/account')
}

function body(visit: Visit, state: FormState): Html {
  const { newPassword: text } = visit.texts
  const isForced = visit.pending?.purpose === 'must_change'
  return html`${problemBox(visit, state)}
<p>${isForced ? text.why : text.whyExpiring}</p>
${form(
  visit,
  '/new-password',
  html`<input type="text" name="username" value="${visit.pending?.user.userName}" autocomplete="username" readonly hidden>
${newPasswordField(visit, state)}
<p class="hint">${text.within(STATE_TOKEN_MINUTES)}</p>
<button class="main">${text.submit}</button>`,
)}`
}
