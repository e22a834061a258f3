import type { TSchema } from 'typebox'
import { codesThatDo } from '../../core/permissions/authorise.ts'
import { isManagement, type Route } from '../route.ts'
import type { Components } from './components.ts'
import { describeResponses } from './describe-responses.ts'
import { type Json, type JsonObject, propertiesOf, toJsonSchema } from './json-schema.ts'
import { sampleOf } from './sample-of.ts'
import { tagOf } from './tags.ts'

export interface PlacedRoute {
  readonly route: Route
  /** One of the route's path and aliases. */
  readonly path: string
}

/** One operation of the document: who may call it, what it takes, and everything it may answer. */
export function describeOperation(placed: PlacedRoute, components: Components): JsonObject {
  const { route, path } = placed
  const isAlias = path !== route.path
  return {
    operationId: operationIdOf(route.method, path),
    summary: route.summary,
    description: describeAccess(route, isAlias),
    tags: [tagOf(route).name],
    security: securityOf(route),
    ...(isAlias ? { deprecated: true } : {}),
    parameters: describeParameters(route, components),
    ...(route.body === undefined ? {} : { requestBody: describeBody(route, route.body, components) }),
    responses: describeResponses(route, components),
  }
}

/** `PUT /api/v2/tenant/users/:user_id/rest-password` → `putUsersRestPassword`; a parameter at the end is named. */
export function operationIdOf(method: string, path: string): string {
  const segments = path.split('/').filter((segment) => segment !== '' && !/^(api|v\d|tenant)$/.test(segment))
  const last = segments.length - 1
  const words = segments.flatMap((segment, index) => {
    if (!segment.startsWith(':')) return segment.split(/[-_.]/)
    return index === last ? ['by', ...segment.slice(1).split('_')] : []
  })
  return method.toLowerCase() + words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('')
}

function describeAccess(route: Route, isAlias: boolean): string {
  const sentences = isAlias ? [`Another name of \`${templateOf(route.path)}\`.`] : []
  if (isManagement(route.permission)) {
    const codes = codesThatDo(route.permission).map((code) => `\`${code}\``)
    const list = codes.length > 1 ? `${codes.slice(0, -1).join(', ')} or ${codes.at(-1)}` : codes[0]
    sentences.push(`Needs an application with the permission ${list}.`)
  } else if (route.permission === 'sdk') {
    sentences.push('Needs the device headers, no secret.')
  } else {
    sentences.push(route.permission === 'server' ? 'Open to anybody, at any host.' : 'Open to anybody.')
  }
  return sentences.join(' ')
}

export function templateOf(path: string): string {
  return path.replace(/:(\w+)/g, '{$1}')
}

function securityOf(route: Route): Json {
  if (isManagement(route.permission)) return [{ application: [] }, { accessToken: [] }]
  if (route.oauth === true) return [{ clientSecret: [] }, {}]
  return takesIdToken(route) ? [{ idToken: [] }] : []
}

/** OpenAPI passes over a parameter of that name: it is a security scheme there. */
function takesIdToken(route: Route): boolean {
  return (
    route.headers !== undefined && 'Authorization' in propertiesOf(toJsonSchema(route.headers)).properties
  )
}

function describeParameters(route: Route, components: Components): Json {
  return [
    ...parametersOf('path', route.params, components),
    ...parametersOf('query', route.query, components),
    ...parametersOf('header', route.headers, components),
  ]
}

function parametersOf(
  place: 'path' | 'query' | 'header',
  schema: TSchema | undefined,
  components: Components,
): readonly Json[] {
  if (schema === undefined) return []
  const { properties, required } = propertiesOf(toJsonSchema(schema))
  return Object.entries(properties)
    .filter(([name]) => name !== 'Authorization')
    .map(([name, { description, ...property }]) => {
      const isRequired = place === 'path' || required.includes(name)
      const isShown = isRequired || Array.isArray(property.examples)
      return {
        name,
        in: place,
        required: isRequired,
        ...(description === undefined ? {} : { description }),
        schema: components.share(property),
        ...(isShown ? { example: sampleOf(property, name) } : {}),
      }
    })
}

function describeBody(route: Route, body: TSchema, components: Components): JsonObject {
  const schema = toJsonSchema(body)
  const content = { schema: components.share(schema), example: sampleOf(schema) }
  const form = { 'application/x-www-form-urlencoded': content }
  const isRequired = propertiesOf(schema).required.length > 0
  // the contract's own clients send forms, and the reference offers first what comes first
  if (route.oauth === true) return { content: { ...form, 'application/json': content } }
  return { required: isRequired, content: { 'application/json': content } }
}
