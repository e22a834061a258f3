import type { Store, UserView } from '../../store/store.ts'
import type { Caller } from '../permissions/caller.ts'
import { requirePage } from '../require-page.ts'
import { isStorableText } from './is-storable-text.ts'
import type { ListUsersQuery } from './user-calls.ts'

/**
 * One page of the caller's tenant's users, in the order of `UserRepository.list`. `total` counts every user that the
 * filter lets through.
 * @throws ApiError OAP.PAGE.0002 page size not 10…100; OAP.PAGE.0003 page index not 0 or more
 */
export async function listUsers(
  deps: { readonly store: Pick<Store, 'read'> },
  caller: Caller,
  query: ListUsersQuery,
): Promise<{ total: number; users: readonly UserView[] }> {
  const { pageIndex, pageSize, ...filter } = query
  requirePage({ pageIndex, pageSize })
  if (filter.organizationId !== undefined && !isStorableText(filter.organizationId)) {
    return { total: 0, users: [] }
  }
  return deps.store.read.users.list(caller.tenant.id, filter, { pageIndex, pageSize })
}
