import type { FastifyRequest } from 'fastify'
import type { Core } from '../../core/core.ts'
import { ApiError } from '../../errors/api-error.ts'
import type { RequestState } from '../request-state.ts'
import type { RequestContext, Route } from '../route.ts'
import { authenticate } from './authenticate.ts'
import { signInContext } from './sign-in-context.ts'
import { hostNameOf, type TenantsByHost, tenantByHost } from './tenant-by-host.ts'

/**
 * Finds out at whose host and for whom a request comes, before its body is read: whoever may not call learns
 * nothing about what the call would have needed.
 * @throws ApiError REQUEST.9009, invalid_token, insufficient_scope, SDK.COMMON.*
 */
export async function admit(
  deps: { readonly core: Core; readonly tenants: TenantsByHost },
  request: FastifyRequest,
  state: RequestState,
): Promise<void> {
  const { route, page } = request.routeOptions.config
  const host = hostNameOf(request.headers.host)
  const isOfTenant = page !== undefined || (route !== undefined && route.permission !== 'server')
  const needsTenant = request.is404 || isOfTenant
  if (!needsTenant) return
  const tenant = await tenantByHost(deps.tenants, request, host, state.address)
  state.tenant = tenant
  if (route !== undefined) await identify(deps.core, request, state, { tenant, route })
}

async function identify(
  core: Core,
  request: FastifyRequest,
  state: RequestState,
  { tenant, route }: { tenant: RequestState['tenant'] & object; route: Route },
): Promise<void> {
  const { permission } = route
  if (permission === 'none' || permission === 'server') return
  if (permission === 'sdk') {
    state.signIn = await signInContext(core, tenant, requestContextOf(request, state))
    return
  }
  const { authorization } = request.headers
  state.caller = await authenticate(core, {
    tenant,
    address: state.address,
    requestId: request.id,
    authorization,
    needed: permission,
  })
}

/**
 * Refuses a query whose escapes are no UTF-8: it would be read as something else than was meant.
 * @throws ApiError REQUEST.9001
 */
export function checkQuery(request: FastifyRequest): void {
  const start = request.url.indexOf('?')
  const query = start < 0 ? '' : request.url.slice(start + 1)
  if (!query.includes('%')) return
  try {
    decodeURIComponent(query)
  } catch {
    throw new ApiError('REQUEST.9001', { detail: 'query' })
  }
}

export function requestContextOf(request: FastifyRequest, state: RequestState): RequestContext {
  return {
    requestId: request.id,
    language: state.language,
    address: state.address,
    headers: request.headers,
  }
}
