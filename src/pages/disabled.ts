import type { PageAnswer } from '../http/page.ts'
import { showPage } from './answers.ts'
import { html } from './html.ts'
import { supportText } from './parts/support.ts'
import type { Visit } from './visit.ts'

/** A right password of somebody whose account is switched off. */
export function showDisabled(visit: Visit): PageAnswer {
  const { disabled, forgot } = visit.texts
  return showPage(
    visit,
    {
      title: disabled.title,
      body: html`<p>${disabled.text}</p>
<p>${supportText(visit, disabled.remedy, disabled.deskUnknown)}</p>
<p class="below"><a href="/sign-in">${forgot.back}</a></p>`,
    },
    403,
  )
}
