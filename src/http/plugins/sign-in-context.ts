import type { Core } from '../../core/core.ts'
import type { Tenant } from '../../core/tenants/tenant.ts'
import { ApiError } from '../../errors/api-error.ts'
import type { RequestContext, SignInContext } from '../route.ts'

const CLIENT_HEADER = 'X-client-id'
const deviceHeaders = ['x-operating-sys-version', 'x-device-fingerprint', 'x-agent']

/**
 * The application that an end user's call goes through, once the contract's headers are there (section 4.2).
 * @throws ApiError SDK.COMMON.1001, SDK.COMMON.1003, SDK.COMMON.1012
 */
export async function signInContext(
  core: Pick<Core, 'findSignInApplication'>,
  tenant: Tenant,
  request: RequestContext,
): Promise<SignInContext> {
  const clientId = headerText(request, CLIENT_HEADER.toLowerCase())
  if (clientId === '')
    throw new ApiError('SDK.COMMON.1001', { params: [CLIENT_HEADER], detail: 'x-client-id' })
  const missing = deviceHeaders.find((name) => headerText(request, name) === '')
  if (missing !== undefined) throw new ApiError('SDK.COMMON.1003', { detail: missing })
  const application = await core.findSignInApplication(tenant, clientId)
  return { tenant, application, address: request.address, requestId: request.requestId }
}

function headerText(request: RequestContext, name: string): string {
  const value = request.headers[name]
  return typeof value === 'string' ? value.trim() : ''
}
