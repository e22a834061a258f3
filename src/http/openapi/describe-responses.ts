import type { TSchema } from 'typebox'
import { isOAuthCode, statusOf } from '../../errors/api-error.ts'
import type { ErrorCode, OAuthErrorCode } from '../../errors/catalogue.ts'
import { declaredCodes, requestCodes, successStatuses } from '../answers.ts'
import type { Route } from '../route.ts'
import type { Components } from './components.ts'
import { describeCode, exampleOfCode } from './error-samples.ts'
import { type JsonObject, toJsonSchema } from './json-schema.ts'
import { sampleOf } from './sample-of.ts'

type Code = ErrorCode | OAuthErrorCode

const requestIdHeader = { 'X-Request-Id': 'Id of this request in the log' }
const errorHeaders = {
  ...requestIdHeader,
  'X-Error-Detail': 'A stable word for the reason, where there is one',
}

/** Every status of a route, with every code that may come under it. */
export function describeResponses(route: Route, components: Components): JsonObject {
  const byStatus = Map.groupBy(declaredCodes(route), statusOf)
  const successes = successStatuses(route)
  const statuses = [...new Set([...successes, ...byStatus.keys()])].toSorted((left, right) => left - right)
  const responses = statuses.map((status) => {
    const codes = byStatus.get(status) ?? []
    const isSuccess = successes.includes(status)
    if (codes.length === 0) return [String(status), describeSuccess(route, components)] as const
    if (!isSuccess && codes.every(isRequestCode)) {
      // what the server says to any request is described once
      return [String(status), components.shareResponse(`Request${status}`, describeErrors(codes))] as const
    }
    const ownBody =
      isSuccess && route.success !== undefined ? components.share(toJsonSchema(route.success)) : undefined
    return [String(status), describeErrors(codes, ownBody)] as const
  })
  return Object.fromEntries(responses)
}

export const errorSchemas = {
  Error: {
    type: 'object',
    required: ['error_code', 'error_msg'],
    properties: {
      error_code: { type: 'string', description: 'Stable; the contract’s below 9000, ours from 9000' },
      error_msg: { type: 'string', description: 'In the language of X-L, then of Accept-Language' },
    },
    additionalProperties: false,
  },
  OAuthError: {
    type: 'object',
    required: ['error', 'error_description'],
    properties: { error: { type: 'string' }, error_description: { type: 'string' } },
    additionalProperties: false,
  },
}

export function describeExamples(routes: readonly Route[]): JsonObject {
  const codes = new Set(routes.flatMap(declaredCodes))
  return Object.fromEntries([...codes].map((code) => [code, exampleOfCode(code)]))
}

function isRequestCode(code: Code): boolean {
  return (requestCodes as readonly Code[]).includes(code)
}

function describeSuccess(route: Route, components: Components): JsonObject {
  return {
    description: route.success === undefined ? 'Done; the body is empty' : 'Done',
    headers: describeHeaders({ ...requestIdHeader, ...route.successHeaders }),
    ...(route.success === undefined ? {} : { content: describeContent(route.success, components) }),
  }
}

function describeContent(success: TSchema, components: Components): JsonObject {
  const schema = toJsonSchema(success)
  const isText = schema.type === 'string'
  return {
    [isText ? 'text/plain' : 'application/json']: {
      schema: components.share(schema),
      example: sampleOf(schema, '', true),
    },
  }
}

/** @param ownBody of a success with the same status: `/health/ready` answers 503 with a body of its own */
function describeErrors(codes: readonly Code[], ownBody?: JsonObject): JsonObject {
  const examples = codes.map((code) => [code, { $ref: `#/components/examples/${code}` }] as const)
  const shapes = [...new Set(codes.map((code) => (isOAuthCode(code) ? 'OAuthError' : 'Error')))].toSorted()
  const references = shapes.map((shape) => ({ $ref: `#/components/schemas/${shape}` }))
  const schemas = [...references, ...(ownBody === undefined ? [] : [ownBody])]
  return {
    description: codes.map(describeCode).join('\n'),
    headers: describeHeaders(errorHeaders),
    content: {
      'application/json': {
        schema: schemas.length === 1 ? (schemas[0] ?? {}) : { anyOf: schemas },
        examples: Object.fromEntries(examples),
      },
    },
  }
}

function describeHeaders(headers: Readonly<Record<string, string>>): JsonObject {
  const described = Object.entries(headers).map(([name, description]) => [
    name,
    { description, schema: { type: 'string' } },
  ])
  return Object.fromEntries(described)
}
