import { ApiError } from '../../errors/api-error.ts'
import type { Repositories } from '../../store/store.ts'
import type { User } from '../users/user.ts'

/**
 * The one place that protects people with an administrative role: no application changes their contacts, credentials or
 * state unless an owner allowed it (`may_change_administrators`). Every such operation calls this after it knows that
 * the user exists, and again under the user's lock. Operators' commands may.
 * @param applicationId undefined: an operator's command
 * @throws ApiError USER.9006
 */
export async function requireMayChange(
  { applications }: Pick<Repositories, 'applications'>,
  user: Pick<User, 'tenantId' | 'administratorRole'>,
  applicationId: string | undefined,
): Promise<void> {
  if (user.administratorRole === undefined || applicationId === undefined) {
    return
  }
  // read now: what a token's cache knows of the application may be 5 s old
  const application = await applications.find(user.tenantId, applicationId)
  if (application?.mayChangeAdministrators !== true) {
    throw new ApiError('USER.9006', { detail: 'protected_user' })
  }
}
