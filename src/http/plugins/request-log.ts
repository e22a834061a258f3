import type { Logger } from '../../observability/logger.ts'
import type { Metrics } from '../../observability/metrics.ts'
import type { Page } from '../page.ts'
import type { RequestState } from '../request-state.ts'
import type { Route } from '../route.ts'

export interface AnsweredRequest {
  readonly requestId: string
  readonly method: string
  readonly url: string
  readonly route: Route | undefined
  readonly page: Page | undefined
  readonly status: number
  readonly state: RequestState | undefined
  readonly durationMs: number
}

const knownMethods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'])

/**
 * One line and one count a request. Reads at debug: writing each would cost a third of the throughput.
 * Denials, writes and errors at info. Never the query: it can hold credentials (contract, section 1, variant
 * b).
 */
export function recordRequest(deps: { logger: Logger; metrics: Metrics }, request: AnsweredRequest): void {
  const { requestId, method, route, page, status, state, durationMs } = request
  const pattern = route?.path ?? page?.path
  deps.metrics.requestAnswered({
    // anybody can invent methods; labels stay few
    method: knownMethods.has(method) ? method : 'other',
    route: pattern ?? 'none',
    status,
    seconds: durationMs / 1_000,
  })
  const level = status < 400 && isRead(method, route) ? 'debug' : 'info'
  if (!deps.logger.isLevelEnabled(level)) return
  deps.logger[level](
    {
      requestId,
      method,
      // a page's address may hold a token
      path: page?.path ?? pathOf(request.url),
      route: pattern,
      status,
      code: state?.code,
      durationMs: Math.round(durationMs * 10) / 10,
      address: state?.address,
      tenant: state?.tenant?.code,
      applicationId: state?.caller?.application.id ?? state?.signIn?.application.id,
    },
    'request',
  )
}

export function pathOf(url: string): string {
  const end = url.search(/[?#]/)
  return end < 0 ? url : url.slice(0, end)
}

function isRead(method: string, route: Route | undefined): boolean {
  return method === 'GET' || method === 'HEAD' || route?.permission.endsWith('read') === true
}
