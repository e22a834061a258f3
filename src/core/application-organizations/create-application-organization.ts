import { ApiError } from '../../errors/api-error.ts'
import { DuplicateError } from '../../errors/store-error.ts'
import type { Store } from '../../store/store.ts'
import { lockApplication } from '../applications/require-application.ts'
import { newId } from '../new-id.ts'
import type { Caller } from '../permissions/caller.ts'
import type { RandomBytes } from '../randomness.ts'
import type { NewApplicationOrganization } from './application-organization-calls.ts'
import { applicationOrganizationChanged } from './application-organization-changed.ts'
import { checkApplicationOrganization } from './check-application-organization.ts'
import { requireOrganizationModel } from './find-application-organization.ts'
import { requirePlace } from './require-place.ts'

/**
 * Makes an organisation of an application. Of any number of calls with one code at the same time, one does.
 * @throws ApiError APP.ORG.9001, APP.ORG.9002 an attribute; APP.0001 no such application; APP.OBJECTMODEL.0005 it has no
 *   organisations; APP.ORG.0040 no such parent; APP.ORG.9004 too deep; APP.0009 the code is taken
 */
export async function createApplicationOrganization(
  { store, random }: { readonly store: Store; readonly random: RandomBytes },
  caller: Caller,
  applicationId: string,
  given: NewApplicationOrganization,
): Promise<{ readonly organizationId: string }> {
  const { parentId } = given
  checkApplicationOrganization({ code: given.code, name: given.name })
  const at = { tenantId: caller.tenant.id, applicationId }
  return await refuseTakenCode(
    store.transaction(async (repositories) => {
      requireOrganizationModel(await lockApplication(repositories, at.tenantId, applicationId))
      await requirePlace(repositories.applicationOrganizations, at, parentId)
      const now = await repositories.now()
      const organizationId = newId(now, random)
      await repositories.applicationOrganizations.insert({
        ...at,
        id: organizationId,
        code: given.code,
        name: given.name,
        parentId,
        createdAt: now,
        updatedAt: now,
      })
      await repositories.audit.append(
        applicationOrganizationChanged(caller, { ...at, organizationId }, 'created'),
      )
      return { organizationId }
    }),
  )
}

async function refuseTakenCode<T>(writing: Promise<T>): Promise<T> {
  try {
    return await writing
  } catch (error) {
    if (error instanceof DuplicateError && error.constraint === 'application_organizations_code') {
      throw new ApiError('APP.0009', { detail: 'org_code' })
    }
    throw error
  }
}
