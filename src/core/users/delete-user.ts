import type { Store } from '../../store/store.ts'
import type { Caller } from '../permissions/caller.ts'
import { changedBy } from '../permissions/changed-by.ts'
import { lockChangeableUser } from './lock-changeable-user.ts'
import { removeUser } from './remove-user.ts'

/**
 * Removes a user with everything that removal ends (`removeUser`).
 * @throws ApiError USER.0001, USER.9006
 */
export async function deleteUser(
  { store }: { readonly store: Pick<Store, 'transaction'> },
  caller: Caller,
  userId: string,
): Promise<void> {
  await store.transaction(async (repositories) => {
    const user = await lockChangeableUser(repositories, caller, userId)
    const { actor, requestId } = changedBy(caller, 'user', userId)
    await removeUser(repositories, { user, actor, requestId, now: await repositories.now() })
  })
}
