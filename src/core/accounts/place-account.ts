import { ApiError } from '../../errors/api-error.ts'
import type { Repositories } from '../../store/store.ts'
import { isStorableText } from '../users/is-storable-text.ts'

/**
 * Id of the application's organisation with this code, which stays until the transaction ends; without a code, none.
 * @throws ApiError APP.ORG.0024
 */
export async function placeAccount(
  { applicationOrganizations }: Pick<Repositories, 'applicationOrganizations'>,
  { tenantId, applicationId }: { readonly tenantId: string; readonly applicationId: string },
  code: string | null | undefined,
): Promise<string | undefined> {
  if (code === null || code === undefined) {
    return undefined
  }
  const id = isStorableText(code)
    ? await applicationOrganizations.keepByCode(tenantId, applicationId, code)
    : undefined
  if (id === undefined) {
    throw new ApiError('APP.ORG.0024', { detail: 'org_code' })
  }
  return id
}
