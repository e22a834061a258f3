import type { Repositories, SessionEntry, SignInView, Store } from '../../store/store.ts'
import { isLive } from '../signin/find-session.ts'
import { type BrowserSession, type InBrowser, requireBrowserSession } from './find-browser-session.ts'

/** More than anybody looks through; the newest are shown. */
const SESSIONS_MAX = 50

/** Where the user is signed in, newest first. */
export async function listOwnSessions(
  { sessions }: Pick<Repositories, 'sessions'>,
  view: SignInView,
): Promise<readonly SessionEntry[]> {
  const { user } = view
  const all = await sessions.listOfUser(user.tenantId, user.id, SESSIONS_MAX)
  return all.filter((session) => isLive(session, view))
}

export interface EndSessionsCall extends InBrowser {
  readonly requestId: string
  /** One of the user's; undefined: all but the one that asks. */
  readonly sessionId: string | undefined
}

/**
 * Ends sessions of the user who is signed in here; one that is not theirs, or gone, is left alone without a word. True
 * afterwards: the session's cookie, token, id_token and tickets are good for nothing.
 * @throws ApiError invalid_token
 */
export async function endOwnSessions(
  store: Pick<Store, 'transaction'>,
  call: EndSessionsCall,
): Promise<{ readonly ended: number; readonly isOwnEnded: boolean }> {
  return await store.transaction(async (repositories) => {
    const { session: own, view } = await requireBrowserSession(repositories, call)
    await repositories.users.lock(call.tenant.id, view.user.id)
    const ids = await idsToEnd(repositories, call, { session: own, view })
    let ended = 0
    for (const id of ids) {
      if (await repositories.sessions.delete(call.tenant.id, id)) {
        ended += 1
        await record(repositories, call, view, id)
      }
    }
    return { ended, isOwnEnded: ids.includes(own.id) }
  })
}

async function idsToEnd(
  repositories: Repositories,
  { tenant, sessionId }: EndSessionsCall,
  { session: own, view }: BrowserSession,
): Promise<readonly string[]> {
  if (sessionId === undefined) {
    const all = await repositories.sessions.listOfUser(tenant.id, view.user.id, SESSIONS_MAX)
    return all.map(({ id }) => id).filter((id) => id !== own.id)
  }
  const session = await repositories.sessions.find(tenant.id, sessionId)
  return session?.userId === view.user.id ? [session.id] : []
}

async function record(
  repositories: Repositories,
  { tenant, requestId }: EndSessionsCall,
  { user }: SignInView,
  sessionId: string,
): Promise<void> {
  await repositories.audit.append({
    tenantId: tenant.id,
    action: 'session.ended',
    actor: { kind: 'user', id: user.id },
    targetKind: 'user',
    targetId: user.id,
    requestId,
    detail: { sessionId, reason: 'signed_out' },
  })
}
