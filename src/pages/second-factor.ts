import { Secret } from '../core/secret.ts'
import type { SendMode } from '../core/tenants/tenant.ts'
import type { ApiError } from '../errors/api-error.ts'
import type { PageAnswer } from '../http/page.ts'
import type { ActionPage } from './action-page.ts'
import { goTo, showPage } from './answers.ts'
import { explainSending } from './forgot-password.ts'
import { doneBox, type FormState, field, form, type Problem, problemBox } from './form.ts'
import type { FormPage } from './form-page.ts'
import { goOn } from './go-on.ts'
import { type Html, html } from './html.ts'
import { startAgain } from './new-password.ts'
import type { Visit } from './visit.ts'

const wayFields = { EMAIL: 'email', SMS: 'sms' } as const

/** The password is right; a code to a contact on file must follow. */
export const secondFactorPage: FormPage = {
  path: '/second-factor',

  async show(visit, state, status) {
    const { pending, texts } = visit
    if (pending?.purpose !== 'second_factor') return startAgain(visit)
    const content = sentBy(visit) === undefined ? ways(visit, state) : body(visit, state)
    const { title } = texts.secondFactor
    return showPage(visit, { title, subtitle: pending.user.userName, body: content }, status)
  },

  async submit(visit) {
    const { pending, request, core, call } = visit
    const channel = sentBy(visit)
    const contact = contactOf(visit, channel)
    if (pending === undefined || channel === undefined || contact === undefined) return startAgain(visit)
    const answer = await core.verifySecondFactor({
      ...call,
      stateToken: visit.stateToken,
      channel,
      contact,
      code: new Secret((request.form.code ?? '').replace(/[\s-]/g, '')),
    })
    return goOn(visit, answer)
  },

  explain(visit: Visit, error: ApiError): Problem | PageAnswer | undefined {
    switch (error.code) {
      case 'SDK.SMS.1005':
        return { field: 'code', text: visit.texts.secondFactor.wrong }
      case 'SDK.COMMON.1005':
        return startAgain(visit)
      default:
        return undefined
    }
  },
}

/** Sends the code to the contact on file; nothing of a contact comes from the form. */
export const sendSecondFactorAction: ActionPage = {
  path: '/second-factor/send',

  async submit(visit) {
    const channel = visit.request.form.way === wayFields.SMS ? 'SMS' : 'EMAIL'
    const contact = contactOf(visit, channel)
    if (visit.pending?.purpose !== 'second_factor') return startAgain(visit)
    if (contact !== undefined) {
      const type = channel === 'EMAIL' ? 'MFA_AUTH_EMS' : 'MFA_AUTH_SMS'
      try {
        await visit.core.requestCode({ ...visit.call, channel, contact, type, captchaToken: undefined })
      } catch (error) {
        const problem = explainSending(visit, error as ApiError)
        if (problem === undefined || 'status' in problem) throw error
        return await secondFactorPage.show(visit, { values: {}, problem: { text: problem.text } }, 400)
      }
    }
    return goTo(visit, `/second-factor?way=${wayFields[channel]}`)
  },
}

function contactOf({ pending }: Visit, channel: SendMode | undefined): string | undefined {
  return channel === 'EMAIL' ? pending?.user.email : channel === 'SMS' ? pending?.user.mobile : undefined
}

/** Which way the code went, as the address or the form says; undefined: none has been sent. */
function sentBy({ request }: Visit): SendMode | undefined {
  const way = request.form.way ?? request.query.way
  return way === wayFields.EMAIL ? 'EMAIL' : way === wayFields.SMS ? 'SMS' : undefined
}

/** Whoever has shown the password may know which contacts there are, but not what they are. */
function ways(visit: Visit, state: FormState): Html {
  const { secondFactor: text } = visit.texts
  const { email, mobile } = visit.pending?.user ?? {}
  const way = (value: string, label: string) =>
    form(
      visit,
      '/second-factor/send',
      html`<input type="hidden" name="way" value="${value}"><button class="main">${label}</button>`,
    )
  return html`${problemBox(visit, state)}<p>${text.text}</p>
<div class="stack">
${email !== undefined && way(wayFields.EMAIL, text.byEmail)}
${mobile !== undefined && way(wayFields.SMS, text.bySms)}
</div>`
}

function body(visit: Visit, state: FormState): Html {
  const { secondFactor: text, recover } = visit.texts
  const way = html`<input type="hidden" name="way" value="${wayFields[sentBy(visit) ?? 'EMAIL']}">`
  return html`${problemBox(visit, state)}${state.problem === undefined && doneBox(text.sent)}
${form(
  visit,
  '/second-factor',
  html`${way}${field(state, {
    name: 'code',
    label: text.code,
    autocomplete: 'one-time-code',
    inputmode: 'numeric',
    isCode: true,
    lengthMax: 12,
    isFirst: true,
  })}
<button class="main">${text.submit}</button>`,
)}
<div class="below">${form(visit, '/second-factor/send', html`${way}<button class="link">${recover.resend}</button>`)}</div>`
}
