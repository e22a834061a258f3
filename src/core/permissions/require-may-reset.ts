import { ApiError } from '../../errors/api-error.ts'
import type { Repositories } from '../../store/store.ts'
import type { Application } from '../applications/application.ts'
import type { User } from '../users/user.ts'

/** Stands in `X-Error-Detail`. */
export const OUTSIDE_ORGANIZATIONS = 'outside_organizations'

/**
 * Keeps an application that is bound to organisations (`reset_organizations`) to people whose main organisation is one
 * of these or stands below one. Who has no organisation is outside. Called before anything else is told about the user,
 * and again under the user's lock.
 * @param application as it stands now; undefined: an operator's command, or it is gone, which others refuse
 * @throws ApiError insufficient_scope with detail outside_organizations
 */
export async function requireMayReset(
  { organizations }: Pick<Repositories, 'organizations'>,
  user: Pick<User, 'tenantId' | 'organizationId'>,
  application: Pick<Application, 'resetOrganizationIds'> | undefined,
): Promise<void> {
  const bound = application?.resetOrganizationIds
  if (bound === undefined) {
    return
  }
  const path =
    user.organizationId === undefined
      ? undefined
      : await organizations.findPath(user.tenantId, user.organizationId)
  if (path === undefined || !path.some((id) => bound.includes(id))) {
    // those who may reset everybody are not bound: `apply` refuses both together
    throw new ApiError('insufficient_scope', { params: ['user_all, all'], detail: OUTSIDE_ORGANIZATIONS })
  }
}
