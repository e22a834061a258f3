import { ApiError } from '../../errors/api-error.ts'
import type { Store } from '../../store/store.ts'
import { type Clock, MINUTE_MS } from '../clock.ts'
import type { Tenant } from '../tenants/tenant.ts'
import { createAddressMatcher, parseAddressRange } from './address-range.ts'
import type { Application } from './application.ts'

/** Where a call comes from. */
export interface CallOrigin {
  /** Of the client, behind the trusted proxies; undefined: the connection is gone. */
  readonly address: string | undefined
  readonly requestId: string
}

/** What clients of the contract know from its vendors for a token that is not good (contract, section 1). */
export const INVALID_ACCESS = 'Invalid access'
/** Stands in `X-Error-Detail`. */
export const ADDRESS_NOT_ALLOWED = 'address_not_allowed'

export interface AddressRefusal extends CallOrigin {
  readonly tenant: Tenant
  readonly applicationId: string
  /** Whether it asked for an access token, or called with one. */
  readonly operation: 'token' | 'call'
}

/** Whether an application may call from an address; undefined: from everywhere, and nothing is to be asked. */
export type MayCallFrom = ((address: string | undefined) => boolean) | undefined

/** Reads the list of an application: once for as long as the application is kept, not for each call. */
export function createMayCallFrom({ allowedAddresses }: Pick<Application, 'allowedAddresses'>): MayCallFrom {
  if (allowedAddresses.length === 0) {
    return undefined
  }
  // what is stored was checked; what cannot be read all the same lets nobody in
  const ranges = allowedAddresses.flatMap((text) => {
    const parsed = parseAddressRange(text)
    return 'complaint' in parsed ? [] : [parsed]
  })
  const isInside = createAddressMatcher(ranges)
  return (address) => address !== undefined && isInside(address)
}

/** Puts a refusal on record, at most once a minute for each application. */
export type RecordAddressRefusal = (refusal: AddressRefusal) => Promise<void>

// one for each application that was refused lately; beyond it the oldest are asked of the store again
const APPLICATIONS_MAX = 10_000

/**
 * Makes the record of refused addresses. Only whoever has a good secret or token of the application gets this far. Of all
 * refusals of a minute, in all processes, one has an audit row: the store says which. This process asks it no more than
 * once a minute for each application, so that a caller who goes on and on costs no transactions.
 */
export function createAddressRefusals(deps: {
  readonly store: Pick<Store, 'transaction'>
  readonly clock: Pick<Clock, 'monotonicMs'>
  /** Told of every refusal. */
  readonly onRefused: (refusal: AddressRefusal) => void
  /** Told of those that are on record. */
  readonly onRecorded: (refusal: AddressRefusal) => void
}): RecordAddressRefusal {
  const askedAtMs = new Map<string, number>()

  return async (refusal) => {
    deps.onRefused(refusal)
    const key = `${refusal.tenant.id}/${refusal.applicationId}`
    const nowMs = deps.clock.monotonicMs()
    if (nowMs - (askedAtMs.get(key) ?? Number.NEGATIVE_INFINITY) < MINUTE_MS) {
      return
    }
    // before anything is waited for: calls at the same time ask once
    askedAtMs.delete(key)
    dropOldest(askedAtMs)
    askedAtMs.set(key, nowMs)
    try {
      if (await record(deps.store, refusal)) {
        deps.onRecorded(refusal)
      }
    } catch (error) {
      askedAtMs.delete(key)
      throw error
    }
  }
}

/** False: another process was faster, or the application is gone. */
async function record(
  store: Pick<Store, 'transaction'>,
  { tenant, applicationId, operation, requestId }: AddressRefusal,
): Promise<boolean> {
  return await store.transaction(async ({ addressRefusals, audit }) => {
    if (!(await addressRefusals.claim(tenant.id, applicationId, MINUTE_MS))) {
      return false
    }
    // without the address, which may be somebody's own: the log has it under the request id
    await audit.append({
      tenantId: tenant.id,
      action: 'application.address_refused',
      actor: { kind: 'application', id: applicationId },
      targetKind: 'application',
      targetId: applicationId,
      requestId,
      detail: { operation },
    })
    return true
  })
}

function dropOldest(entries: Map<string, number>): void {
  if (entries.size < APPLICATIONS_MAX) return
  const oldest = entries.keys().next()
  if (oldest.done !== true) entries.delete(oldest.value)
}

/** The answer to whoever has shown a token that is good, from an address that is not. */
export function addressRefused(code: 'invalid_client' | 'invalid_token'): ApiError {
  return code === 'invalid_client'
    ? new ApiError(code, { detail: ADDRESS_NOT_ALLOWED })
    : new ApiError(code, { params: [INVALID_ACCESS], detail: ADDRESS_NOT_ALLOWED })
}
