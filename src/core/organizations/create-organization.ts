import type { Organization, Store } from '../../store/store.ts'
import { newId } from '../new-id.ts'
import type { Caller } from '../permissions/caller.ts'
import { changedBy } from '../permissions/changed-by.ts'
import type { RandomBytes } from '../randomness.ts'
import { checkAttributes } from './check-attributes.ts'
import { keepOrganizationUnique, requireDefined } from './check-defined.ts'
import type { NewOrganization } from './organization-calls.ts'
import { requirePlace } from './place-below.ts'
import { refuseTakenCode } from './refuse-taken-code.ts'

/**
 * Makes an organisation. Of any number of calls with one code at the same time, one does.
 * @throws ApiError ORG.9002, ORG.9003, ORG.0011, ORG.9004 an attribute; ORG.0008 no such parent; ORG.9006 too deep;
 *   ORG.9001 the code is taken; ORG.9007, ORG.9008 by the tenant's definitions
 */
export async function createOrganization(
  deps: { readonly store: Store; readonly random: RandomBytes },
  caller: Caller,
  given: NewOrganization,
): Promise<{ readonly organizationId: string }> {
  checkAttributes(given)
  const { tenant } = caller
  const tenantId = tenant.id
  const { code, name, category, extension } = given
  const wanted = { code, name, category: category ?? undefined, extension: extension ?? {} }
  requireDefined(tenant, wanted, undefined)
  const parentId = given.parentId ?? undefined
  return await refuseTakenCode(
    deps.store.transaction(async (repositories) => {
      const { tenants, organizations, audit } = repositories
      await tenants.lock(tenantId)
      await requirePlace(organizations, tenantId, parentId)
      const at = await organizations.claimChangeTime(tenantId)
      const organization: Organization = {
        tenantId,
        id: newId(at, deps.random),
        ...wanted,
        parentId,
        sequence: given.sequence ?? undefined,
        language: undefined,
        disabled: false,
        createdAt: at,
        updatedAt: at,
      }
      await organizations.insert(organization)
      await keepOrganizationUnique(repositories, tenant, organization)
      await audit.append({
        ...changedBy(caller, 'organization', organization.id),
        action: 'organization.created',
        detail: {},
      })
      return { organizationId: organization.id }
    }),
  )
}
