import { ApiError } from '../../errors/api-error.ts'
import type { Organization, Store } from '../../store/store.ts'
import type { Caller } from '../permissions/caller.ts'
import { isStorableText } from '../users/is-storable-text.ts'

/**
 * An organisation of the caller's tenant by id.
 * @throws ApiError ORG.0001 none in this tenant has the id
 */
export async function findOrganization(
  { store }: { readonly store: Pick<Store, 'read'> },
  caller: Caller,
  organizationId: string,
): Promise<Organization> {
  const organization = isStorableText(organizationId)
    ? await store.read.organizations.find(caller.tenant.id, organizationId)
    : undefined
  if (organization === undefined) throw new ApiError('ORG.0001')
  return organization
}

/**
 * An organisation of the caller's tenant by code, compared as codes are.
 * @throws ApiError ORG.0001 none in this tenant has the code
 */
export async function findOrganizationByCode(
  { store }: { readonly store: Pick<Store, 'read'> },
  caller: Caller,
  code: string,
): Promise<Organization> {
  const organization = isStorableText(code)
    ? await store.read.organizations.findByCode(caller.tenant.id, code)
    : undefined
  if (organization === undefined) throw new ApiError('ORG.0001')
  return organization
}
