import { ApiError } from '../../errors/api-error.ts'
import type { Repositories } from '../../store/store.ts'
import type { Caller } from '../permissions/caller.ts'
import { requireMayChange } from '../permissions/require-may-change.ts'
import { isStorableText } from './is-storable-text.ts'
import type { UserWithCredential } from './user.ts'

/**
 * The user, locked until the transaction ends, if the caller may change them.
 * @throws ApiError USER.0001 nobody in this tenant has the id, USER.9006 protected
 */
export async function lockChangeableUser(
  repositories: Repositories,
  caller: Caller,
  userId: string,
): Promise<UserWithCredential> {
  const user = isStorableText(userId) ? await repositories.users.lock(caller.tenant.id, userId) : undefined
  if (user === undefined) {
    throw new ApiError('USER.0001')
  }
  await requireMayChange(repositories, user, caller.application.id)
  return user
}
