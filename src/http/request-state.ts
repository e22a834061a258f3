import type { Caller } from '../core/permissions/caller.ts'
import type { Language, Tenant } from '../core/tenants/tenant.ts'
import type { ErrorCode, OAuthErrorCode } from '../errors/catalogue.ts'
import type { Page } from './page.ts'
import type { Route, SignInContext } from './route.ts'

/** What is known of a request so far; filled on its way in. */
export interface RequestState {
  readonly language: Language
  readonly address: string | undefined
  readonly isHttps: boolean
  readonly startedMs: number
  tenant?: Tenant
  caller?: Caller
  signIn?: SignInContext
  /** The error that it ended with. */
  code?: ErrorCode | OAuthErrorCode
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Undefined only for requests that the framework refused before any hook ran. */
    state: RequestState | undefined
  }
  interface FastifyContextConfig {
    /** Absent outside the API. */
    route?: Route
    /** Only on the employees' pages. */
    page?: Page
  }
}
