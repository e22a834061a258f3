import { Compile } from 'typebox/schema'
import { buildOpenApi } from '../../src/http/openapi/build-openapi.ts'
import { isObject, type Json, type JsonObject } from '../../src/http/openapi/json-schema.ts'
import { routeTable } from '../../src/http/route-table.ts'

/** The API description as a client sees it; nothing here looks at a route. */
export const document = JSON.parse(JSON.stringify(buildOpenApi(routeTable, '0.0.0'))) as JsonObject

export interface Parameter {
  readonly name: string
  readonly in: 'path' | 'query' | 'header'
  readonly required: boolean
  readonly schema: JsonObject
  readonly example?: Json
}

export interface Body {
  readonly mediaType: string
  readonly schema: JsonObject
  readonly example: Json
}

export interface DocumentedAnswer {
  /** Undefined: the body is empty. */
  readonly mediaType: string | undefined
  readonly example: Json | undefined
  /** Codes that may come under this status. */
  readonly codes: readonly string[]
  fits(body: unknown): boolean
}

export interface Operation {
  readonly id: string
  readonly method: string
  /** `/api/v2/tenant/users/{user_id}`. */
  readonly template: string
  readonly parameters: readonly Parameter[]
  readonly body: Body | undefined
  /** Security schemes, the first of each alternative. */
  readonly security: readonly string[]
  readonly answers: Readonly<Record<string, DocumentedAnswer>>
}

export const operations: readonly Operation[] = Object.entries(objectAt(document, 'paths')).flatMap(
  ([template, methods]) =>
    Object.entries(methods as JsonObject).map(([method, operation]) =>
      readOperation(template, method, operation as JsonObject),
    ),
)

function readOperation(template: string, method: string, operation: JsonObject): Operation {
  const { operationId, parameters, security, requestBody } = operation
  return {
    id: String(operationId),
    method: method.toUpperCase(),
    template,
    parameters: (parameters as unknown as Parameter[]).map((each) => ({
      ...each,
      schema: inlined(each.schema) as JsonObject,
    })),
    body: isObject(requestBody) ? readBody(requestBody) : undefined,
    security: (security as unknown as JsonObject[]).flatMap((each) => Object.keys(each).slice(0, 1)),
    answers: Object.fromEntries(
      Object.entries(objectAt(operation, 'responses')).map(([status, answer]) => [
        status,
        readAnswer(answer),
      ]),
    ),
  }
}

function readBody(requestBody: JsonObject): Body {
  const [first] = Object.entries(objectAt(requestBody, 'content'))
  const [mediaType, content] = first as [string, { schema: JsonObject; example: Json }]
  return { mediaType, schema: inlined(content.schema) as JsonObject, example: content.example }
}

function readAnswer(given: Json): DocumentedAnswer {
  const answer = inlined(given) as JsonObject
  const [first] = isObject(answer.content) ? Object.entries(answer.content) : []
  if (first === undefined) {
    return { mediaType: undefined, example: undefined, codes: [], fits: (body) => body === undefined }
  }
  const [mediaType, content] = first as [string, JsonObject]
  const validator = Compile(content.schema as JsonObject)
  return {
    mediaType,
    example: content.example,
    codes: isObject(content.examples) ? Object.keys(content.examples) : [],
    fits: (body) => validator.Check(body),
  }
}

/** References replaced by what they point at; the document has no circles. */
export function inlined(value: Json): Json {
  if (Array.isArray(value)) return value.map(inlined)
  if (!isObject(value)) return value
  const { $ref } = value
  if (typeof $ref === 'string') {
    const names = $ref.slice(2).split('/')
    return inlined(names.reduce<Json>((part, name) => objectAt(part as JsonObject, name), document))
  }
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, inlined(each)]))
}

function objectAt(parent: JsonObject, name: string): JsonObject {
  const value = parent[name]
  if (!isObject(value)) throw new Error(`the document has no ${name}`)
  return value
}
