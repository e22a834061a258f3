import type { Repositories, Session, SignInView, Store } from '../../store/store.ts'
import { MINUTE_MS } from '../clock.ts'
import type { Secret } from '../secret.ts'
import { invalidToken, isLive } from '../signin/find-session.ts'
import type { Tenant } from '../tenants/tenant.ts'
import { digestToken } from '../tokens/digest-token.ts'
import { PAGES_APPLICATION_ID } from './pages-application.ts'

/** So often at most a use is written down: pages are read more often than anybody goes idle. */
const TOUCH_AFTER_MS = MINUTE_MS

export interface BrowserSession {
  readonly session: Session
  readonly view: SignInView
}

/** Who asks: the token of a browser's session, as its cookie has it. */
export interface InBrowser {
  readonly tenant: Tenant
  readonly sessionToken: Secret
}

type Reading = Pick<Repositories, 'sessions' | 'users'>

/**
 * Whose browser it is; undefined: nobody's any more. True afterwards: the session's idle time begins anew, to the minute.
 */
export async function findBrowserSession(
  store: Pick<Store, 'read' | 'transaction'>,
  p: InBrowser,
): Promise<BrowserSession | undefined> {
  const found = await readBrowserSession(store.read, p)
  if (found === undefined) return undefined
  const { session, view } = found
  if (view.now - (session.lastSeenAt ?? 0) >= TOUCH_AFTER_MS) {
    await store.transaction(({ sessions }) => sessions.touch(session.tenantId, session.id, view.now))
  }
  return found
}

/** Undefined: unknown, ended, idle for too long, of an application, or its user may not sign in as then any more. */
export async function readBrowserSession(
  { sessions, users }: Reading,
  { tenant, sessionToken }: InBrowser,
): Promise<BrowserSession | undefined> {
  const session = await sessions.findByToken(tenant.id, digestToken(sessionToken.reveal()))
  if (session === undefined || session.applicationId !== PAGES_APPLICATION_ID) {
    return undefined
  }
  const view = await users.findForSignInById(tenant.id, session.userId)
  return view !== undefined && isLive(session, view) ? { session, view } : undefined
}

/** @throws ApiError invalid_token */
export async function requireBrowserSession(repositories: Reading, p: InBrowser): Promise<BrowserSession> {
  const found = await readBrowserSession(repositories, p)
  if (found === undefined) throw invalidToken()
  return found
}
