import { ApiError } from '../../errors/api-error.ts'
import { complainOfText } from '../complain-of-text.ts'
import { isOrganizationCode, NAME_LENGTH_MAX } from '../organizations/check-attributes.ts'
import type { ApplicationOrganizationChanges } from './application-organization-calls.ts'

/**
 * What each attribute has to be by itself, as for the tenant's organisations; absent ones are fine.
 * @throws ApiError APP.ORG.9001 code, APP.ORG.9002 name
 */
export function checkApplicationOrganization({
  code,
  name,
}: ApplicationOrganizationChanges & { readonly code?: string }): void {
  if (code !== undefined && !isOrganizationCode(code)) {
    throw new ApiError('APP.ORG.9001', { detail: 'org_code' })
  }
  if (name !== undefined && complainOfText(name, NAME_LENGTH_MAX, false) !== undefined) {
    throw new ApiError('APP.ORG.9002', { detail: 'name' })
  }
}
