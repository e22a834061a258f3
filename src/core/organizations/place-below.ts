import { ApiError } from '../../errors/api-error.ts'
import type { OrganizationRepository } from '../../store/store.ts'
import { isStorableText } from '../users/is-storable-text.ts'

/** Levels of a tree. Far more than any company has, and what the index of places still carries. */
export const LEVELS_MAX = 32

/**
 * Whether an organisation may stand below that parent; call under the tenant's lock.
 * @param organization undefined: a new one
 * @throws ApiError ORG.0008 no such parent, ORG.9005 it would stand below itself, ORG.9006 too deep
 */
export async function requirePlace(
  organizations: OrganizationRepository,
  tenantId: string,
  parentId: string | undefined,
  organization?: { readonly id: string },
): Promise<void> {
  const path = await findParentPath(organizations, tenantId, parentId)
  if (organization !== undefined && path.includes(organization.id)) {
    throw new ApiError('ORG.9005')
  }
  const levels = organization === undefined ? 1 : await organizations.countLevels(tenantId, organization.id)
  if (path.length + levels > LEVELS_MAX) {
    throw new ApiError('ORG.9006', { params: [LEVELS_MAX] })
  }
}

async function findParentPath(
  organizations: OrganizationRepository,
  tenantId: string,
  parentId: string | undefined,
): Promise<readonly string[]> {
  if (parentId === undefined) {
    return []
  }
  const path = isStorableText(parentId) ? await organizations.findPath(tenantId, parentId) : undefined
  if (path === undefined) {
    throw new ApiError('ORG.0008')
  }
  return path
}
