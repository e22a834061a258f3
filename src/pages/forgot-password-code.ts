import { Secret } from '../core/secret.ts'
import type { ApiError } from '../errors/api-error.ts'
import type { PageAnswer } from '../http/page.ts'
import type { ActionPage } from './action-page.ts'
import { goTo, showPage } from './answers.ts'
import { readCookie } from './cookies.ts'
import { channelOf, forgotPasswordPage, sendRecoveryCode } from './forgot-password.ts'
import { type FormState, field, form, type Problem, problemBox } from './form.ts'
import type { FormPage } from './form-page.ts'
import { type Html, html } from './html.ts'
import { NEW_PASSWORD_FIELD, newPasswordField } from './parts/new-password-field.ts'
import type { Visit } from './visit.ts'

/** The code, and the new password with it: nothing changes until the code is right, and nobody is signed in by it. */
export const forgotPasswordCodePage: FormPage = {
  path: '/forgot-password/code',

  async show(visit, state, status) {
    const contact = typedContact(visit)
    if (contact === undefined) return goTo(visit, '/forgot-password')
    const { title } = visit.texts.recover
    return showPage(visit, { title, body: body(visit, state, contact) }, status)
  },

  async submit(visit) {
    const { code = '', [NEW_PASSWORD_FIELD]: newPassword = '' } = visit.request.form
    const contact = typedContact(visit)
    if (contact === undefined) return goTo(visit, '/forgot-password')
    await visit.core.recoverPassword({
      ...visit.call,
      channel: channelOf(contact),
      contact,
      // as mail programs and people group it
      code: new Secret(code.replace(/[\s-]/g, '')),
      newPassword: new Secret(newPassword),
    })
    visit.dropCookie('recovery')
    return goTo(visit, '/sign-in?said=recovered')
  },

  explain(visit: Visit, error: ApiError): Problem | PageAnswer | undefined {
    switch (error.code) {
      case 'SDK.SMS.1005':
        return { field: 'code', text: visit.texts.recover.wrong }
      default:
        return undefined
    }
  },
}

/** Another code to the same contact. */
export const resendCodeAction: ActionPage = {
  path: '/forgot-password/resend',

  async submit(visit) {
    const contact = typedContact(visit)
    if (contact === undefined) return goTo(visit, '/forgot-password')
    try {
      await sendRecoveryCode(visit, contact)
    } catch (error) {
      const explained = forgotPasswordPage.explain?.(visit, error as ApiError)
      if (explained === undefined || 'status' in explained) throw error
      return await forgotPasswordCodePage.show(visit, { values: {}, problem: explained }, 400)
    }
    return goTo(visit, '/forgot-password/code')
  },
}

/** As it was typed in this browser; undefined: it was not, or too long ago. */
function typedContact({ request }: Visit): string | undefined {
  const cookie = readCookie(request, 'recovery')
  return cookie === undefined ? undefined : Buffer.from(cookie, 'base64url').toString()
}

function body(visit: Visit, state: FormState, contact: string): Html {
  const { recover, forgot } = visit.texts
  return html`${problemBox(visit, state)}
<p>${recover.sent(contact)}</p>
${form(
  visit,
  '/forgot-password/code',
  html`${field(state, {
    name: 'code',
    label: recover.code,
    autocomplete: 'one-time-code',
    inputmode: 'numeric',
    isCode: true,
    lengthMax: 12,
    isFirst: true,
  })}
<input type="text" name="username" value="${contact}" autocomplete="username" readonly hidden>
${newPasswordField(visit, state, { isFirst: false })}
<button class="main">${recover.submit}</button>`,
)}
<div class="below">
${form(visit, '/forgot-password/resend', html`<button class="link">${recover.resend}</button>`)}
<a href="/sign-in">${forgot.back}</a>
</div>`
}
