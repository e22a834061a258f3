import type { FastifyInstance } from 'fastify'
import type { Core } from '../core/core.ts'
import type { Health } from '../observability/health.ts'
import type { Logger } from '../observability/logger.ts'
import type { Metrics } from '../observability/metrics.ts'
import type { HttpLimits } from './http-limits.ts'
import type { PageSite } from './page.ts'
import type { TenantsByHost } from './plugins/tenant-by-host.ts'
import type { ReferenceOptions } from './reference/create-document.ts'

/** Everything the HTTP side is given; it reaches nothing else. */
export interface HttpDeps {
  readonly core: Core
  readonly tenants: TenantsByHost
  readonly logger: Logger
  readonly metrics: Metrics
  readonly health: Health
  /** CIDR ranges of proxies whose `X-Forwarded-For` and `-Proto` are believed. */
  readonly trustProxy: readonly string[]
  /** A code that its route does not declare, or a body that its schema does not describe, becomes a 500. */
  readonly strictAnswers: boolean
  /** Told of each of those; tests fail on any. */
  readonly onUndeclaredAnswer?: (note: string) => void
  readonly limits?: Partial<HttpLimits>
  /** Given: the API reference is served at `/docs/api`. */
  readonly reference?: ReferenceOptions
  /** The employees' pages, at every tenant's hosts. */
  readonly site?: PageSite
  /**
   * Pages outside the API, e.g. the demo's mailbox. No tenant, no caller; errors are answered like everywhere.
   */
  readonly extraRoutes?: (server: FastifyInstance) => void
}
