import { ApiError } from '../../errors/api-error.ts'
import type { Repositories } from '../../store/store.ts'
import { isStorableText } from '../users/is-storable-text.ts'
import type { Application } from './application.ts'

type Applications = Pick<Repositories, 'applications'>

/**
 * An application of the tenant, as it stands now. A disabled one is one too: its accounts can still be looked at and
 * taken away.
 * @throws ApiError APP.0001
 */
export async function requireApplication(
  { applications }: Applications,
  tenantId: string,
  applicationId: string,
): Promise<Application> {
  return demand(isStorableText(applicationId) ? await applications.find(tenantId, applicationId) : undefined)
}

/** The same, and it stays until the transaction ends. @throws ApiError APP.0001 */
export async function keepApplication(
  { applications }: Applications,
  tenantId: string,
  applicationId: string,
): Promise<Application> {
  return demand(isStorableText(applicationId) ? await applications.keep(tenantId, applicationId) : undefined)
}

/** The same, and nobody else changes the tree of its organisations meanwhile. @throws ApiError APP.0001 */
export async function lockApplication(
  { applications }: Applications,
  tenantId: string,
  applicationId: string,
): Promise<Application> {
  return demand(isStorableText(applicationId) ? await applications.lock(tenantId, applicationId) : undefined)
}

function demand(application: Application | undefined): Application {
  if (application === undefined) {
    throw new ApiError('APP.0001')
  }
  return application
}
