import { ApiError } from '../../errors/api-error.ts'
import type { OrganizationRepository, Store } from '../../store/store.ts'
import type { Caller } from '../permissions/caller.ts'
import { changedBy } from '../permissions/changed-by.ts'
import { isStorableText } from '../users/is-storable-text.ts'

/**
 * Removes an organisation that nothing is in or below.
 * @throws ApiError ORG.0001 no such organisation, ORG.0020 something is below it, ORG.0022 somebody is in it
 */
export async function deleteOrganization(
  { store }: { readonly store: Store },
  caller: Caller,
  organizationId: string,
): Promise<void> {
  if (!isStorableText(organizationId)) {
    throw new ApiError('ORG.0001')
  }
  const tenantId = caller.tenant.id
  await store.transaction(async ({ tenants, organizations, audit }) => {
    await tenants.lock(tenantId)
    const outcome = await removeEmptyOrganization(organizations, tenantId, organizationId)
    if (outcome !== 'removed') {
      throw new ApiError(codes[outcome])
    }
    await audit.append({
      ...changedBy(caller, 'organization', organizationId),
      action: 'organization.removed',
      detail: {},
    })
  })
}

const codes = { missing: 'ORG.0001', has_children: 'ORG.0020', has_members: 'ORG.0022' } as const

/**
 * Under the tenant's lock nobody puts an organisation below this one, and under the row's lock nobody puts a user into
 * it: what is looked at afterwards stays so until it is gone.
 */
export async function removeEmptyOrganization(
  organizations: OrganizationRepository,
  tenantId: string,
  organizationId: string,
): Promise<'removed' | keyof typeof codes> {
  if ((await organizations.lock(tenantId, organizationId)) === undefined) {
    return 'missing'
  }
  if (await organizations.hasChildren(tenantId, organizationId)) {
    return 'has_children'
  }
  if (await organizations.hasMembers(tenantId, organizationId)) {
    return 'has_members'
  }
  await organizations.delete(tenantId, organizationId)
  return 'removed'
}
