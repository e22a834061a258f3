import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import { successStatuses } from './answers.ts'
import type { HttpDeps } from './http-deps.ts'
import { checkQuery, requestContextOf } from './plugins/admit.ts'
import type { RequestState } from './request-state.ts'
import type { Answer, Route } from './route.ts'

/** Puts every route of the table, under its path and its aliases, on the server. */
export function registerRoutes(server: FastifyInstance, deps: HttpDeps, routes: readonly Route[]): void {
  for (const route of routes) {
    const check = deps.strictAnswers ? createAnswerCheck(route) : () => undefined
    for (const url of [route.path, ...(route.aliases ?? [])]) {
      server.route({
        method: route.method,
        url,
        schema: schemasOf(route),
        config: { route },
        ...(route.bodyBytesMax === undefined ? {} : { bodyLimit: route.bodyBytesMax }),
        ...(route.takesBrokenQuery === true ? {} : { preValidation: async (request) => checkQuery(request) }),
        handler: (request, reply) => handle(deps, route, check, request, reply),
      })
    }
  }
}

function schemasOf(route: Route): Record<string, TSchema> {
  const { params, query, body } = route
  return {
    ...(params === undefined ? {} : { params }),
    ...(query === undefined ? {} : { querystring: query }),
    ...(body === undefined ? {} : { body }),
  }
}

type AnswerCheck = (answer: Answer, status: number) => string | undefined

async function handle(
  deps: HttpDeps,
  route: Route,
  check: AnswerCheck,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const state = request.state as RequestState
  const answer = await route.handle({
    core: deps.core,
    health: deps.health,
    metrics: deps.metrics,
    request: requestContextOf(request, state),
    params: request.params,
    query: request.query,
    body: route.body === undefined ? undefined : request.body,
    ...(state.tenant === undefined ? {} : { tenant: state.tenant }),
    ...(state.caller === undefined ? {} : { caller: state.caller }),
    ...(state.signIn === undefined ? {} : { signIn: state.signIn }),
  })
  const status = answer.status ?? successStatuses(route)[0] ?? 200
  const problem = check(answer, status)
  if (problem !== undefined) {
    deps.onUndeclaredAnswer?.(problem)
    throw new Error(problem)
  }
  reply.code(status)
  if (answer.headers !== undefined) reply.headers(answer.headers)
  return reply.send(answer.body)
}

/** Compares what a handler answers with what its route declares. */
function createAnswerCheck(route: Route): AnswerCheck {
  const statuses = successStatuses(route)
  const body = route.success === undefined ? undefined : Compile(route.success)
  const name = `${route.method} ${route.path}`
  return (answer, status) => {
    if (!statuses.includes(status)) return `${name} answered ${status}, which it does not declare`
    const isDescribed = body === undefined ? answer.body === undefined : body.Check(answer.body)
    return isDescribed ? undefined : `${name} answered a body that its schema does not describe`
  }
}
