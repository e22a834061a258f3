import type { TSchema } from 'typebox'
import { isOAuthCode, publicText, statusOf } from '../errors/api-error.ts'
import { catalogue, type ErrorCode, type OAuthErrorCode, oauthCatalogue } from '../errors/catalogue.ts'
import { declaredCodes, successStatuses } from './answers.ts'
import type { Route } from './route.ts'

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json }
type JsonObject = { readonly [key: string]: Json }

/**
 * The API as OpenAPI 3.1, from the route table alone: every path, every alias, every code that may come back.
 */
export function buildOpenApi(routes: readonly Route[], version: string): JsonObject {
  const operations = routes.flatMap((route) => [
    { route, path: route.path, isAlias: false },
    ...(route.aliases ?? []).map((path) => ({ route, path, isAlias: true })),
  ])
  const paths: Record<string, Record<string, Json>> = {}
  for (const { route, path, isAlias } of operations) {
    const template = path.replace(/:(\w+)/g, '{$1}')
    paths[template] = {
      ...paths[template],
      [route.method.toLowerCase()]: describeOperation(route, isAlias),
    }
  }
  return sorted({
    openapi: '3.1.1',
    info: {
      title: 'Rekey',
      version,
      description: 'Employee identity server whose password resets cannot half-happen.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    paths,
    components: { securitySchemes, schemas: errorSchemas, examples: describeExamples(routes) },
  }) as JsonObject
}

const securitySchemes = {
  bearer: { type: 'http', scheme: 'bearer', description: 'Access token of an application' },
  client: { type: 'http', scheme: 'basic', description: 'client_id and client_secret of an application' },
}

const errorSchemas = {
  Error: {
    type: 'object',
    required: ['error_code', 'error_msg'],
    properties: { error_code: { type: 'string' }, error_msg: { type: 'string' } },
    additionalProperties: false,
  },
  OAuthError: {
    type: 'object',
    required: ['error', 'error_description'],
    properties: { error: { type: 'string' }, error_description: { type: 'string' } },
    additionalProperties: false,
  },
}

function describeOperation(route: Route, isAlias: boolean): JsonObject {
  const { permission } = route
  const isManagement = permission !== 'none' && permission !== 'sdk' && permission !== 'server'
  const body = route.body === undefined ? {} : { requestBody: describeBody(route, route.body) }
  return {
    summary: route.summary,
    tags: [tagOf(route)],
    ...(isManagement ? { description: `Needs permission ${permission}, or one that includes it.` } : {}),
    ...(isManagement ? { security: [{ bearer: [] }] } : {}),
    ...(route.oauth === true ? { security: [{ client: [] }, {}] } : {}),
    ...(isAlias ? { deprecated: true } : {}),
    parameters: describeParameters(route),
    ...body,
    responses: describeResponses(route),
  }
}

function tagOf(route: Route): string {
  const segments = route.path.split('/').filter((segment) => segment !== '' && !segment.startsWith(':'))
  const [api, , family, resource] = segments
  return api === 'api' ? (resource ?? family ?? 'api') : 'health'
}

function describeBody(route: Route, schema: TSchema): JsonObject {
  const content = { schema: asJson(schema) }
  const form = route.oauth === true ? { 'application/x-www-form-urlencoded': content } : {}
  return { content: { 'application/json': content, ...form } }
}

function describeParameters(route: Route): Json {
  return [
    ...parametersOf('path', route.params),
    ...parametersOf('query', route.query),
    ...parametersOf('header', route.headers),
  ]
}

function parametersOf(place: 'path' | 'query' | 'header', schema: TSchema | undefined): readonly Json[] {
  if (schema === undefined) return []
  const { properties = {}, required = [] } = asJson(schema) as {
    readonly properties?: Record<string, JsonObject>
    readonly required?: readonly string[]
  }
  return Object.entries(properties).map(([name, { description, ...rest }]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    ...(description === undefined ? {} : { description }),
    schema: rest,
  }))
}

function describeResponses(route: Route): JsonObject {
  const byStatus = Map.groupBy(declaredCodes(route), statusOf)
  const successes = successStatuses(route)
  const statuses = [...new Set([...successes, ...byStatus.keys()])].toSorted((left, right) => left - right)
  const responses = statuses.map((status) => {
    const codes = byStatus.get(status)
    if (codes === undefined) return [String(status), describeSuccess(route)] as const
    return [
      String(status),
      describeErrors(codes, successes.includes(status) ? route.success : undefined),
    ] as const
  })
  return Object.fromEntries(responses)
}

function describeSuccess(route: Route): JsonObject {
  return {
    description: route.summary,
    headers: describeHeaders({ ...requestIdHeader, ...route.successHeaders }),
    ...(route.success === undefined
      ? {}
      : {
          content: {
            [isText(route.success) ? 'text/plain' : 'application/json']: { schema: asJson(route.success) },
          },
        }),
  }
}

const requestIdHeader = { 'X-Request-Id': 'Id of this request in the log' }

/** @param ownBody of a success with the same status: `/health/ready` answers 503 with a body of its own */
function describeErrors(
  codes: readonly (ErrorCode | OAuthErrorCode)[],
  ownBody: TSchema | undefined,
): JsonObject {
  const examples = codes.map((code) => [code, { $ref: `#/components/examples/${code}` }] as const)
  const shapes = [...new Set(codes.map((code) => (isOAuthCode(code) ? 'OAuthError' : 'Error')))].toSorted()
  const references = shapes.map((shape) => ({ $ref: `#/components/schemas/${shape}` }))
  const schemas = [...references, ...(ownBody === undefined ? [] : [asJson(ownBody)])]
  const headers = { ...requestIdHeader, 'X-Error-Detail': 'A stable word for the reason, where there is one' }
  return {
    description: codes.join(', '),
    headers: describeHeaders(headers),
    content: {
      'application/json': {
        schema: schemas.length === 1 ? (schemas[0] ?? {}) : { anyOf: schemas },
        examples: Object.fromEntries(examples),
      },
    },
  }
}

function describeExamples(routes: readonly Route[]): JsonObject {
  const codes = new Set(routes.flatMap(declaredCodes))
  return Object.fromEntries([...codes].map((code) => [code, exampleOf(code)]))
}

function exampleOf(code: ErrorCode | OAuthErrorCode): JsonObject {
  const params = ['…', '…']
  const text = publicText(code, 'en', params)
  const { remedy } = isOAuthCode(code) ? oauthCatalogue[code] : catalogue[code]
  const value = isOAuthCode(code)
    ? { error: code, error_description: text }
    : { error_code: code, error_msg: text }
  return { description: remedy, value }
}

function describeHeaders(headers: Readonly<Record<string, string>>): JsonObject {
  const described = Object.entries(headers).map(([name, description]) => [
    name,
    { description, schema: { type: 'string' } },
  ])
  return Object.fromEntries(described)
}

function isText(schema: TSchema): boolean {
  return 'type' in schema && schema.type === 'string'
}

/** TypeBox's own markers are not enumerable, so what is left is the JSON Schema. */
function asJson(schema: TSchema): JsonObject {
  return JSON.parse(JSON.stringify(schema)) as JsonObject
}

/** Keys in one order, so that the file changes only when the API does. */
function sorted(value: Json | TSchema): Json {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value as Json
  const entries = Object.entries(value as JsonObject).toSorted(([left], [right]) => (left < right ? -1 : 1))
  return Object.fromEntries(entries.map(([key, each]) => [key, sorted(each)]))
}
