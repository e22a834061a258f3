import { isObject, type Json, type JsonObject, propertiesOf } from './json-schema.ts'
import { sampleValueOf } from './sample-values.ts'

/**
 * An example of what a schema takes: its own `examples`, else what is usual for the name, else the plainest value of
 * its type. Optional properties stand in it where an example of their own, or with `withUsual` a usual value, is known.
 */
export function sampleOf(schema: JsonObject, name = '', withUsual = false): Json {
  const known = knownSample(schema, name)
  if (known !== undefined) return known
  const alternatives = schema.anyOf ?? schema.oneOf
  if (Array.isArray(alternatives) && isObject(alternatives[0]))
    return sampleOf(alternatives[0], name, withUsual)
  switch (schema.type) {
    case 'object':
      return sampleObject(schema, withUsual)
    case 'array':
      return isObject(schema.items) ? [sampleOf(schema.items, name, withUsual)] : []
    case 'integer':
    case 'number':
      return typeof schema.minimum === 'number' ? Math.max(0, schema.minimum) : 0
    case 'boolean':
      return false
    case 'null':
      return null
    default:
      return 'text'
  }
}

function sampleObject(schema: JsonObject, withUsual: boolean): JsonObject {
  const { properties, required } = propertiesOf(schema)
  const shown = Object.entries(properties).filter(
    ([name, property]) =>
      required.includes(name) ||
      Array.isArray(property.examples) ||
      (withUsual && knownSample(property, name) !== undefined),
  )
  return Object.fromEntries(shown.map(([name, property]) => [name, sampleOf(property, name, withUsual)]))
}

function knownSample(schema: JsonObject, name: string): Json | undefined {
  const [example] = Array.isArray(schema.examples) ? schema.examples : []
  if (example !== undefined) return example
  if (schema.const !== undefined) return schema.const
  if (Array.isArray(schema.enum)) return schema.enum[0]
  const usual = sampleValueOf(name)
  return usual !== undefined && isOfType(usual, schema) ? usual : undefined
}

function isOfType(value: Json, schema: JsonObject): boolean {
  const alternatives = schema.anyOf ?? schema.oneOf
  if (Array.isArray(alternatives)) return alternatives.some((each) => isObject(each) && isOfType(value, each))
  if (schema.type === 'integer' || schema.type === 'number') return typeof value === 'number'
  return schema.type === undefined || schema.type === typeof value
}
