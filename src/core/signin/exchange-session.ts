import { ApiError } from '../../errors/api-error.ts'
import type { Repositories, Session, SignInView } from '../../store/store.ts'
import type { Application } from '../applications/application.ts'
import { DAY_MS, MINUTE_MS, SECOND_MS } from '../clock.ts'
import type { Caller } from '../permissions/caller.ts'
import { randomToken } from '../randomness.ts'
import { Secret } from '../secret.ts'
import { digestToken } from '../tokens/digest-token.ts'
import { isStorableText } from '../users/is-storable-text.ts'
import type { User } from '../users/user.ts'
import { findLive } from './find-session.ts'
import { presentSession, SIGN_IN_SESSION_SECONDS } from './open-session.ts'
import type { SignedIn } from './sign-in-calls.ts'
import type { SignInDeps } from './sign-in-deps.ts'

type Deps = Pick<SignInDeps, 'store' | 'random' | 'signer'>

/** From one server to another, at once. */
const TICKET_MS = 2 * MINUTE_MS
/** However often it is renewed, a session ends after this: then somebody proves again who they are (ASVS 5.0, 7.3.2). */
const SESSION_AGE_MS_MAX = 30 * DAY_MS

/**
 * A ticket for a session, good once and for one application: the caller, or the one with this client id.
 * @throws ApiError SDK.COMMON.1005 the session token is not good, SDK.COMMON.1012 no such client id
 */
export async function createSessionTicket(
  { store, random }: Deps,
  caller: Caller,
  p: { readonly sessionToken: Secret; readonly clientId: string | undefined },
): Promise<{ readonly ticket: Secret; readonly expiresInSeconds: number }> {
  const { tenant } = caller
  return await store.transaction(async (repositories) => {
    const { session, view } = await findByToken(repositories, caller, p.sessionToken)
    const application = await applicationFor(repositories, caller, p.clientId)
    const ticket = randomToken(random)
    await repositories.sessionTickets.insert({
      tenantId: tenant.id,
      ticketDigest: digestToken(ticket),
      sessionId: session.id,
      applicationId: application.id,
      expiresAt: view.now + TICKET_MS,
    })
    await record(repositories, caller, 'session.ticket_made', session, { for: application.id })
    return { ticket: new Secret(ticket), expiresInSeconds: TICKET_MS / SECOND_MS }
  })
}

/**
 * Whose session the ticket stands for; it is used up.
 * @throws ApiError SDK.COMMON.1005 unknown, used, expired, another application's, or its session has ended
 */
export async function redeemSessionTicket({ store }: Deps, caller: Caller, ticket: Secret): Promise<User> {
  const { tenant, application } = caller
  const user = await store.transaction(async (repositories): Promise<User | undefined> => {
    const digest = digestToken(ticket.reveal())
    const taken = await repositories.sessionTickets.take(tenant.id, digest, application.id)
    const session = taken && (await repositories.sessions.find(tenant.id, taken.sessionId))
    const live = session && (await findLive(repositories, session))
    if (taken === undefined || session === undefined || live === undefined) return undefined
    if (taken.expiresAt <= live.view.now) return undefined
    await record(repositories, caller, 'session.ticket_used', session, {})
    return live.view.user
  })
  // after the transaction: a ticket that was not good is gone all the same
  if (user === undefined) throw expired('sso_ticket')
  return user
}

/**
 * A new session token and id_token for a session that lives; the old session token is good for nothing. Only for the
 * application that the session was opened through.
 * @throws ApiError SDK.COMMON.1005 unknown, used, expired, another application's
 */
export async function renewSession(
  { store, random, signer }: Deps,
  caller: Caller,
  sessionToken: Secret,
): Promise<SignedIn> {
  const { tenant } = caller
  const renewed = await store.transaction(async (repositories) => {
    const before = await findByToken(repositories, caller, sessionToken)
    await repositories.users.lock(tenant.id, before.session.userId)
    // under the lock again: the credential is still the one that the session was opened by (reset protocol, rule 9)
    const { session, view, application } = await findByToken(repositories, caller, sessionToken)
    if (application.id !== caller.application.id) throw expired('session_token')
    const token = randomToken(random)
    const endsAt = Math.min(
      view.now + SIGN_IN_SESSION_SECONDS * SECOND_MS,
      session.createdAt + SESSION_AGE_MS_MAX,
    )
    const expiresAt = Math.max(session.expiresAt, endsAt)
    await repositories.sessions.replaceToken(session, { tokenDigest: digestToken(token), expiresAt })
    await record(repositories, caller, 'session.renewed', session, {})
    const lifetimeSeconds = Math.floor((expiresAt - view.now) / SECOND_MS)
    return { id: session.id, token: new Secret(token), user: view.user, lifetimeSeconds }
  })
  return await presentSession(signer, caller, renewed)
}

async function findByToken(
  repositories: Repositories,
  { tenant }: Caller,
  sessionToken: Secret,
): Promise<{ readonly session: Session; readonly view: SignInView; readonly application: Application }> {
  const session = await repositories.sessions.findByToken(tenant.id, digestToken(sessionToken.reveal()))
  const live = session && (await findLive(repositories, session))
  if (session === undefined || live === undefined) throw expired('session_token')
  return { session, ...live }
}

async function applicationFor(
  { applications }: Repositories,
  { tenant, application }: Caller,
  clientId: string | undefined,
): Promise<Application> {
  if (clientId === undefined || clientId === '') return application
  const named = isStorableText(clientId) ? await applications.findByClientId(tenant.id, clientId) : undefined
  if (named === undefined || named.disabled) throw new ApiError('SDK.COMMON.1012')
  return named
}

async function record(
  repositories: Repositories,
  { application, requestId }: Caller,
  action: string,
  session: Session,
  detail: Readonly<Record<string, string>>,
): Promise<void> {
  await repositories.audit.append({
    tenantId: session.tenantId,
    action,
    actor: { kind: 'application', id: application.id },
    targetKind: 'user',
    targetId: session.userId,
    requestId,
    detail: { sessionId: session.id, ...detail },
  })
}

function expired(name: string): ApiError {
  return new ApiError('SDK.COMMON.1005', { params: [name], detail: name })
}
