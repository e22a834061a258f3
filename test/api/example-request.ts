import type { Json, JsonObject } from '../../src/http/openapi/json-schema.ts'
import type { Operation, Parameter } from './document.ts'
import type { SentRequest } from './send.ts'

/** What an operation is called with; a parameter that is not named is not sent. */
export interface Values {
  readonly parameters: Readonly<Record<string, Json>>
  readonly body: Json | undefined
}

/** The examples of the document, and nothing else. */
export function exampleValues(operation: Operation): Values {
  const shown = operation.parameters.flatMap(({ name, example }) =>
    example === undefined ? [] : [[name, example] as const],
  )
  return { parameters: Object.fromEntries(shown), body: operation.body?.example }
}

export function buildRequest(
  operation: Operation,
  { parameters, body }: Values,
  headers: Readonly<Record<string, string>>,
): SentRequest {
  const given = (place: Parameter['in']) =>
    operation.parameters.flatMap(({ name, in: where }): [string, string][] => {
      const value = parameters[name]
      return where === place && value !== undefined ? [[name, textOf(value)]] : []
    })
  const path = given('path').reduce(
    (target, [name, value]) => target.replace(`{${name}}`, pathSegment(value)),
    operation.template,
  )
  const query = new URLSearchParams(given('query')).toString()
  return {
    method: operation.method,
    target: query === '' ? path : `${path}?${query}`,
    headers: {
      'content-type': operation.body?.mediaType ?? 'application/json; charset=utf-8',
      ...Object.fromEntries(given('header')),
      ...headers,
    },
    body: body === undefined ? undefined : bodyText(operation, body),
  }
}

/** An empty one would be another path. */
function pathSegment(value: string): string {
  return encodeURIComponent(value.toWellFormed()) || '-'
}

function bodyText(operation: Operation, body: Json): string {
  if (operation.body?.mediaType !== 'application/x-www-form-urlencoded') return JSON.stringify(body)
  const fields = Object.entries(body as JsonObject).map(([name, value]): [string, string] => [
    name,
    textOf(value),
  ])
  return new URLSearchParams(fields).toString()
}

function textOf(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}
