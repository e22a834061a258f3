import type { Store } from '../../store/store.ts'
import type { Tenant } from '../tenants/tenant.ts'
import type { Application } from './application.ts'

export interface StopResetsCall {
  readonly tenant: Tenant
  readonly application: Pick<Application, 'id'>
  /** False: they go on. */
  readonly isStopped: boolean
  readonly requestId: string
}

/**
 * Stops the resets of one application, as an operator, or lets them go on. True afterwards, on every process: no reset
 * of a stopped application begins, because each reads the application's row in its first transaction; those that had
 * begun finish. On record, if it changed anything.
 */
export async function stopResets(
  store: Pick<Store, 'transaction'>,
  { tenant, application, isStopped, requestId }: StopResetsCall,
): Promise<{ readonly hasChanged: boolean }> {
  return await store.transaction(async (repositories) => {
    await repositories.tenants.lock(tenant.id) // beside another command, or `apply`
    const stored = await repositories.applications.find(tenant.id, application.id)
    if (stored === undefined || (stored.resetsStoppedAt !== undefined) === isStopped) {
      return { hasChanged: false }
    }
    const at = isStopped ? await repositories.now() : undefined
    await repositories.applications.stopResets(tenant.id, application.id, at)
    await repositories.audit.append({
      tenantId: tenant.id,
      action: isStopped ? 'application.resets_stopped' : 'application.resets_allowed',
      actor: { kind: 'operator', id: undefined },
      targetKind: 'application',
      targetId: application.id,
      requestId,
      detail: {},
    })
    return { hasChanged: true }
  })
}
