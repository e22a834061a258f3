import type { Repositories, StateTokenPurpose } from '../../store/store.ts'
import type { Application } from '../applications/application.ts'
import { MINUTE_MS, SECOND_MS } from '../clock.ts'
import { newId } from '../new-id.ts'
import { type RandomBytes, randomToken } from '../randomness.ts'
import { Secret } from '../secret.ts'
import type { Tenant } from '../tenants/tenant.ts'
import { digestToken } from '../tokens/digest-token.ts'
import type { IdTokenSigner } from '../tokens/id-token-signer.ts'
import type { User } from '../users/user.ts'
import type { Browser, SignedIn } from './sign-in-calls.ts'

/** Lifetimes as the contract's samples have them (section 4.3), in seconds. */
export const SIGN_IN_SESSION_SECONDS = 604_800
export const UPDATE_SESSION_SECONDS = 43_200
const ID_TOKEN_SECONDS = 18_000
/** Long enough to think of a password (reset protocol, rule 13). */
export const STATE_TOKEN_MINUTES = 15
const STATE_TOKEN_MS = STATE_TOKEN_MINUTES * MINUTE_MS

export interface OpenSession {
  readonly tenant: Tenant
  readonly application: Application
  readonly user: User
  /** Under which the password was verified; the session ends with it (reset protocol, rule 9). */
  readonly credentialVersion: number
  readonly now: number
}

export interface OpenedSession {
  readonly id: string
  readonly token: Secret
  readonly user: User
  readonly lifetimeSeconds: number
}

/** Call under the user's lock. True afterwards: the session is there and the sign-in is recorded. */
export async function openSession(
  repositories: Repositories,
  random: RandomBytes,
  p: OpenSession & {
    readonly lifetimeSeconds: number
    readonly address: string | undefined
    readonly browser?: Browser | undefined
  },
): Promise<OpenedSession> {
  const token = randomToken(random)
  const id = newId(p.now, random)
  const lifetimeSeconds = p.browser?.lifetimeSeconds ?? p.lifetimeSeconds
  await repositories.sessions.insert({
    tenantId: p.tenant.id,
    id,
    tokenDigest: digestToken(token),
    userId: p.user.id,
    applicationId: p.application.id,
    credentialVersion: p.credentialVersion,
    createdAt: p.now,
    expiresAt: p.now + lifetimeSeconds * SECOND_MS,
    device: p.browser?.device,
    idleSeconds: p.browser?.idleSeconds,
    lastSeenAt: p.browser && p.now,
  })
  await repositories.users.recordSignIn(p.tenant.id, p.user.id, p.now, p.address)
  return { id, token: new Secret(token), user: p.user, lifetimeSeconds }
}

/**
 * Call under the user's lock. True afterwards: whoever has the token may choose a new password for 15 minutes, or go on
 * without one if its purpose is `may_change`.
 */
export async function openStateToken(
  repositories: Repositories,
  random: RandomBytes,
  p: OpenSession & { readonly resetId: string | undefined; readonly purpose: StateTokenPurpose },
): Promise<Secret> {
  const token = randomToken(random)
  await repositories.sessions.insertStateToken({
    tenantId: p.tenant.id,
    tokenDigest: digestToken(token),
    userId: p.user.id,
    applicationId: p.application.id,
    resetId: p.resetId,
    purpose: p.purpose,
    credentialVersion: p.credentialVersion,
    createdAt: p.now,
    expiresAt: p.now + STATE_TOKEN_MS,
  })
  return new Secret(token)
}

/** Call after the transaction: the signature takes a while, and may have to make the tenant's first key. */
export async function presentSession(
  signer: IdTokenSigner,
  call: { readonly tenant: Tenant; readonly application: Application },
  session: OpenedSession,
): Promise<SignedIn> {
  const { id, name, mobile, userName, email } = session.user
  const claims = {
    sub: id,
    aud: call.application.clientId,
    jti: session.id,
    // JSON inside JSON: clients of the contract decode it twice (section 4.3)
    api: JSON.stringify({ name, mobile, id, userName, email }),
  }
  return {
    status: 'SUCCESS',
    sessionToken: session.token,
    expiresInSeconds: session.lifetimeSeconds,
    idToken: new Secret(await signer.sign(call.tenant, claims, ID_TOKEN_SECONDS)),
  }
}
