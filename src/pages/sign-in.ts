import { Secret } from '../core/secret.ts'
import type { ApiError } from '../errors/api-error.ts'
import type { PageAnswer } from '../http/page.ts'
import { goTo, showPage } from './answers.ts'
import { doneBox, type FormState, field, form, noteBox, type Problem, problemBox } from './form.ts'
import type { FormPage } from './form-page.ts'
import { goOn } from './go-on.ts'
import { type Html, html } from './html.ts'
import { revealButton } from './parts/reveal-button.ts'
import { showExpired } from './sign-in-expired.ts'
import type { Visit } from './visit.ts'

/** Everybody's way in, with one's own password and with a delivered one. */
export const signInPage: FormPage = {
  path: '/sign-in',

  async show(visit, state, status) {
    if (visit.session !== undefined && state.problem === undefined) return goTo(visit, '/account')
    return showPage(visit, { title: visit.texts.signIn.title, body: body(visit, state) }, status)
  },

  async submit(visit) {
    const { login_name: loginName = '', password = '' } = visit.request.form
    if (loginName.trim() === '' || password === '') {
      return await signInPage.show(visit, { values: visit.request.form, problem: missing(visit) }, 400)
    }
    const answer = await visit.core.signIn({ ...visit.call, loginName, password: new Secret(password) })
    return goOn(visit, answer)
  },

  explain(visit: Visit, error: ApiError): Problem | PageAnswer | undefined {
    switch (error.code) {
      case 'SDK.LOGIN.1005':
        return { field: 'password', text: visit.texts.signIn.wrong(Number(error.params[0])) }
      case 'SDK.LOGIN.9001':
        return showExpired(visit)
      default:
        return undefined
    }
  },
}

function missing({ texts, request }: Visit): Problem {
  const isNameMissing = (request.form.login_name ?? '').trim() === ''
  return { field: isNameMissing ? 'login_name' : 'password', text: texts.signIn.missing }
}

function body(visit: Visit, state: FormState): Html {
  const { signIn } = visit.texts
  const isNameKnown = (state.values.login_name ?? '') !== ''
  return html`${saidAbove(visit, state)}${problemBox(visit, state)}
${form(
  visit,
  '/sign-in',
  html`${field(state, {
    name: 'login_name',
    label: signIn.loginName,
    autocomplete: 'username',
    lengthMax: 320,
    isFirst: !isNameKnown,
  })}
${field(state, {
  name: 'password',
  label: signIn.password,
  type: 'password',
  autocomplete: 'current-password',
  isFirst: isNameKnown,
  describedBy: 'password-hint',
  beside: revealButton(visit, 'password'),
  after: html`<p class="hint" id="password-hint">${signIn.deliveredHint}</p>`,
})}
<button class="main">${signIn.submit}</button>`,
)}
<p class="below"><a href="/forgot-password">${signIn.forgot}</a></p>
${visit.demo !== undefined && html`<p class="below"><a href="${visit.demo.mailboxPath}" target="mailbox">${signIn.demo}</a></p>`}`
}

/** Why somebody is here who was not on the way in; only words of ours, whatever the address says. */
function saidAbove({ request, texts }: Visit, { problem }: FormState): Html | undefined {
  if (problem !== undefined) return undefined
  switch (request.query.said) {
    case 'signed-out':
      return doneBox(texts.signIn.signedOut)
    case 'ended':
      return noteBox(texts.signIn.ended)
    case 'recovered':
      return doneBox(texts.recover.done)
    case 'start-again':
      return noteBox(texts.newPassword.startAgain)
    case 'stale':
      return noteBox(texts.problems.staleForm)
    default:
      return undefined
  }
}
