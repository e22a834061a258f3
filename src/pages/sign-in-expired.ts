import type { PageAnswer } from '../http/page.ts'
import { showPage } from './answers.ts'
import { html } from './html.ts'
import { supportText } from './parts/support.ts'
import type { Visit } from './visit.ts'

/** A delivered password that was right once: what now. */
export function showExpired(visit: Visit): PageAnswer {
  const { expired } = visit.texts
  const { settings } = visit.request.tenant
  return showPage(
    visit,
    {
      title: expired.title,
      body: html`<p>${expired.text(shortestHours(Object.values(settings.reset.lifetimeMinutes)))}</p>
<p>${expired.nothingLost}</p>
<div class="stack">
${settings.codes.purposes.includes('recovery') && html`<a class="button main" href="/forgot-password">${expired.bySelf}</a>`}
<p>${supportText(visit, expired.byDesk, expired.deskUnknown)}</p>
</div>`,
    },
    400,
  )
}

/** What is true whichever way it was sent; undefined: less than an hour. */
function shortestHours(minutes: readonly number[]): number | undefined {
  const hours = Math.floor(Math.min(...minutes) / 60)
  return hours === 0 ? undefined : hours
}
