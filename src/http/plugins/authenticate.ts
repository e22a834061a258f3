import { type CallOrigin, INVALID_ACCESS } from '../../core/applications/allowed-addresses.ts'
import type { Core } from '../../core/core.ts'
import { authorise } from '../../core/permissions/authorise.ts'
import type { Caller } from '../../core/permissions/caller.ts'
import type { PermissionCode } from '../../core/permissions/permission-codes.ts'
import type { Tenant } from '../../core/tenants/tenant.ts'
import { ApiError } from '../../errors/api-error.ts'

/** What clients of the contract know from its vendors (contract, section 1). */
const MISSING = 'Full authentication is required to access this resource'

/**
 * The token of an `Authorization: Bearer` header.
 * @throws ApiError invalid_token there is none, it came twice, or it is no bearer token
 */
export function bearerToken(authorization: string | undefined): string {
  const token = /^bearer +([^\s,]+) *$/i.exec(authorization ?? '')?.[1]
  if (token === undefined) throw new ApiError('invalid_token', { params: [MISSING] })
  // what a token can look like (RFC 6750, 2.1)
  if (!/^[\w.~+/-]+=*$/.test(token)) throw new ApiError('invalid_token', { params: [INVALID_ACCESS] })
  return token
}

/**
 * The application behind a bearer token, once it may do what the route needs.
 * @throws ApiError invalid_token (with detail address_not_allowed: the token is good), insufficient_scope
 */
export async function authenticate(
  core: Pick<Core, 'authenticate'>,
  request: CallOrigin & { tenant: Tenant; authorization: string | undefined; needed: PermissionCode },
): Promise<Caller> {
  const { tenant, address, requestId, authorization, needed } = request
  const application = await core.authenticate(tenant, bearerToken(authorization), { address, requestId })
  if (application === undefined) throw new ApiError('invalid_token', { params: [INVALID_ACCESS] })
  authorise(application.permissions, needed)
  return { tenant, application, requestId }
}
