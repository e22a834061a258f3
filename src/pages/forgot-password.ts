import type { SendMode } from '../core/tenants/tenant.ts'
import type { ApiError } from '../errors/api-error.ts'
import type { PageAnswer } from '../http/page.ts'
import { goTo, showPage } from './answers.ts'
import { type FormState, field, form, type Problem, problemBox } from './form.ts'
import type { FormPage } from './form-page.ts'
import { type Html, html } from './html.ts'
import { supportText } from './parts/support.ts'
import type { Visit } from './visit.ts'

/** A code lives 10 minutes; whoever comes back later begins again. */
const RECOVERY_COOKIE_SECONDS = 1_800

/** Asks where a code for a new password should go. Whether anybody has the contact, no answer tells. */
export const forgotPasswordPage: FormPage = {
  path: '/forgot-password',

  async show(visit, state, status) {
    const { title } = visit.texts.forgot
    const { purposes } = visit.request.tenant.settings.codes
    const content = purposes.includes('recovery') ? body(visit, state) : switchedOff(visit)
    return showPage(visit, { title, body: content }, status)
  },

  async submit(visit) {
    await sendRecoveryCode(visit, visit.request.form.contact ?? '')
    return goTo(visit, '/forgot-password/code')
  },

  explain: explainSending,
}

/** Asks for a code, and remembers in this browser for whom. @throws ApiError of `requestCode` */
export async function sendRecoveryCode(visit: Visit, typed: string): Promise<void> {
  const contact = typed.trim()
  const channel = channelOf(contact)
  await visit.core.requestCode({
    ...visit.call,
    channel,
    contact,
    type: channel === 'EMAIL' ? 'FORGET_PWD_EMS' : 'FORGET_PWD_SMS',
    captchaToken: undefined,
  })
  visit.setCookie('recovery', Buffer.from(contact).toString('base64url'), RECOVERY_COOKIE_SECONDS)
}

export function channelOf(contact: string): SendMode {
  return contact.includes('@') ? 'EMAIL' : 'SMS'
}

export function explainSending({ texts }: Visit, error: ApiError): Problem | PageAnswer | undefined {
  switch (error.code) {
    case 'SDK.COMMON.1002':
      return { field: 'contact', text: texts.forgot.badContact }
    case 'SDK.SMS.9001':
      return { text: texts.forgot.tooMany(error.retryAfterSeconds ?? 60) }
    // no gateway for this channel, or not for this purpose
    case 'MSG.0004':
    case 'SDK.COMMON.1006':
      return { text: texts.forgot.off }
    default:
      return undefined
  }
}

function body(visit: Visit, state: FormState): Html {
  const { forgot } = visit.texts
  return html`${problemBox(visit, state)}
<p>${forgot.text}</p>
${form(
  visit,
  '/forgot-password',
  html`${field(state, {
    name: 'contact',
    label: forgot.contact,
    autocomplete: 'email',
    inputmode: 'email',
    lengthMax: 320,
    isFirst: true,
  })}
<button class="main">${forgot.submit}</button>`,
)}
<p class="below"><a href="/sign-in">${forgot.back}</a></p>`
}

function switchedOff(visit: Visit): Html {
  const { forgot } = visit.texts
  return html`<p>${forgot.off}</p>
<p>${supportText(visit, forgot.offRemedy, forgot.offUnknown)}</p>
<p class="below"><a href="/sign-in">${forgot.back}</a></p>`
}
