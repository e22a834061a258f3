import { Secret } from '../../core/secret.ts'
import type { ApiError } from '../../errors/api-error.ts'
import type { PageAnswer } from '../../http/page.ts'
import { showPage } from '../answers.ts'
import { type FormState, field, form, type Problem, problemBox } from '../form.ts'
import type { FormPage } from '../form-page.ts'
import { enter } from '../go-on.ts'
import { type Html, html } from '../html.ts'
import { NEW_PASSWORD_FIELD, newPasswordField } from '../parts/new-password-field.ts'
import { revealButton } from '../parts/reveal-button.ts'
import type { Visit } from '../visit.ts'
import { signInFirst } from './account.ts'

/** A change of password by somebody who is signed in and knows the old one. */
export const accountPasswordPage: FormPage = {
  path: '/account/password',

  async show(visit, state, status) {
    if (visit.session === undefined) return signInFirst(visit)
    const { title } = visit.texts.changePassword
    const subtitle = visit.session.view.user.userName
    return showPage(visit, { title, subtitle, body: body(visit, state) }, status)
  },

  async submit(visit) {
    if (visit.session === undefined) return signInFirst(visit)
    const { old_password: oldPassword = '', [NEW_PASSWORD_FIELD]: newPassword = '' } = visit.request.form
    const signedIn = await visit.core.changePasswordInBrowser({
      ...visit.call,
      sessionToken: visit.sessionToken,
      oldPassword: new Secret(oldPassword),
      newPassword: new Secret(newPassword),
    })
    return enter(visit, signedIn, '/account?said=password-saved')
  },

  explain(visit: Visit, error: ApiError): Problem | PageAnswer | undefined {
    switch (error.code) {
      case 'invalid_token':
        return signInFirst(visit)
      case 'PWD.9001':
        return {
          field: 'old_password',
          text: visit.texts.changePassword.wrongOld(Number(error.params[0])),
        }
      default:
        return undefined
    }
  },
}

function body(visit: Visit, state: FormState): Html {
  const { changePassword: text } = visit.texts
  const userName = visit.session?.view.user.userName
  return html`${problemBox(visit, state)}
${form(
  visit,
  '/account/password',
  html`<input type="text" name="username" value="${userName}" autocomplete="username" readonly hidden>
${field(state, {
  name: 'old_password',
  label: text.old,
  type: 'password',
  autocomplete: 'current-password',
  isFirst: true,
  beside: revealButton(visit, 'old_password'),
})}
${newPasswordField(visit, state, { isFirst: false })}
<button class="main">${text.submit}</button>`,
)}
<p class="below"><a href="/account">${text.cancel}</a></p>`
}
