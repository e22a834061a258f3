import {
  type CryptoKey,
  calculateJwkThumbprint,
  decodeProtectedHeader,
  exportJWK,
  exportPKCS8,
  generateKeyPair,
  importJWK,
  importPKCS8,
  type JWK,
  jwtVerify,
  SignJWT,
} from 'jose'
import type { SigningKey, Store } from '../../store/store.ts'
import { type Clock, SECOND_MS } from '../clock.ts'
import { newId } from '../new-id.ts'
import type { RandomBytes } from '../randomness.ts'
import { Secret } from '../secret.ts'
import type { Tenant } from '../tenants/tenant.ts'
import type { IdTokenSigner } from './id-token-signer.ts'

const ALGORITHM = 'RS256'
/** A new key signs, and a removed one verifies no more, within this time. */
const AGE_MS_MAX = 5_000
// nodes whose clocks differ by more than 2 s are not ready (reset protocol, rule 15)
const CLOCK_TOLERANCE_SECONDS = 2

export interface IdTokenSignerDeps {
  readonly store: Pick<Store, 'read' | 'transaction'>
  readonly seal: {
    seal(plain: Secret, context: string): string
    open(sealed: string, context: string): Secret
  }
  readonly clock: Pick<Clock, 'now' | 'monotonicMs'>
  readonly random: RandomBytes
  /** Origin without a path; undefined: the tenant's first domain is the issuer. */
  readonly publicUrl: string | undefined
}

interface Keys {
  readonly rows: readonly SigningKey[]
  readonly readAtMs: number
}

/**
 * RS256 with an RSA key of 2,048 bits for each tenant, made when the first is needed and stored sealed. A token is
 * verified with the keys of its own tenant only, never with what it brings along.
 */
export function createIdTokenSigner(deps: IdTokenSignerDeps): IdTokenSigner {
  const keysOf = createKeyReader(deps)
  const imported = new Map<string, Promise<CryptoKey>>()

  /** Importing costs more than signing; a key never changes under its id. */
  function once(name: string, work: () => Promise<CryptoKey>): Promise<CryptoKey> {
    const known = imported.get(name)
    if (known !== undefined) return known
    const importing = work()
    imported.set(name, importing)
    importing.catch(() => imported.delete(name))
    return importing
  }

  return {
    async sign(tenant, claims, lifetimeSeconds) {
      const [key] = await keysOf(tenant.id, { isNeeded: true })
      if (key === undefined) throw new Error('a tenant that is gone signs nothing')
      const privateKey = await once(`private/${key.tenantId}/${key.keyId}`, () => openKey(deps, key))
      const now = Math.floor(deps.clock.now() / SECOND_MS)
      return await new SignJWT({ jti: newId(deps.clock.now(), deps.random), ...claims })
        .setProtectedHeader({ alg: ALGORITHM, kid: key.keyId, typ: 'JWT' })
        .setIssuer(issuerOf(deps, tenant))
        .setIssuedAt(now)
        .setNotBefore(now)
        .setExpirationTime(now + lifetimeSeconds)
        .sign(privateKey)
    },

    async verify(tenant, token) {
      const keyId = keyIdOf(token)
      const key = keyId === undefined ? undefined : await findKey(keysOf, tenant.id, keyId)
      if (key === undefined) return undefined
      const publicKey = await once(`public/${key.tenantId}/${key.keyId}`, () => importPublicKey(key))
      try {
        const { payload } = await jwtVerify(token, publicKey, {
          algorithms: [ALGORITHM],
          issuer: issuerOf(deps, tenant),
          currentDate: new Date(deps.clock.now()),
          clockTolerance: CLOCK_TOLERANCE_SECONDS,
          requiredClaims: ['exp'],
        })
        return payload
      } catch {
        return undefined
      }
    },

    async publicKeys(tenantId) {
      const keys = await keysOf(tenantId, { isNeeded: true })
      return { keys: keys.map((key) => JSON.parse(key.publicKeyJwk) as Record<string, unknown>) }
    },
  }
}

interface Wish {
  /** Makes the first key if there is none. */
  readonly isNeeded?: boolean
  /** Asks the store even if the last answer is young. */
  readonly isFresh?: boolean
}

type KeysOf = (tenantId: string, wish: Wish) => Promise<readonly SigningKey[]>

function createKeyReader(deps: IdTokenSignerDeps): KeysOf {
  const known = new Map<string, Keys>()
  const making = new Map<string, Promise<readonly SigningKey[]>>()

  async function make(tenantId: string): Promise<readonly SigningKey[]> {
    const readAtMs = deps.clock.monotonicMs()
    const rows = await makeFirstKey(deps, tenantId)
    if (rows.length > 0) known.set(tenantId, { rows, readAtMs })
    return rows
  }

  return async (tenantId, { isNeeded = false, isFresh = false }) => {
    const nowMs = deps.clock.monotonicMs()
    let keys = known.get(tenantId)
    if (keys === undefined || isFresh || nowMs - keys.readAtMs >= AGE_MS_MAX) {
      keys = { rows: await deps.store.read.signingKeys.list(tenantId), readAtMs: nowMs }
      if (keys.rows.length > 0) known.set(tenantId, keys)
    }
    if (keys.rows.length > 0 || !isNeeded) return keys.rows
    // calls at once wait for one key
    const made = making.get(tenantId) ?? make(tenantId).finally(() => making.delete(tenantId))
    making.set(tenantId, made)
    return await made
  }
}

/** True afterwards: the tenant has a key, whoever of several processes made it. */
async function makeFirstKey(deps: IdTokenSignerDeps, tenantId: string): Promise<readonly SigningKey[]> {
  // before the lock: making one takes a tenth of a second
  const key = await generateKey(deps, tenantId)
  return await deps.store.transaction(async (repositories) => {
    const exists = await repositories.tenants.lock(tenantId)
    const rows = await repositories.signingKeys.list(tenantId)
    if (!exists || rows.length > 0) return rows
    await repositories.signingKeys.insert(key)
    await repositories.audit.append({
      tenantId,
      action: 'signing_key.created',
      actor: { kind: 'server', id: undefined },
      targetKind: 'tenant',
      targetId: tenantId,
      requestId: undefined,
      detail: { keyId: key.keyId },
    })
    return [key]
  })
}

async function generateKey(deps: IdTokenSignerDeps, tenantId: string): Promise<SigningKey> {
  const pair = await generateKeyPair(ALGORITHM, { modulusLength: 2048, extractable: true })
  const jwk = await exportJWK(pair.publicKey)
  const keyId = await calculateJwkThumbprint(jwk)
  return {
    tenantId,
    keyId,
    privateKeySealed: deps.seal.seal(
      new Secret(await exportPKCS8(pair.privateKey)),
      sealContext({ tenantId, keyId }),
    ),
    publicKeyJwk: JSON.stringify({ ...jwk, kid: keyId, use: 'sig', alg: ALGORITHM }),
    createdAt: deps.clock.now(),
  }
}

function openKey(deps: IdTokenSignerDeps, key: SigningKey): Promise<CryptoKey> {
  return importPKCS8(deps.seal.open(key.privateKeySealed, sealContext(key)).reveal(), ALGORITHM)
}

async function importPublicKey(key: SigningKey): Promise<CryptoKey> {
  const publicKey = await importJWK(JSON.parse(key.publicKeyJwk) as JWK, ALGORITHM)
  if (publicKey instanceof Uint8Array) throw new Error('a stored public key is symmetric')
  return publicKey
}

function sealContext(key: Pick<SigningKey, 'tenantId' | 'keyId'>): string {
  return `signing-key/${key.tenantId}/${key.keyId}`
}

/** A key made by another process a moment ago is asked for once more before the token is refused. */
async function findKey(keysOf: KeysOf, tenantId: string, keyId: string): Promise<SigningKey | undefined> {
  const isKey = (key: SigningKey) => key.keyId === keyId
  return (await keysOf(tenantId, {})).find(isKey) ?? (await keysOf(tenantId, { isFresh: true })).find(isKey)
}

function keyIdOf(token: string): string | undefined {
  try {
    return decodeProtectedHeader(token).kid
  } catch {
    return undefined
  }
}

function issuerOf(deps: IdTokenSignerDeps, tenant: Tenant): string {
  return deps.publicUrl ?? `https://${tenant.domains[0] ?? 'localhost'}`
}
