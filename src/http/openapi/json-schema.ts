import type { TSchema } from 'typebox'
import { documentedAs, documentedAsRequired } from '../lenient.ts'

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json }
export type JsonObject = { readonly [key: string]: Json }

/** A TypeBox schema as the document has it: plain JSON Schema 2020-12, lenient values as they are meant. */
export function toJsonSchema(schema: TSchema): JsonObject {
  // TypeBox's own markers are not enumerable, so what is left is the JSON Schema
  return plain(JSON.parse(JSON.stringify(schema)) as JsonObject)
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Named properties of an object schema, and which of them are required. */
export function propertiesOf(schema: JsonObject): {
  readonly properties: Readonly<Record<string, JsonObject>>
  readonly required: readonly string[]
} {
  const { properties, required } = schema
  return {
    properties: isObject(properties) ? (properties as Record<string, JsonObject>) : {},
    required: Array.isArray(required) ? required.filter((name) => typeof name === 'string') : [],
  }
}

/** Keys in one order, so that the file changes only when the API does. */
export function sorted(value: Json): Json {
  if (Array.isArray(value)) return value.map(sorted)
  if (!isObject(value)) return value
  const entries = Object.entries(value).toSorted(([left], [right]) => (left < right ? -1 : 1))
  return Object.fromEntries(entries.map(([key, each]) => [key, sorted(each)]))
}

function plain(schema: JsonObject): JsonObject {
  const documented = schema[documentedAs]
  if (isObject(documented)) {
    return plain(documented)
  }
  return { ...plainParts(schema), ...plainProperties(schema) }
}

function plainParts(schema: JsonObject): JsonObject {
  const { patternProperties, ...rest } = schema
  const parts: Record<string, Json> = { ...rest }
  for (const name of ['anyOf', 'oneOf', 'allOf'] as const) {
    const each = schema[name]
    if (Array.isArray(each)) parts[name] = each.map((part) => (isObject(part) ? plain(part) : part))
  }
  if (isObject(schema.items)) parts.items = plain(schema.items)
  // a record of anything: generators of clients know `additionalProperties` better
  const anything = isObject(patternProperties) ? patternProperties['^.*$'] : undefined
  if (isObject(anything)) parts.additionalProperties = plain(anything)
  else if (patternProperties !== undefined) parts.patternProperties = patternProperties
  return parts
}

function plainProperties(schema: JsonObject): JsonObject {
  const { properties, required } = propertiesOf(schema)
  const entries = Object.entries(properties)
  if (entries.length === 0) return {}
  const demanded = entries.flatMap(([name, property]) =>
    property[documentedAsRequired] === true ? [name] : [],
  )
  const all = [...new Set([...required, ...demanded])].toSorted()
  return {
    properties: Object.fromEntries(entries.map(([name, property]) => [name, plain(property)])),
    ...(all.length === 0 ? {} : { required: all }),
  }
}
