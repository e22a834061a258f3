import type { OwnEvent } from '../../core/browser/own-events.ts'
import type { AuditEntry } from '../../store/store.ts'
import { formatTime } from '../format-time.ts'
import { type Html, html } from '../html.ts'
import type { Texts } from '../texts/text-shape.ts'
import type { Visit } from '../visit.ts'

/** Fewer than are read: some of the record say nothing to its subject. */
const SHOWN_MAX = 12

/** What happened to the account lately, in its owner's words. */
export function eventsSection(visit: Visit, events: readonly OwnEvent[]): Html {
  const { account } = visit.texts
  const told = events
    .map((event) => ({ event, text: textOf(visit.texts, event) }))
    .filter(({ text }) => text !== undefined)
    .slice(0, SHOWN_MAX)
  return html`<section aria-labelledby="events-title">
<h2 id="events-title">${account.events}</h2>
${told.length === 0 && html`<p class="quiet">${account.noEvents}</p>`}
<ul class="list">${told.map(({ event, text }) => item(visit, event, text ?? ''))}</ul>
</section>`
}

function item(visit: Visit, event: OwnEvent, text: string): Html {
  const at = formatTime(visit, event.at)
  const { account } = visit.texts
  return html`<li class="row"><div><p>${text}</p><p class="quiet">${at}</p></div>
${event.kind === 'reset' && html`<a class="button" href="/account/not-me?reset=${event.reset.id}">${account.notMe}<span class="visually-hidden"> (${account.notMeOf(at)})</span></a>`}</li>`
}

/** Undefined: nothing that its subject would know of, or have to. */
function textOf(texts: Texts, event: OwnEvent): string | undefined {
  if (event.kind === 'record') return textOfRecord(texts, event.entry)
  const { state, sendMode, destinationMasked } = event.reset
  if (state === 'failed') return texts.events.resetFailed
  if (state === 'expired') return texts.events.resetExpired
  return texts.events.resetRequested(sendMode, destinationMasked)
}

function textOfRecord({ events }: Texts, { action, actor, detail }: AuditEntry): string | undefined {
  switch (action) {
    case 'sign_in.succeeded':
      return events.signedIn
    case 'sign_in.locked':
    case 'second_factor.locked':
    case 'password_recovery.locked':
    case 'password_change.locked':
      return events.locked
    case 'password.change_failed':
      return detail.reason === 'wrong_password_locked' ? events.locked : events.signInFailed
    case 'sign_in.failed':
      return events.signInFailed
    case 'second_factor.failed':
    case 'password_recovery.failed':
    case 'password_change.failed':
      return events.codeFailed
    case 'password.changed':
      return actor.kind === 'user' ? events.passwordChanged : events.passwordSetByOther
    case 'password.recovered':
      return events.passwordRecovered
    case 'session.ended':
      return events.sessionEnded
    case 'user.updated':
      return events.updated
    case 'user.disabled':
      return events.disabled
    case 'user.enabled':
      return events.enabled
    case 'user.unlocked':
      return events.unlocked
    default:
      return undefined
  }
}
