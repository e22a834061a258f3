import { ApiError } from '../../errors/api-error.ts'
import type { Store, UserView } from '../../store/store.ts'
import type { ListUsersQuery } from '../core.ts'
import type { Caller } from '../permissions/caller.ts'
import { isStorableText } from './is-storable-text.ts'

const PAGE_SIZE_MIN = 10
const PAGE_SIZE_MAX = 100
// the product with the largest page size still is an exact integer and fits a 64-bit offset
const PAGE_INDEX_MAX = 1_000_000_000

/**
 * One page of the caller's tenant's users, in order of id. `total` counts every user that the filter lets
 * through.
 * @throws ApiError OAP.PAGE.0002 page size not 10…100; OAP.PAGE.0003 page index not 0 or more
 */
export async function listUsers(
  deps: { readonly store: Pick<Store, 'read'> },
  caller: Caller,
  query: ListUsersQuery,
): Promise<{ total: number; users: readonly UserView[] }> {
  const { pageIndex, pageSize, ...filter } = query
  if (!isWholeWithin(pageSize, PAGE_SIZE_MIN, PAGE_SIZE_MAX)) throw new ApiError('OAP.PAGE.0002')
  if (!isWholeWithin(pageIndex, 0, PAGE_INDEX_MAX)) throw new ApiError('OAP.PAGE.0003')
  if (filter.organizationId !== undefined && !isStorableText(filter.organizationId)) {
    return { total: 0, users: [] }
  }
  return deps.store.read.users.list(caller.tenant.id, filter, { pageIndex, pageSize })
}

function isWholeWithin(value: number, min: number, max: number): boolean {
  return Number.isInteger(value) && value >= min && value <= max
}
