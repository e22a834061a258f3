import { PAGES_APPLICATION_ID } from '../../core/browser/pages-application.ts'
import type { SessionEntry } from '../../store/store.ts'
import { form } from '../form.ts'
import { formatTime } from '../format-time.ts'
import { type Html, html } from '../html.ts'
import type { Visit } from '../visit.ts'

/** Where somebody is signed in, this browser first, each with its end. */
export function sessionsSection(visit: Visit, sessions: readonly SessionEntry[]): Html {
  const { account } = visit.texts
  const ownId = visit.session?.session.id
  const own = sessions.filter(({ id }) => id === ownId)
  const others = sessions.filter(({ id }) => id !== ownId)
  return html`<section aria-labelledby="sessions-title">
<h2 id="sessions-title">${account.sessions}</h2>
<ul class="list">${[...own, ...others].map((session) => item(visit, session, session.id === ownId))}</ul>
${others.length > 1 && form(visit, '/account/sessions/end', html`<button>${account.endOthers}</button>`)}
</section>`
}

function item(visit: Visit, session: SessionEntry, isOwn: boolean): Html {
  const { account } = visit.texts
  const device = deviceOf(visit, session)
  const times = [
    account.since(formatTime(visit, session.createdAt)),
    session.lastSeenAt !== undefined && account.lastSeen(formatTime(visit, session.lastSeenAt)),
  ].filter((part) => part !== false)
  const ending = html`<input type="hidden" name="session_id" value="${session.id}">
<button aria-label="${account.endOf(device)}">${account.end}</button>`
  return html`<li class="row"><div><p>${device}${isOwn && html`<span class="tag">${account.thisOne}</span>`}</p>
${times.map((time) => html`<p class="quiet">${time}</p>`)}</div>
${!isOwn && form(visit, '/account/sessions/end', ending)}</li>`
}

/** The browser, or the application that somebody signed in through. */
function deviceOf({ texts }: Visit, { device, applicationId, applicationName }: SessionEntry): string {
  const name = applicationId === PAGES_APPLICATION_ID ? device : (applicationName ?? device)
  return name === undefined || name === '' ? texts.account.unknownDevice : name
}
