import fc, { type Arbitrary } from 'fast-check'
import { isObject, type Json, type JsonObject, propertiesOf } from '../../src/http/openapi/json-schema.ts'
import { sampleOf } from '../../src/http/openapi/sample-of.ts'
import type { Operation } from './document.ts'
import type { Values } from './example-request.ts'

/** How far from the document a request is: as it says, wrong in one place, or anything. */
export type Kind = 'valid' | 'almost valid' | 'hostile'
export const kinds: readonly Kind[] = ['valid', 'almost valid', 'hostile']

/** Values that an operation is called with, made from the document alone. */
export function arbitraryValues(operation: Operation, kind: Kind): Arbitrary<Values> {
  const parameters = Object.fromEntries(
    operation.parameters.map(({ name, required, schema, in: place }) => [
      name,
      required || place === 'path'
        ? valid(schema, name)
        : fc.option(valid(schema, name), { nil: undefined, freq: 2 }),
    ]),
  )
  const body = operation.body === undefined ? fc.constant(undefined) : valid(operation.body.schema, '')
  const whole = fc.record({ parameters: fc.record(parameters), body }) as Arbitrary<Values>
  if (kind === 'valid') return whole
  return kind === 'almost valid' ? withOneFault(operation, whole) : hostileValues(operation)
}

/** What the schema takes: the sample, which exists, more often than something made up. */
function valid(schema: JsonObject, name: string): Arbitrary<Json> {
  // of a pattern the plainest text is no example
  if (schema.pattern !== undefined && schema.examples === undefined) return ofSchema(schema, name)
  const sample = fc.constant(sampleOf(schema, name))
  const made = fc.oneof({ weight: 2, arbitrary: sample }, { weight: 1, arbitrary: ofSchema(schema, name) })
  return schema.type === 'object' ? ofSchema(schema, name) : made
}

function ofSchema(schema: JsonObject, name: string): Arbitrary<Json> {
  if (schema.const !== undefined) return fc.constant(schema.const)
  if (Array.isArray(schema.enum)) return fc.constantFrom(...schema.enum)
  const alternatives = schema.anyOf ?? schema.oneOf
  if (Array.isArray(alternatives)) {
    return fc.oneof(...alternatives.filter(isObject).map((each) => valid(each, name)))
  }
  switch (schema.type) {
    case 'string':
      return ofText(schema)
    case 'integer':
      return fc.integer({ min: numberOr(schema.minimum, -1_000), max: numberOr(schema.maximum, 1_000) })
    case 'number':
      return fc.double({ noNaN: true, noDefaultInfinity: true })
    case 'boolean':
      return fc.boolean()
    case 'null':
      return fc.constant(null)
    case 'array':
      return fc.array(isObject(schema.items) ? valid(schema.items, name) : anyJson, { maxLength: 3 })
    case 'object':
      return ofObject(schema)
    default:
      return anyJson
  }
}

function ofObject(schema: JsonObject): Arbitrary<Json> {
  const { properties, required } = propertiesOf(schema)
  const fields = Object.entries(properties).map(([name, property]) => [name, valid(property, name)] as const)
  if (fields.length === 0) return fc.dictionary(fc.string({ maxLength: 20 }), anyJson, { maxKeys: 3 })
  return fc.record(Object.fromEntries(fields), { requiredKeys: [...required] }) as Arbitrary<Json>
}

function ofText({ pattern, minLength, maxLength }: JsonObject): Arbitrary<string> {
  if (typeof pattern === 'string') return fc.stringMatching(new RegExp(pattern))
  const longest = numberOr(maxLength, 40)
  return fc.string({ unit: 'grapheme', minLength: numberOr(minLength, 0), maxLength: Math.min(longest, 40) })
}

function numberOr(value: Json | undefined, otherwise: number): number {
  return typeof value === 'number' ? value : otherwise
}

const anyJson: Arbitrary<Json> = fc.jsonValue({ maxDepth: 3 }) as Arbitrary<Json>

/** Texts that have broken servers: SQL, paths, templates, prototypes, halves of characters, sheer length. */
export const hostileText: Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    ...['', ' ', '0', '-1', '1e999', 'NaN', 'null', 'undefined', 'true', '[]', '{}', '99999999999999999999'],
    ...["' OR '1'='1", "'; DROP TABLE users; --", '%', '_', '%00', '\\', '"', '#{7*7}', '{{ password }}'],
    ...[
      '../../etc/passwd',
      '..%2f..',
      '__proto__',
      'constructor',
      'toString',
      '\u0000',
      'a\u0000b',
      '\uD800',
    ],
    ...[
      '\r\nSet-Cookie: a=b',
      '\u202Eevil',
      'İıſK',
      'é',
      '👩‍👩‍👧‍👦',
      '\uFEFF',
      '＜script＞',
      '<script>',
      'a'.repeat(5_000),
    ],
  ),
  fc.string({ unit: 'binary', maxLength: 300 }),
)

const hostileJson: Arbitrary<Json> = fc.oneof(
  { weight: 3, arbitrary: hostileText as Arbitrary<Json> },
  { weight: 1, arbitrary: anyJson },
  {
    weight: 1,
    arbitrary: fc.constantFrom<Json>(null, true, 0, -1, 1.5, 1e308, 2 ** 53, -(2 ** 31) - 1, [], {}, [[]]),
  },
)

/** One parameter or field that is missing, of another type, or hostile; everything else is as documented. */
function withOneFault(operation: Operation, whole: Arbitrary<Values>): Arbitrary<Values> {
  const fields =
    operation.body === undefined ? [] : Object.keys(propertiesOf(operation.body.schema).properties)
  const places = [
    ...operation.parameters.map(({ name }) => ({ part: 'parameters' as const, name })),
    ...fields.map((name) => ({ part: 'body' as const, name })),
  ]
  if (places.length === 0) return whole
  const fault = fc.option(hostileJson, { nil: undefined })
  return fc.tuple(whole, fc.constantFrom(...places), fault).map(([values, { part, name }, value]) => {
    const present = (values[part] ?? {}) as JsonObject
    const { [name]: _replaced, ...rest } = present
    const changed = value === undefined ? rest : { ...rest, [name]: value }
    return { ...values, [part]: changed }
  })
}

function hostileValues(operation: Operation): Arbitrary<Values> {
  const parameters = operation.parameters.map(({ name }) => [
    name,
    fc.option(hostileJson, { nil: undefined }),
  ])
  const named = operation.body === undefined ? {} : propertiesOf(operation.body.schema).properties
  const fields = Object.keys(named).map((name) => [name, hostileJson])
  const body = fc.oneof(
    { weight: 3, arbitrary: fc.record(Object.fromEntries(fields), { requiredKeys: [] }) as Arbitrary<Json> },
    { weight: 1, arbitrary: hostileJson },
  )
  return fc.record({
    parameters: fc.record(Object.fromEntries(parameters)),
    body: fc.option(body, { nil: undefined }),
  }) as Arbitrary<Values>
}
