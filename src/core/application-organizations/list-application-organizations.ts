import type { ApplicationOrganization, Store } from '../../store/store.ts'
import { requireApplication } from '../applications/require-application.ts'
import type { Caller } from '../permissions/caller.ts'
import { requirePage } from '../require-page.ts'

/**
 * One page of an application's organisations, in order of id.
 * @throws ApiError OAP.PAGE.0002, OAP.PAGE.0003; APP.0001 no such application
 */
export async function listApplicationOrganizations(
  { store }: { readonly store: Pick<Store, 'read'> },
  caller: Caller,
  {
    applicationId,
    ...page
  }: { readonly applicationId: string; readonly pageIndex: number; readonly pageSize: number },
): Promise<{ readonly total: number; readonly organizations: readonly ApplicationOrganization[] }> {
  requirePage(page)
  await requireApplication(store.read, caller.tenant.id, applicationId)
  return await store.read.applicationOrganizations.listPage(caller.tenant.id, applicationId, page)
}
