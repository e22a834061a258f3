import {
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  fastify,
} from 'fastify'
import { systemRandomBytes } from '../core/randomness.ts'
import { ApiError } from '../errors/api-error.ts'
import { type AllowedMethods, createAllowedMethods } from './allowed-methods.ts'
import { createOriginOf, type OriginOf } from './client-address.ts'
import type { HttpDeps } from './http-deps.ts'
import { defaultHttpLimits, type HttpLimits } from './http-limits.ts'
import { languageOf } from './language.ts'
import { admit } from './plugins/admit.ts'
import { answerError } from './plugins/errors.ts'
import { forgetEmptyBodysType, registerBodyReader } from './plugins/read-body.ts'
import { pathOf, recordRequest } from './plugins/request-log.ts'
import { answerSocketErrors, createClientErrorHandler } from './plugins/socket-errors.ts'
import { compileValidator } from './plugins/validation.ts'
import { referenceRoutes, serveReference } from './reference/serve-reference.ts'
import { pageRequestOf, registerPages, sendPage, wantsPage } from './register-pages.ts'
import { registerRoutes } from './register-routes.ts'
import { pathOfTarget } from './request-target.ts'
import { routeTable } from './route-table.ts'
import { securityHeaders, strictTransportSecurity } from './security-headers.ts'

export type { HttpDeps } from './http-deps.ts'

/**
 * The HTTP server, not listening yet. Every answer that leaves it, also for bytes that are no request, is one
 * of its routes' or a JSON error of the catalogue.
 * @throws RangeError an entry of `trustProxy` is no address range
 */
export function createHttpServer(deps: HttpDeps): FastifyInstance {
  const limits = { ...defaultHttpLimits, ...deps.limits }
  const server = createFastify(deps, limits)
  server.decorateRequest('state', undefined)
  server.setValidatorCompiler(compileValidator)
  registerBodyReader(server)
  answerSocketErrors(server.server, deps, newRequestId)
  server.setErrorHandler<FastifyError>((error, request, reply) => sendError(deps, error, request, reply))
  // never runs: the onRequest hook ends such requests before their body is read
  server.setNotFoundHandler(() => Promise.reject(new ApiError('REQUEST.9003')))
  const pages = [...(deps.reference === undefined ? [] : referenceRoutes), ...(deps.site?.pages ?? [])]
  addHooks(server, deps, createAllowedMethods([...routeTable, ...pages]))
  registerRoutes(server, deps, routeTable)
  if (deps.site !== undefined) registerPages(server, deps.site)
  if (deps.reference !== undefined) serveReference(server, routeTable, deps.reference)
  deps.extraRoutes?.(server)
  return server
}

function createFastify(deps: HttpDeps, limits: HttpLimits): FastifyInstance {
  return fastify({
    logger: false,
    genReqId: newRequestId,
    bodyLimit: limits.bodyBytesMax,
    connectionTimeout: limits.idleTimeoutMs,
    requestTimeout: limits.requestTimeoutMs,
    keepAliveTimeout: limits.keepAliveTimeoutMs,
    // no bound: what exceeds one is answered by Node itself, with an empty 503
    maxRequestsPerSocket: 0,
    // answered by our own hook, in our own words
    return503OnClosing: false,
    routerOptions: { maxParamLength: limits.headerBytesMax },
    http: {
      headersTimeout: limits.headersTimeoutMs,
      connectionsCheckingInterval: limits.timeoutCheckIntervalMs,
      maxHeaderSize: limits.headerBytesMax,
      // both are checked by hostNameOf, which answers in JSON
      requireHostHeader: false,
      joinDuplicateHeaders: true,
    },
    rewriteUrl: (request) => pathOfTarget(request),
    clientErrorHandler: createClientErrorHandler(deps, newRequestId),
    frameworkErrors: (error, request, reply) => {
      // no hook has run, and none will
      beginAnswer(reply, request, false)
      sendError(deps, error, request, reply)
      record(deps, request, reply)
    },
  })
}

function newRequestId(): string {
  return Buffer.from(systemRandomBytes(16)).toString('hex')
}

function addHooks(server: FastifyInstance, deps: HttpDeps, allowedMethods: AllowedMethods): void {
  const originOf = createOriginOf(deps.trustProxy)
  let isClosing = false
  server.addHook('preClose', async () => {
    isClosing = true
  })
  server.addHook('onRequest', async (request, reply) => {
    const state = beginRequest(request, reply, originOf)
    if (isClosing) throw new ApiError('REQUEST.9011', { detail: 'stopping' })
    await admit(deps, request, state)
    if (request.is404) throw noSuchRoute(allowedMethods(pathOf(request.url)), reply)
  })
  server.addHook('onSend', async (_request, reply) => {
    // a connection kept open for a next request would hold up the stop
    if (isClosing) reply.header('Connection', 'close')
  })
  server.addHook('onResponse', async (request, reply) => record(deps, request, reply))
}

function beginRequest(request: FastifyRequest, reply: FastifyReply, originOf: OriginOf) {
  const { address, isHttps } = originOf(request.socket.remoteAddress, request.headers)
  beginAnswer(reply, request, isHttps)
  forgetEmptyBodysType(request)
  const state = { language: languageOf(request.headers), address, isHttps, startedMs: performance.now() }
  request.state = state
  return state
}

function beginAnswer(reply: FastifyReply, request: FastifyRequest, isHttps: boolean): void {
  reply.headers(securityHeaders)
  reply.header('X-Request-Id', request.id)
  if (isHttps) reply.header('Strict-Transport-Security', strictTransportSecurity)
}

function noSuchRoute(allowed: readonly string[], reply: FastifyReply): ApiError {
  if (allowed.length === 0) return new ApiError('REQUEST.9003')
  reply.header('Allow', allowed.join(', '))
  return new ApiError('REQUEST.9004')
}

function sendError(deps: HttpDeps, error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const answer = answerError(error, {
    language: request.state?.language ?? languageOf(request.headers),
    route: request.routeOptions.config?.route,
    onUndeclaredAnswer: deps.strictAnswers ? (deps.onUndeclaredAnswer ?? (() => undefined)) : undefined,
  })
  if (request.state !== undefined) request.state.code = answer.code
  if (answer.status >= 500 || answer.cause !== undefined) {
    const level = answer.code === 'REQUEST.9013' ? 'error' : 'warn'
    deps.logger[level]({ requestId: request.id, code: answer.code, err: answer.cause }, 'request failed')
  }
  const asked = isForPeople(request) ? pageRequestOf(request) : undefined
  if (deps.site !== undefined && asked !== undefined) {
    sendPage(reply, deps.site.renderError(asked, answer))
    return
  }
  reply.code(answer.status).headers(answer.headers)
  reply.header('Content-Type', 'application/json; charset=utf-8').send(answer.body)
}

/** Neither a program nor a page of the API's own. */
function isForPeople(request: FastifyRequest): boolean {
  return request.routeOptions.config?.page !== undefined || (request.is404 && wantsPage(request))
}

function record(deps: HttpDeps, request: FastifyRequest, reply: FastifyReply): void {
  const { state } = request
  recordRequest(deps, {
    requestId: request.id,
    method: request.method,
    url: request.url,
    route: request.routeOptions.config?.route,
    page: request.routeOptions.config?.page,
    status: reply.statusCode,
    state,
    durationMs: state === undefined ? 0 : performance.now() - state.startedMs,
  })
}
