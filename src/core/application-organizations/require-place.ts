import { ApiError } from '../../errors/api-error.ts'
import type { ApplicationOrganizationRepository } from '../../store/store.ts'
import { LEVELS_MAX } from '../organizations/place-below.ts'
import { isStorableText } from '../users/is-storable-text.ts'

/**
 * Whether an organisation may stand below that parent; call under the application's lock.
 * @param organizationId undefined: a new one
 * @throws ApiError APP.ORG.0040 no such parent, APP.ORG.9003 it would stand below itself, APP.ORG.9004 too deep
 */
export async function requirePlace(
  organizations: ApplicationOrganizationRepository,
  at: { readonly tenantId: string; readonly applicationId: string },
  parentId: string | undefined,
  organizationId?: string,
): Promise<void> {
  if (parentId === undefined) {
    return // whatever stands below it moves up, if it moves at all
  }
  const path = isStorableText(parentId)
    ? await organizations.findPath({ ...at, organizationId: parentId })
    : undefined
  if (path === undefined) {
    throw new ApiError('APP.ORG.0040')
  }
  if (organizationId !== undefined && path.includes(organizationId)) {
    throw new ApiError('APP.ORG.9003')
  }
  const levels = organizationId === undefined ? 1 : await organizations.countLevels({ ...at, organizationId })
  if (path.length + levels > LEVELS_MAX) {
    throw new ApiError('APP.ORG.9004', { params: [LEVELS_MAX] })
  }
}
