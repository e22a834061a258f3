import { ApiError } from '../../errors/api-error.ts'
import type { Repositories, Session, SignInView } from '../../store/store.ts'
import type { Application } from '../applications/application.ts'
import { SECOND_MS } from '../clock.ts'
import type { Secret } from '../secret.ts'
import type { Tenant } from '../tenants/tenant.ts'
import type { IdTokenSigner } from '../tokens/id-token-signer.ts'

/** What an id_token says of a session; whether the session lives, only the store knows. */
export interface SessionClaims {
  readonly sessionId: string
  readonly userId: string
  /** Client id of the application that the user signed in through. */
  readonly clientId: string
}

/** @throws ApiError invalid_token not a JWT of this tenant, out of time, or of another kind */
export async function readSessionClaims(
  signer: IdTokenSigner,
  tenant: Tenant,
  idToken: Secret,
): Promise<SessionClaims> {
  const claims = await signer.verify(tenant, idToken.reveal())
  const { jti: sessionId, sub: userId, aud: clientId } = claims ?? {}
  if (typeof sessionId !== 'string' || typeof userId !== 'string' || typeof clientId !== 'string') {
    throw invalidToken()
  }
  return { sessionId, userId, clientId }
}

/**
 * The user of a session that lives, as its id_token says.
 * @throws ApiError invalid_token
 */
export async function findSession(
  repositories: Pick<Repositories, 'sessions' | 'users' | 'applications'>,
  tenant: Tenant,
  claims: SessionClaims,
): Promise<SignInView> {
  const session = await repositories.sessions.find(tenant.id, claims.sessionId)
  if (session === undefined || session.userId !== claims.userId) {
    throw invalidToken()
  }
  const live = await findLive(repositories, session)
  if (live === undefined || live.application.clientId !== claims.clientId) {
    throw invalidToken()
  }
  return live.view
}

/**
 * Whose session it is and through which application, if it lives: in time, under the user's present credential version,
 * of a user and through an application that are enabled (reset protocol, rule 9).
 */
export async function findLive(
  repositories: Pick<Repositories, 'users' | 'applications'>,
  session: Session,
): Promise<{ readonly view: SignInView; readonly application: Application } | undefined> {
  const application = await repositories.applications.find(session.tenantId, session.applicationId)
  if (application === undefined || application.disabled) {
    return undefined
  }
  const view = await repositories.users.findForSignInById(session.tenantId, session.userId)
  return view !== undefined && isLive(session, view) ? { view, application } : undefined
}

/** In time, in use if it can go idle, and under the present credential version of a user who is enabled (rule 9). */
export function isLive(
  { expiresAt, credentialVersion, idleSeconds, lastSeenAt }: Session,
  { user, now }: Pick<SignInView, 'user' | 'now'>,
): boolean {
  const isIdle =
    idleSeconds !== undefined && lastSeenAt !== undefined && lastSeenAt + idleSeconds * SECOND_MS <= now
  return expiresAt > now && !isIdle && credentialVersion === user.credential.version && !user.disabled
}

export function invalidToken(): ApiError {
  // the text that clients of the contract know (section 1)
  return new ApiError('invalid_token', { params: ['Invalid access'] })
}
