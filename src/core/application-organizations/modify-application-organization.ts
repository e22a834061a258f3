import type { Store } from '../../store/store.ts'
import { lockApplication } from '../applications/require-application.ts'
import type { Caller } from '../permissions/caller.ts'
import type {
  ApplicationOrganizationChanges,
  ApplicationOrganizationId,
} from './application-organization-calls.ts'
import { applicationOrganizationChanged } from './application-organization-changed.ts'
import { checkApplicationOrganization } from './check-application-organization.ts'
import { demandOrganization } from './find-application-organization.ts'
import { requirePlace } from './require-place.ts'

/**
 * Changes what is given and leaves the rest; the code never changes. With another parent the organisation moves, and
 * all that stands below it with it. What is as it was already is no change and leaves no record.
 * @throws ApiError APP.ORG.9002 the name; APP.0001 no such application; APP.ORG.0024 no such organisation; APP.ORG.0040
 *   no such parent; APP.ORG.9003 it would stand below itself; APP.ORG.9004 too deep
 */
export async function modifyApplicationOrganization(
  { store }: { readonly store: Store },
  caller: Caller,
  id: ApplicationOrganizationId,
  changes: ApplicationOrganizationChanges,
): Promise<{ readonly organizationId: string }> {
  checkApplicationOrganization(changes)
  const key = { tenantId: caller.tenant.id, ...id }
  await store.transaction(async (repositories) => {
    await lockApplication(repositories, key.tenantId, key.applicationId)
    const before = await demandOrganization(repositories, key)
    const { name = before.name } = changes
    const parentId = changes.parentId === undefined ? before.parentId : (changes.parentId ?? undefined)
    const isMoving = parentId !== before.parentId
    if (isMoving) {
      await requirePlace(repositories.applicationOrganizations, key, parentId, before.id)
    }
    const fields = [...(name === before.name ? [] : ['name']), ...(isMoving ? ['parent_id'] : [])]
    if (fields.length > 0) {
      const updatedAt = await repositories.now()
      await repositories.applicationOrganizations.update({ ...before, name, parentId, updatedAt })
      const move = isMoving ? { from: before.parentId ?? '', to: parentId ?? '' } : {}
      await repositories.audit.append(
        applicationOrganizationChanged(caller, key, 'updated', { fields, ...move }),
      )
    }
  })
  return { organizationId: id.organizationId }
}
