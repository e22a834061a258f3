import { createHash, timingSafeEqual } from 'node:crypto'
import { ApiError } from '../../errors/api-error.ts'
import type { Store } from '../../store/store.ts'
import {
  addressRefused,
  createMayCallFrom,
  type RecordAddressRefusal,
} from '../applications/allowed-addresses.ts'
import type { Application } from '../applications/application.ts'
import { type Clock, SECOND_MS } from '../clock.ts'
import type { IssueAccessTokenCall, IssuedAccessToken } from '../core.ts'
import { type RandomBytes, randomToken } from '../randomness.ts'
import { Secret } from '../secret.ts'
import { isStorableText } from '../users/is-storable-text.ts'
import { digestToken } from './digest-token.ts'
import type { IdTokenSigner } from './id-token-signer.ts'

export interface IssueAccessTokenDeps {
  readonly store: Pick<Store, 'read' | 'transaction'>
  readonly clock: Clock
  readonly random: RandomBytes
  readonly signer: IdTokenSigner
  readonly recordAddressRefusal: RecordAddressRefusal
}

/**
 * Gives an application an access token: 256 random bits, of which only the SHA-256 is stored. Earlier tokens
 * stay good. `expiresInSeconds` is what remains of the stored lifetime, in whole seconds.
 * @throws ApiError invalid_client (with detail address_not_allowed: the secret is right), invalid_request (no grant type), unsupported_grant_type
 */
export async function issueAccessToken(
  deps: IssueAccessTokenDeps,
  call: IssueAccessTokenCall,
): Promise<IssuedAccessToken> {
  const application = await authenticateClient(deps, call)
  await requireAllowedAddress(deps, call, application)
  checkGrantType(call.grantType)
  const startedMs = deps.clock.monotonicMs()
  const accessToken = randomToken(deps.random)
  const lifetimeMs = application.tokenLifetimeSeconds * SECOND_MS
  // beside the transaction: it waits for the disk, the signature for a processor
  const signing = signPermissions(deps.signer, call, application)
  signing.catch(() => undefined) // reported where it is awaited, unless the transaction has failed before
  await deps.store.transaction(async (repositories) => {
    const now = await repositories.now()
    const isInserted = await repositories.accessTokens.insert({
      tenantId: call.tenant.id,
      tokenDigest: digestToken(accessToken),
      applicationId: application.id,
      applicationVersion: application.version,
      issuedAt: now,
      expiresAt: now + lifetimeMs,
    })
    if (!isInserted) {
      throw new ApiError('invalid_client') // its secret was changed, or it was removed, a moment ago
    }
    await repositories.audit.append({
      tenantId: call.tenant.id,
      action: 'token.issued',
      actor: { kind: 'application', id: application.id },
      targetKind: 'application',
      targetId: application.id,
      requestId: call.requestId,
      detail: {},
    })
  })
  const idToken = await signing
  const remainingMs = lifetimeMs - (deps.clock.monotonicMs() - startedMs)
  return {
    accessToken: new Secret(accessToken),
    expiresInSeconds: Math.max(0, Math.floor(remainingMs / SECOND_MS)),
    idToken: new Secret(idToken),
  }
}

// compared with when nobody has the client id, so that both cases do the same work; no secret hashes to it
const NOBODYS_DIGEST = '0'.repeat(64)

async function authenticateClient(
  deps: Pick<IssueAccessTokenDeps, 'store'>,
  call: IssueAccessTokenCall,
): Promise<Application> {
  const application = isStorableText(call.clientId)
    ? await deps.store.read.applications.findByClientId(call.tenant.id, call.clientId)
    : undefined
  const given = createHash('sha256').update(call.clientSecret.reveal()).digest()
  const expected = Buffer.from(application?.secretDigest ?? NOBODYS_DIGEST, 'hex')
  const isRight = expected.length === given.length && timingSafeEqual(given, expected)
  if (application === undefined || !isRight || application.disabled) throw new ApiError('invalid_client')
  return application
}

/** Comes after the secret: who does not have that learns nothing about addresses. */
async function requireAllowedAddress(
  { recordAddressRefusal }: Pick<IssueAccessTokenDeps, 'recordAddressRefusal'>,
  { tenant, address, requestId }: IssueAccessTokenCall,
  application: Application,
): Promise<void> {
  const mayCallFrom = createMayCallFrom(application)
  if (mayCallFrom !== undefined && !mayCallFrom(address)) {
    const { id: applicationId } = application
    await recordAddressRefusal({ tenant, applicationId, address, requestId, operation: 'token' })
    throw addressRefused('invalid_client')
  }
}

function checkGrantType(grantType: string | undefined): void {
  if (grantType === undefined || grantType === '') {
    throw new ApiError('invalid_request', { params: ['grant_type'], detail: 'grant_type' })
  }
  if (grantType !== 'client_credentials') {
    throw new ApiError('unsupported_grant_type', { params: [grantType.slice(0, 100)] })
  }
}

function signPermissions(
  signer: IdTokenSigner,
  call: IssueAccessTokenCall,
  application: Application,
): Promise<string> {
  const claims = { sub: application.clientId, aud: application.clientId, api: application.permissions }
  return signer.sign(call.tenant, claims, application.tokenLifetimeSeconds)
}
