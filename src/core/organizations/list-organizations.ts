import type { Organization, Store } from '../../store/store.ts'
import type { Caller } from '../permissions/caller.ts'
import { requirePage } from '../require-page.ts'
import { isStorableText } from '../users/is-storable-text.ts'
import type { ListOrganizationsQuery } from './organization-calls.ts'

/**
 * One page of the caller's tenant's organisations, in the order of `OrganizationTreeStore.listPage`. `total` counts
 * all that the filter lets through; below an organisation that does not exist there is nothing.
 * @throws ApiError OAP.PAGE.0002, OAP.PAGE.0003
 */
export async function listOrganizations(
  { store }: { readonly store: Pick<Store, 'read'> },
  caller: Caller,
  query: ListOrganizationsQuery,
): Promise<{ readonly total: number; readonly organizations: readonly Organization[] }> {
  const { pageIndex, pageSize, ...filter } = query
  requirePage({ pageIndex, pageSize })
  if (filter.belowId !== undefined && !isStorableText(filter.belowId)) {
    return { total: 0, organizations: [] }
  }
  return await store.read.organizations.listPage(caller.tenant.id, filter, { pageIndex, pageSize })
}
