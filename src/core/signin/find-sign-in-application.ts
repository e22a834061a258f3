import { ApiError } from '../../errors/api-error.ts'
import type { Store } from '../../store/store.ts'
import type { Application } from '../applications/application.ts'
import type { Clock } from '../clock.ts'
import type { Tenant } from '../tenants/tenant.ts'
import { isStorableText } from '../users/is-storable-text.ts'

/** @throws ApiError SDK.COMMON.1012 */
export type FindSignInApplication = (tenant: Tenant, clientId: string) => Promise<Application>

/** An application that was disabled is out within this time. */
const AGE_MS_MAX = 5_000
const ENTRIES_MAX = 1_000

interface Entry {
  readonly application: Application
  readonly readAtMs: number
}

/**
 * Makes the look-up of an `X-client-id`. What the store said is used for at most 5 s; ids that nobody has are asked
 * for every time and take no memory.
 */
export function createSignInApplicationFinder(deps: {
  readonly store: Pick<Store, 'read'>
  readonly clock: Clock
}): FindSignInApplication {
  const entries = new Map<string, Entry>()

  return async (tenant, clientId) => {
    const key = `${tenant.id}/${clientId}`
    const nowMs = deps.clock.monotonicMs()
    let entry = entries.get(key)
    if (entry === undefined || nowMs - entry.readAtMs >= AGE_MS_MAX) {
      entries.delete(key)
      entry = await readEntry(deps, tenant, clientId)
      if (entry === undefined) throw new ApiError('SDK.COMMON.1012')
      entries.set(key, entry)
      dropOldest(entries)
    }
    return entry.application
  }
}

async function readEntry(
  deps: { readonly store: Pick<Store, 'read'>; readonly clock: Clock },
  tenant: Tenant,
  clientId: string,
): Promise<Entry | undefined> {
  // taken before the query: what it returns is at least this young
  const readAtMs = deps.clock.monotonicMs()
  const application = isStorableText(clientId)
    ? await deps.store.read.applications.findByClientId(tenant.id, clientId)
    : undefined
  if (application === undefined || application.disabled) return undefined
  return { application, readAtMs }
}

function dropOldest(entries: Map<string, Entry>): void {
  if (entries.size <= ENTRIES_MAX) return
  const oldest = entries.keys().next()
  if (oldest.done !== true) entries.delete(oldest.value)
}
