import { ApiError } from '../../errors/api-error.ts'
import type { Store, UserView } from '../../store/store.ts'
import type { Caller } from '../permissions/caller.ts'
import { isStorableText } from './is-storable-text.ts'

/**
 * A user of the caller's tenant by id.
 * @throws ApiError USER.0001 nobody in this tenant has the id
 */
export async function findUser(
  deps: { readonly store: Pick<Store, 'read'> },
  caller: Caller,
  userId: string,
): Promise<UserView> {
  const user = isStorableText(userId) ? await deps.store.read.users.find(caller.tenant.id, userId) : undefined
  if (user === undefined) throw new ApiError('USER.0001')
  return user
}

/**
 * A user of the caller's tenant by name; case and Unicode form do not matter.
 * @throws ApiError USER.0001 nobody in this tenant has the name
 */
export async function findUserByUserName(
  deps: { readonly store: Pick<Store, 'read'> },
  caller: Caller,
  userName: string,
): Promise<UserView> {
  const user = isStorableText(userName)
    ? await deps.store.read.users.findByUserName(caller.tenant.id, userName)
    : undefined
  if (user === undefined) throw new ApiError('USER.0001')
  return user
}

/**
 * A user of the caller's tenant by e-mail address; case and Unicode form do not matter.
 * @throws ApiError USER.0001 nobody in this tenant has the address
 */
export async function findUserByEmail(
  deps: { readonly store: Pick<Store, 'read'> },
  caller: Caller,
  email: string,
): Promise<UserView> {
  const user = isStorableText(email)
    ? await deps.store.read.users.findByEmail(caller.tenant.id, email)
    : undefined
  if (user === undefined) throw new ApiError('USER.0001')
  return user
}
