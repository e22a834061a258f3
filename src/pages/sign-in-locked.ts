import type { PageAnswer } from '../http/page.ts'
import { showPage } from './answers.ts'
import { html } from './html.ts'
import type { Visit } from './visit.ts'

/** Too many wrong passwords; the same for a name that nobody has. */
export function showLocked(
  visit: Visit,
  { minutes, seconds }: { readonly minutes: number; readonly seconds: number },
): PageAnswer {
  const { locked, signIn } = visit.texts
  const secondsLeft = minutes * 60 + seconds
  const answer = showPage(
    visit,
    {
      title: locked.title,
      body: html`<div class="box bad" role="alert"><p>${locked.text}</p>
<p data-until="${secondsLeft}" data-text="${locked.wait('{m}', '{s}')}" data-over="${locked.over}">${locked.wait(minutes, seconds)}</p></div>
<p>${locked.orReset}</p>
<div class="stack"><a class="button" href="/sign-in">${locked.again}</a></div>
<p class="below"><a href="/forgot-password">${signIn.forgot}</a></p>`,
    },
    429,
  )
  return { ...answer, headers: { ...answer.headers, 'Retry-After': String(Math.max(1, secondsLeft)) } }
}
