import type { OwnEvent } from '../../core/browser/own-events.ts'
import type { Page, PageAnswer } from '../../http/page.ts'
import type { SessionEntry } from '../../store/store.ts'
import { goTo, showPage } from '../answers.ts'
import { doneBox, form } from '../form.ts'
import { showing } from '../form-page.ts'
import { formatTime } from '../format-time.ts'
import { type Html, html } from '../html.ts'
import type { SiteDeps } from '../site-deps.ts'
import type { Visit } from '../visit.ts'
import { eventsSection } from './events-section.ts'
import { languageSection } from './language-section.ts'
import { sessionsSection } from './sessions-section.ts'

/** What somebody sees of their own account, and what they can do about it. */
export function accountPage(deps: SiteDeps): Page {
  return showing(deps, '/account', showAccount)
}

async function showAccount(visit: Visit): Promise<PageAnswer> {
  const { session, core, texts } = visit
  if (session === undefined) return signInFirst(visit)
  const { user } = session.view
  const sessions = await core.listOwnSessions(session.view)
  const events = await core.listOwnEvents(user)
  const { account } = texts
  return showPage(visit, {
    title: user.name,
    subtitle: account.signedInAs(user.userName),
    isWide: true,
    body: body(visit, sessions, events),
  })
}

/** Whoever had a session here is told that it is over. */
export function signInFirst(visit: Visit): PageAnswer {
  const hadSession = visit.request.headers.cookie?.includes('rekey-session=') === true
  visit.dropCookie('session')
  return goTo(visit, hadSession ? '/sign-in?said=ended' : '/sign-in')
}

function body(visit: Visit, sessions: readonly SessionEntry[], events: readonly OwnEvent[]): Html {
  const { account } = visit.texts
  return html`<div class="sign-out">${form(visit, '/sign-out', html`<button class="link">${account.signOut}</button>`)}</div>
${doneBox(saidAbove(visit))}${staleBox(visit)}
${passwordSection(visit)}
${sessionsSection(visit, sessions)}
${eventsSection(visit, events)}
${languageSection(visit)}
${idleDialog(visit)}`
}

function passwordSection(visit: Visit): Html {
  const { account } = visit.texts
  const changedAt = visit.session?.view.user.passwordChangedAt
  const said =
    changedAt === undefined ? account.passwordNever : account.passwordChanged(formatTime(visit, changedAt))
  return html`<section aria-labelledby="password-title">
<div class="row"><div><h2 id="password-title">${account.password}</h2><p class="quiet">${said}</p></div>
<a class="button" href="/account/password">${account.change}</a></div>
</section>`
}

/** What has just been done; only words of ours, whatever the address says. */
function saidAbove({ request, texts }: Visit): string | undefined {
  const said: Readonly<Record<string, string>> = {
    saved: texts.newPassword.saved,
    'password-saved': texts.account.passwordSaved,
    ended: texts.account.ended,
    'others-ended': texts.account.othersEnded,
    'language-saved': texts.account.languageSaved,
  }
  const word = request.query.said ?? ''
  return Object.hasOwn(said, word) ? said[word] : undefined
}

function staleBox({ request, texts }: Visit): Html | undefined {
  if (request.query.said !== 'stale') return undefined
  return html`<div class="box bad" role="alert"><p>${texts.problems.staleForm}</p></div>`
}

/** So long before the end somebody is asked whether they are still there (WCAG 2.2, 2.2.1). */
const WARN_SECONDS = 120

/** Reloading the page is use enough. */
function idleDialog({ request, texts }: Visit): Html {
  const seconds = Math.max(30, request.tenant.settings.pages.idleMinutes * 60 - WARN_SECONDS)
  return html`<dialog data-idle="${seconds}" aria-labelledby="idle-text"><p id="idle-text">${texts.account.stay}</p>
<a class="button main" href="/account">${texts.account.stayButton}</a></dialog>`
}
