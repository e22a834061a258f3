import { ApiError } from '../../errors/api-error.ts'
import type { Organization, Store } from '../../store/store.ts'
import type { Caller } from '../permissions/caller.ts'
import { changedBy } from '../permissions/changed-by.ts'
import { isStorableText } from '../users/is-storable-text.ts'
import { checkAttributes } from './check-attributes.ts'
import { keepOrganizationUnique, requireDefined } from './check-defined.ts'
import type { OrganizationChanges } from './organization-calls.ts'
import { requirePlace } from './place-below.ts'
import { refuseTakenCode } from './refuse-taken-code.ts'

/**
 * Changes what is given and leaves the rest. With another parent the organisation moves, and all that stands below it
 * with it: those count as changed too. What is as it was already is no change and leaves no record.
 * @throws ApiError ORG.0001 no such organisation; ORG.9002, ORG.9003, ORG.0011, ORG.9004 an attribute; ORG.0008 no such
 *   parent; ORG.9005 it would stand below itself; ORG.9006 too deep; ORG.9001 the code is taken;
 *   ORG.9007, ORG.9008 by the tenant's definitions
 */
export async function modifyOrganization(
  { store }: { readonly store: Store },
  caller: Caller,
  organizationId: string,
  changes: OrganizationChanges,
): Promise<{ readonly organizationId: string }> {
  checkAttributes(changes)
  const tenantId = caller.tenant.id
  return await refuseTakenCode(
    store.transaction(async (repositories) => {
      const { tenants, organizations, audit } = repositories
      await tenants.lock(tenantId)
      const before = isStorableText(organizationId)
        ? await organizations.find(tenantId, organizationId)
        : undefined
      if (before === undefined) {
        throw new ApiError('ORG.0001')
      }
      const after = withChanges(before, changes)
      requireDefined(caller.tenant, after, changes)
      const fields = changedFields(before, after)
      const isMoving = before.parentId !== after.parentId
      if (isMoving) {
        await requirePlace(organizations, tenantId, after.parentId, after)
      }
      if (fields.length > 0) {
        const updatedAt = await organizations.claimChangeTime(tenantId)
        await organizations.update({ ...after, updatedAt })
        await keepOrganizationUnique(repositories, caller.tenant, after)
        const moved = isMoving ? await organizations.settlePlace(tenantId, after.id, updatedAt) : 0
        const move = { from: before.parentId ?? '', to: after.parentId ?? '', moved }
        await audit.append({
          ...changedBy(caller, 'organization', after.id),
          action: 'organization.updated',
          detail: isMoving ? { fields, ...move } : { fields },
        })
      }
      return { organizationId: after.id }
    }),
  )
}

function withChanges(before: Organization, changes: OrganizationChanges): Organization {
  return {
    ...before,
    code: changes.code ?? before.code,
    name: changes.name ?? before.name,
    parentId: settle(changes.parentId, before.parentId),
    category: settle(changes.category, before.category),
    sequence: settle(changes.sequence, before.sequence),
    extension: changes.extension === null ? {} : (changes.extension ?? before.extension),
  }
}

function settle<T>(given: T | null | undefined, before: T | undefined): T | undefined {
  return given === undefined ? before : (given ?? undefined)
}

/** By the wire's names, as the record of `apply` has them. */
function changedFields(before: Organization, after: Organization): readonly string[] {
  const parts = (row: Organization) => ({
    code: row.code,
    name: row.name,
    parent_id: row.parentId,
    category: row.category,
    sequence: row.sequence,
    extension: row.extension,
  })
  const [old, wanted] = [Object.entries(parts(before)), Object.values(parts(after))]
  return old.flatMap(([name, value], index) =>
    JSON.stringify(value) === JSON.stringify(wanted[index]) ? [] : [name],
  )
}
