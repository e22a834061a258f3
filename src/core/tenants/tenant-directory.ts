import type { Store } from '../../store/store.ts'
import type { Clock } from '../clock.ts'
import type { Tenant } from './tenant.ts'

export interface TenantDirectory {
  /**
   * The tenant that a host name belongs to. A lone tenant answers at any name on a loopback address;
   * undefined as soon as there is a second tenant or the address is not loopback.
   * @param host lower case, without port
   * @throws StoreUnavailableError
   */
  byHost(host: string, isLoopback: boolean): Promise<Tenant | undefined>
}

/** A changed tenant file is in force everywhere within this time. */
const AGE_MS_MAX = 5_000

interface Snapshot {
  readonly readAtMs: number
  readonly tenants: readonly Tenant[]
  readonly byDomain: ReadonlyMap<string, Tenant>
}

/** All tenants, read again when older than 5 s; calls at once share one read. */
export function createTenantDirectory(store: Pick<Store, 'read'>, clock: Clock): TenantDirectory {
  let snapshot: Snapshot | undefined
  let reading: Promise<Snapshot> | undefined

  async function read(): Promise<Snapshot> {
    // taken before the query: what it returns is at least this young
    const readAtMs = clock.monotonicMs()
    try {
      const tenants = await store.read.tenants.list()
      const byDomain = new Map(tenants.flatMap((tenant) => tenant.domains.map((domain) => [domain, tenant])))
      snapshot = { readAtMs, tenants, byDomain }
      return snapshot
    } finally {
      reading = undefined
    }
  }

  function current(): Snapshot | Promise<Snapshot> {
    if (snapshot !== undefined && clock.monotonicMs() - snapshot.readAtMs < AGE_MS_MAX) return snapshot
    reading ??= read()
    return reading
  }

  return {
    async byHost(host, isLoopback) {
      const { tenants, byDomain } = await current()
      const isLone = tenants.length === 1 && isLoopback
      return byDomain.get(host) ?? (isLone ? tenants[0] : undefined)
    },
  }
}
