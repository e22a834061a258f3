import type { Repositories, Store } from '../../store/store.ts'
import { type NoticeTools, tellContactsChanged } from '../notices/write-notice.ts'
import type { Caller } from '../permissions/caller.ts'
import { type Changer, changedBy, changerOf } from '../permissions/changed-by.ts'
import type { Tenant } from '../tenants/tenant.ts'
import { keepUserUnique, requireDefined } from './check-defined.ts'
import { checkUserChanges } from './check-user-changes.ts'
import { lockChangeableUser } from './lock-changeable-user.ts'
import { type PlaceFinder, placeUser } from './place-user.ts'
import { refuseTaken } from './refuse-taken.ts'
import { replaceRecord } from './replace-record.ts'
import type { User, UserWithCredential } from './user.ts'
import type { UserChanges } from './user-calls.ts'
import { changedFields, withChanges } from './with-changes.ts'

/**
 * Changes what is given and leaves the rest. A contact that becomes another one ends what was sent to the old one, which
 * is told. What is as it was already is no change and leaves no record.
 * @throws ApiError USER.9007, USER.0011, USER.0012, USER.0038, USER.9005 an attribute; USER.0001; USER.9006; ORG.0001 no
 *   such organisation; USER.9002, USER.9003, USER.9004, USER.9008 taken
 */
export async function modifyUser(
  deps: NoticeTools & { readonly store: Pick<Store, 'transaction'> },
  caller: Caller,
  userId: string,
  given: UserChanges,
): Promise<{ readonly userId: string }> {
  const changes = checkUserChanges(given)
  return await refuseTaken(
    deps.store.transaction(async (repositories) => {
      const user = await lockChangeableUser(repositories, caller, userId)
      const wanted = await planChange(repositories.organizations, caller.tenant, user, changes)
      await writeChange(repositories, deps, { by: changerOf(caller), user, wanted })
      return { userId }
    }),
  )
}

/**
 * The record after a change; call under the user's lock.
 * @param changes as `checkUserChanges` gives them
 * @throws ApiError ORG.0001, and what `requireDefined` says
 */
export async function planChange(
  organizations: PlaceFinder,
  tenant: Tenant,
  user: UserWithCredential,
  changes: UserChanges,
): Promise<User> {
  const place = await placeUser(organizations, user.tenantId, user, changes)
  const after = { ...withChanges(recordOf(user), changes), ...place }
  requireDefined(tenant, after, changes)
  return isDelivered(user) ? { ...after, mustChangePassword: user.mustChangePassword } : after
}

/**
 * Puts the record in place of the user's, with everything that a change of it means; nothing if they are alike. Call
 * under the user's lock.
 * @throws DuplicateError; ApiError USER.9008
 */
export async function writeChange(
  repositories: Repositories,
  notices: NoticeTools,
  p: { readonly by: Changer; readonly user: UserWithCredential; readonly wanted: User },
): Promise<void> {
  const { by, user, wanted } = p
  const fields = changedFields(user, wanted)
  if (fields.length === 0) {
    return
  }
  const now = await repositories.now()
  const settings = by.tenant.settings.notices
  await tellContactsChanged(repositories, user, wanted, { ...notices, settings, now })
  const { actor, requestId } = changedBy(by, 'user', user.id)
  await replaceRecord(repositories, { user, after: wanted, contacts: wanted, actor, requestId, now })
  await keepUserUnique(repositories, by.tenant, wanted)
  await repositories.audit.append({
    ...changedBy(by, 'user', user.id),
    action: 'user.updated',
    detail: { fields },
  })
}

function recordOf({ credential: _credential, ...record }: UserWithCredential): User {
  return record
}

/** A password that came in a message must be changed, whatever a caller writes (contract, section 8). */
function isDelivered(user: UserWithCredential): boolean {
  return user.credential.resetId !== undefined
}
