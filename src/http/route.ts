import type { Static, TSchema, TUnknown } from 'typebox'
import type { Application } from '../core/applications/application.ts'
import type { Core } from '../core/core.ts'
import type { Caller } from '../core/permissions/caller.ts'
import type { PermissionCode } from '../core/permissions/permission-codes.ts'
import type { Language, Tenant } from '../core/tenants/tenant.ts'
import type { ErrorCode, OAuthErrorCode } from '../errors/catalogue.ts'
import type { Health } from '../observability/health.ts'
import type { Metrics } from '../observability/metrics.ts'

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE'

/**
 * Who may call: a permission code (bearer token of an application that has it, or one that includes it),
 * `sdk` (the contract's device headers and `X-client-id`), `none` (anybody at a tenant's host), `server`
 * (anybody at any host: health and metrics).
 */
export type Access = PermissionCode | 'sdk' | 'none' | 'server'

/** Whether an application calls it with an access token. */
export function isManagement(access: Access): access is PermissionCode {
  return access !== 'none' && access !== 'sdk' && access !== 'server'
}

/** What every handler may know of its request. */
export interface RequestContext {
  readonly requestId: string
  /** The caller's, for texts of answers. */
  readonly language: Language
  /** Of the client, behind the trusted proxies. */
  readonly address: string | undefined
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
}

/** The application that an end user's sign-in goes through (contract, section 4.2). */
export interface SignInContext {
  readonly tenant: Tenant
  readonly application: Application
  readonly address: string | undefined
  readonly requestId: string
}

export type AccessContext<A extends Access> = A extends 'sdk'
  ? { readonly signIn: SignInContext }
  : A extends 'none'
    ? { readonly tenant: Tenant }
    : A extends 'server'
      ? { readonly health: Health; readonly metrics: Metrics }
      : { readonly caller: Caller }

export interface Answer<T = unknown> {
  /** Only needed when `answers` names more than one status. */
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  /** Undefined: an empty body. */
  readonly body: T
}

export type HandlerContext<A extends Access, P, Q, B> = AccessContext<A> & {
  readonly core: Core
  readonly request: RequestContext
  readonly params: P
  readonly query: Q
  /** Undefined on a route without a body schema: what arrived is not looked at. */
  readonly body: B
}

export interface RouteDefinition<
  A extends Access,
  P extends TSchema,
  Q extends TSchema,
  B extends TSchema,
  S extends TSchema,
> {
  readonly method: Method
  /** Below the prefix of its resource; `:name` stands for one segment of any content. */
  readonly path: string
  readonly aliases?: readonly string[]
  readonly permission: A
  readonly summary: string
  readonly params?: P
  /** Values are strings, or arrays of strings when a key came twice; nothing is converted. */
  readonly query?: Q
  /** A query whose escapes are broken reaches the handler as it came, instead of being malformed. */
  readonly takesBrokenQuery?: boolean
  readonly body?: B
  /** Where more is taken than anywhere else. */
  readonly bodyBytesMax?: number
  /** For the reference only; read them from `request.headers`. */
  readonly headers?: TSchema
  /**
   * Form bodies are taken beside JSON, and malformed requests are answered as `invalid_request` (OAuth's own
   * error shape).
   */
  readonly oauth?: boolean
  /**
   * The statuses of success, and every code that this operation itself may end with. Codes that any route of
   * the same access can answer (`commonAnswers`) are added. With strict answers an undeclared code becomes a
   * 500.
   */
  readonly answers: readonly (number | ErrorCode | OAuthErrorCode)[]
  /** Body of a success; without it the body is empty. */
  readonly success?: S
  /** Headers of a success, by name, with what they mean. */
  readonly successHeaders?: Readonly<Record<string, string>>
  handle(context: HandlerContext<A, Static<P>, Static<Q>, Static<B>>): Promise<Answer<Static<S>>>
}

/** A route whose types were checked where it was defined. */
export type Route = Omit<RouteDefinition<Access, TSchema, TSchema, TSchema, TSchema>, 'handle'> & {
  handle(context: ErasedContext): Promise<Answer>
}

/** Everything a handler could read; which of the optional parts are there follows from the route's access. */
export interface ErasedContext {
  readonly core: Core
  readonly request: RequestContext
  readonly params: unknown
  readonly query: unknown
  readonly body: unknown
  readonly tenant?: Tenant
  readonly caller?: Caller
  readonly signIn?: SignInContext
  readonly health?: Health
  readonly metrics?: Metrics
}

/**
 * Declares one operation: who may call it, what it takes, everything it may answer, and what it does.
 * The server checks access, then schemas, before `handle` runs.
 */
export function route<
  const A extends Access,
  P extends TSchema = TUnknown,
  Q extends TSchema = TUnknown,
  B extends TSchema = TUnknown,
  S extends TSchema = TUnknown,
>(definition: RouteDefinition<A, P, Q, B, S>): Route {
  // the server hands over exactly the context that `permission` and the schemas promise
  return definition as unknown as Route
}

/** A list of routes below one prefix: the map of a resource. */
export function prefixed(prefix: string, routes: readonly Route[]): readonly Route[] {
  return routes.map((each) => ({
    ...each,
    path: prefix + each.path,
    aliases: (each.aliases ?? []).map((alias) => prefix + alias),
  }))
}
