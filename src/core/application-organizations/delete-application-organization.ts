import { ApiError } from '../../errors/api-error.ts'
import type { Store } from '../../store/store.ts'
import { lockApplication } from '../applications/require-application.ts'
import type { Caller } from '../permissions/caller.ts'
import { isStorableText } from '../users/is-storable-text.ts'
import type { ApplicationOrganizationId } from './application-organization-calls.ts'
import { applicationOrganizationChanged } from './application-organization-changed.ts'

/**
 * Removes an organisation of an application that nothing is in or below. Under the application's lock nobody puts an
 * organisation below it, and under the row's nobody puts an account into it.
 * @throws ApiError APP.0001 no such application; APP.ORG.0024 no such organisation; APP.ORG.9005 something is below it;
 *   APP.ORG.9006 an account is in it
 */
export async function deleteApplicationOrganization(
  { store }: { readonly store: Store },
  caller: Caller,
  id: ApplicationOrganizationId,
): Promise<void> {
  const key = { tenantId: caller.tenant.id, ...id }
  await store.transaction(async (repositories) => {
    const { applicationOrganizations: organizations, audit } = repositories
    await lockApplication(repositories, key.tenantId, key.applicationId)
    if (!(isStorableText(key.organizationId) && (await organizations.lock(key)))) {
      throw new ApiError('APP.ORG.0024')
    }
    if (await organizations.hasChildren(key)) {
      throw new ApiError('APP.ORG.9005')
    }
    if (await organizations.hasAccounts(key)) {
      throw new ApiError('APP.ORG.9006')
    }
    await organizations.delete(key)
    await audit.append(applicationOrganizationChanged(caller, key, 'removed'))
  })
}
