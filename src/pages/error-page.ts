import type { PageAnswer, PageRequest } from '../http/page.ts'
import type { ErrorAnswer } from '../http/plugins/errors.ts'
import { showPage } from './answers.ts'
import { html } from './html.ts'
import type { SiteDeps } from './site-deps.ts'
import type { Texts } from './texts/text-shape.ts'
import { textsOf } from './texts/texts.ts'
import { languageFor, strangerVisit } from './visit.ts'

/** A failure, for people: what happened, what to do, and a word for the help desk. Nothing of it says why inside. */
export function errorPage(
  deps: SiteDeps,
  request: PageRequest,
  { code, status, headers }: Pick<ErrorAnswer, 'code' | 'status' | 'headers'>,
): PageAnswer {
  const texts = textsOf(languageFor(request, undefined))
  const { title, text } = wordsFor(texts, code, status)
  // nobody is looked up: the database may be what failed
  const visit = strangerVisit(deps, request)
  const body = html`<p>${text}</p>
<div class="stack"><a class="button main" href="/">${texts.errors.home}</a></div>
${status >= 500 && html`<p class="hint">${texts.errors.reference(request.requestId)}</p>`}`
  const answer = showPage(visit, { title, body }, status)
  return { ...answer, headers: { ...headers, ...answer.headers } }
}

/** Nothing may be typed here. What the operator does about it: docs/operations. */
export function insecurePage(deps: SiteDeps, request: PageRequest): PageAnswer {
  const visit = strangerVisit(deps, request)
  const { title, text } = visit.texts.errors.needsHttps
  return showPage(visit, { title, body: html`<p>${text}</p>` }, 403)
}

function wordsFor({ errors }: Texts, code: string, status: number): Texts['errors']['notFound'] {
  if (code === 'REQUEST.9003' || code === 'REQUEST.9004') return errors.notFound
  if (code === 'REQUEST.9006' || code === 'REQUEST.9007') return errors.tooLarge
  if (status === 503) return errors.unavailable
  return status >= 500 ? errors.bug : errors.broken
}
