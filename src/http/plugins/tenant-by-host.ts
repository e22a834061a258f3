import { isIPv6 } from 'node:net'
import type { FastifyRequest } from 'fastify'
import type { Tenant } from '../../core/tenants/tenant.ts'
import { ApiError } from '../../errors/api-error.ts'
import { isLoopbackAddress } from '../client-address.ts'

/** The one method of the tenant directory that is needed here. */
export interface TenantsByHost {
  byHost(host: string, isLoopback: boolean): Promise<Tenant | undefined>
}

/**
 * The tenant whose host name the request was sent to. Only `Host` counts, never a forwarded one.
 * @throws ApiError REQUEST.9009 no tenant answers there
 */
export async function tenantByHost(
  tenants: TenantsByHost,
  request: FastifyRequest,
  host: string,
  clientAddress: string | undefined,
): Promise<Tenant> {
  // the server's own end must be loopback, and the client must not have come through a proxy from elsewhere
  const isLoopback = isLoopbackAddress(request.socket.localAddress) && isLoopbackAddress(clientAddress)
  const tenant = await tenants.byHost(host, isLoopback)
  if (tenant === undefined) throw new ApiError('REQUEST.9009')
  return tenant
}

/**
 * The host name in a `Host` header: lower case, without port and final dot.
 * @throws ApiError REQUEST.9001 missing, sent twice, or no host name
 */
export function hostNameOf(header: string | undefined): string {
  const match = /^(\[[0-9a-f:.]+\]|[a-z0-9._~%!$&'()*+;=-]+)(?::\d{0,5})?$/.exec((header ?? '').toLowerCase())
  const host = match?.[1]?.replace(/\.$/, '')
  const isBadAddress = host?.startsWith('[') === true && !isIPv6(host.slice(1, -1))
  if (host === undefined || host === '' || isBadAddress) {
    throw new ApiError('REQUEST.9001', { detail: 'header' })
  }
  return host
}
