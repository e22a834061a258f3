import { ApiError } from '../../errors/api-error.ts'
import type {
  ApplicationOrganization,
  ApplicationOrganizationKey,
  Repositories,
  Store,
} from '../../store/store.ts'
import type { Application } from '../applications/application.ts'
import { requireApplication } from '../applications/require-application.ts'
import type { Caller } from '../permissions/caller.ts'
import { isStorableText } from '../users/is-storable-text.ts'
import type { ApplicationOrganizationId } from './application-organization-calls.ts'

/**
 * An organisation of an application of the caller's tenant.
 * @throws ApiError APP.0001 no such application, APP.ORG.0024 no such organisation in it
 */
export async function findApplicationOrganization(
  { store }: { readonly store: Pick<Store, 'read'> },
  caller: Caller,
  id: ApplicationOrganizationId,
): Promise<ApplicationOrganization> {
  const tenantId = caller.tenant.id
  await requireApplication(store.read, tenantId, id.applicationId)
  return await demandOrganization(store.read, { tenantId, ...id })
}

/** @throws ApiError APP.ORG.0024 */
export async function demandOrganization(
  { applicationOrganizations }: Pick<Repositories, 'applicationOrganizations'>,
  key: ApplicationOrganizationKey,
): Promise<ApplicationOrganization> {
  const organization = isStorableText(key.organizationId)
    ? await applicationOrganizations.find(key)
    : undefined
  if (organization === undefined) throw new ApiError('APP.ORG.0024')
  return organization
}

/** @throws ApiError APP.OBJECTMODEL.0005 the application has no organisations of its own */
export function requireOrganizationModel({ objectModels }: Application): void {
  if (!objectModels.organizations) {
    throw new ApiError('APP.OBJECTMODEL.0005')
  }
}
