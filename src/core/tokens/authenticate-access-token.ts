import type { Store } from '../../store/store.ts'
import {
  addressRefused,
  type CallOrigin,
  createMayCallFrom,
  type MayCallFrom,
  type RecordAddressRefusal,
} from '../applications/allowed-addresses.ts'
import type { Application } from '../applications/application.ts'
import type { Clock } from '../clock.ts'
import type { Tenant } from '../tenants/tenant.ts'
import { digestToken } from './digest-token.ts'

export type AuthenticateAccessToken = (
  tenant: Tenant,
  accessToken: string,
  from: CallOrigin,
) => Promise<Application | undefined>

/** An application that was disabled, or given other permissions, addresses or another secret, is so within this time. */
const AGE_MS_MAX = 5_000
// some MB at most; beyond it the oldest entries go, and are read again
const ENTRIES_MAX = 10_000

interface Entry {
  readonly application: Application
  readonly mayCallFrom: MayCallFrom
  readonly readAtMs: number
  /** Monotonic time at which the token expires. */
  readonly expiresAtMs: number
}

/**
 * Makes the look-up of bearer tokens. What the store said is used for at most 5 s; tokens it does not know
 * are asked for every time and take no memory. A token is good while it has not expired by the store's clock,
 * its application is enabled, and the application's version is the one it was issued under. Whose token is good, but whose
 * address is none of the application's, is refused with ApiError invalid_token, detail address_not_allowed.
 */
export function createAccessTokenAuthenticator(deps: {
  readonly store: Pick<Store, 'read'>
  readonly clock: Clock
  readonly recordAddressRefusal: RecordAddressRefusal
}): AuthenticateAccessToken {
  const entries = new Map<string, Entry>()
  const lookUps = new Map<string, Promise<Entry | undefined>>()

  async function lookUp(tenantId: string, tokenDigest: string, key: string): Promise<Entry | undefined> {
    try {
      const entry = await readEntry(deps, tenantId, tokenDigest)
      entries.delete(key)
      if (entry !== undefined) entries.set(key, entry)
      dropOldest(entries)
      return entry
    } finally {
      lookUps.delete(key)
    }
  }

  return async (tenant, accessToken, from) => {
    const tokenDigest = digestToken(accessToken)
    const key = `${tenant.id}/${tokenDigest}`
    const nowMs = deps.clock.monotonicMs()
    let entry = entries.get(key)
    if (entry === undefined || nowMs - entry.readAtMs >= AGE_MS_MAX) {
      const pending = lookUps.get(key) ?? lookUp(tenant.id, tokenDigest, key)
      lookUps.set(key, pending)
      entry = await pending
    }
    if (entry === undefined || nowMs >= entry.expiresAtMs) return undefined
    const { application, mayCallFrom } = entry
    if (mayCallFrom !== undefined && !mayCallFrom(from.address)) {
      const { id: applicationId } = application
      await deps.recordAddressRefusal({ ...from, tenant, applicationId, operation: 'call' })
      throw addressRefused('invalid_token')
    }
    return application
  }
}

async function readEntry(
  deps: { readonly store: Pick<Store, 'read'>; readonly clock: Clock },
  tenantId: string,
  tokenDigest: string,
): Promise<Entry | undefined> {
  // taken before the query: what it returns is at least this young
  const readAtMs = deps.clock.monotonicMs()
  const found = await deps.store.read.accessTokens.findWithApplication(tenantId, tokenDigest)
  if (found === undefined) return undefined
  const { token, application, now } = found
  if (application.disabled || application.version !== token.applicationVersion) return undefined
  if (token.expiresAt <= now) return undefined
  const mayCallFrom = createMayCallFrom(application)
  return { application, mayCallFrom, readAtMs, expiresAtMs: readAtMs + (token.expiresAt - now) }
}

function dropOldest(entries: Map<string, Entry>): void {
  if (entries.size <= ENTRIES_MAX) return
  const oldest = entries.keys().next()
  if (oldest.done !== true) entries.delete(oldest.value)
}
