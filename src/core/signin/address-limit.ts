import { isIPv6 } from 'node:net'
import { ApiError } from '../../errors/api-error.ts'
import { type Clock, MINUTE_MS, SECOND_MS } from '../clock.ts'
import type { Tenant } from '../tenants/tenant.ts'

/** Counts sign-ins per client address, in this process. */
export interface AddressLimit {
  /**
   * Counts one call from this address. Calls whose address is unknown are not limited.
   * @throws ApiError SDK.LOGIN.9002 the tenant's limit for this minute is used up
   */
  count(tenant: Tenant, address: string | undefined): void
}

// some MB at most; beyond it the windows that began first are forgotten
const ADDRESSES_MAX = 50_000

interface Window {
  readonly beganAtMs: number
  count: number
}

/** A fixed window of one minute per address, from its first call on. */
export function createAddressLimit(clock: Pick<Clock, 'monotonicMs'>): AddressLimit {
  const windows = new Map<string, Window>()

  return {
    count(tenant, address) {
      if (address === undefined) return
      const key = `${tenant.id}/${networkOf(address)}`
      const nowMs = clock.monotonicMs()
      let window = windows.get(key)
      if (window === undefined || nowMs - window.beganAtMs >= MINUTE_MS) {
        // deleted first, so that the map's order stays the order in which windows began
        windows.delete(key)
        dropOldest(windows)
        window = { beganAtMs: nowMs, count: 0 }
        windows.set(key, window)
      }
      if (window.count >= tenant.settings.signIn.perAddressPerMinute) {
        const seconds = Math.ceil((window.beganAtMs + MINUTE_MS - nowMs) / SECOND_MS)
        throw new ApiError('SDK.LOGIN.9002', { params: [seconds], retryAfterSeconds: seconds })
      }
      window.count += 1
    },
  }
}

/** One subscriber has a whole /64 of IPv6 addresses (RFC 6177): they count as one. */
export function networkOf(address: string): string {
  if (!isIPv6(address)) return address
  const [head = '', tail] = address.split('::', 2)
  const left = head === '' ? [] : head.split(':')
  const right = tail === undefined || tail === '' ? [] : tail.split(':')
  const groups = [...left, ...Array(Math.max(0, 8 - left.length - right.length)).fill('0'), ...right]
  const prefix = groups.slice(0, 4).map((group) => Number.parseInt(group, 16).toString(16))
  return `${prefix.join(':')}::/64`
}

function dropOldest(windows: Map<string, Window>): void {
  if (windows.size < ADDRESSES_MAX) return
  const oldest = windows.keys().next()
  if (oldest.done !== true) windows.delete(oldest.value)
}
