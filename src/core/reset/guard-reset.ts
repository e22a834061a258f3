import { ApiError } from '../../errors/api-error.ts'
import type { Repositories } from '../../store/store.ts'
import type { Application } from '../applications/application.ts'
import { HOUR_MS } from '../clock.ts'
import { requireMayChange } from '../permissions/require-may-change.ts'
import { requireMayReset } from '../permissions/require-may-reset.ts'
import type { ResetSettings } from '../tenants/tenant.ts'
import { requireEnabled } from '../users/require-enabled.ts'
import type { User } from '../users/user.ts'
import { chooseAddress } from './choose-address.ts'
import type { ResetRun } from './reset-run.ts'

/**
 * Whether this call may reset this user, and where the message goes. In the order of the contract (section 8):
 * there and enabled, protected person, contact present, sending rules; an application that is bound to organisations
 * learns of people outside them only that they are. Called before anything happens, and again under the user's lock.
 * @throws ApiError USER.0001; insufficient_scope; USER.9001, USER.9006; USER.0011, USER.0012; MSG.0004 with detail mode_disabled, contact_invalid,
 *   contact_quarantined, application_stopped
 */
export async function guardReset<U extends User>(
  repositories: Pick<Repositories, 'applications' | 'organizations' | 'now'>,
  { call, identity }: ResetRun,
  found: U | undefined,
): Promise<{ readonly user: U; readonly address: string }> {
  const { sendMode } = identity
  const application =
    call.applicationId === undefined
      ? undefined
      : await repositories.applications.find(call.tenant.id, call.applicationId)
  if (found !== undefined) {
    await requireMayReset(repositories, found, application)
  }
  const user = requireEnabled(found)
  await requireMayChange(repositories, user, call.applicationId)
  const address = chooseAddress(call.tenant, user, sendMode)
  await requireSettledContact(repositories, call.tenant.settings.reset, user, sendMode)
  requireNotStopped(call.applicationId, application)
  return { user, address }
}

/** Whoever has just changed a contact cannot have the password sent there (by the store's clock). */
export async function requireSettledContact(
  repositories: Pick<Repositories, 'now'>,
  settings: ResetSettings,
  user: Pick<User, 'administratorRole' | 'contactChangedAt'>,
  sendMode: 'EMAIL' | 'SMS',
): Promise<void> {
  const changedAt = user.contactChangedAt[sendMode]
  const hours =
    user.administratorRole === undefined
      ? settings.contactQuarantineHours
      : Math.max(settings.administratorContactQuarantineHours, settings.contactQuarantineHours)
  if (changedAt === undefined || hours === 0) {
    return
  }
  if ((await repositories.now()) < changedAt + hours * HOUR_MS) {
    throw new ApiError('MSG.0004', { detail: 'contact_quarantined' })
  }
}

/** An application that is gone is stopped too: its access tokens may live for seconds more. */
function requireNotStopped(applicationId: string | undefined, application: Application | undefined): void {
  if (
    applicationId !== undefined &&
    (application === undefined || application.resetsStoppedAt !== undefined)
  ) {
    throw new ApiError('MSG.0004', { detail: 'application_stopped' })
  }
}
