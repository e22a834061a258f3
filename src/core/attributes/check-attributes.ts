import { normaliseKey } from '../users/normalise-key.ts'
import {
  type AttributeDefinition,
  type AttributeType,
  EXTENSION_PREFIX,
  isExtension,
} from './attribute-definition.ts'
import { compilePattern, MATCHED_LENGTH_MAX } from './compile-pattern.ts'

/** What a row has, by the names that definitions use. */
export type AttributeValues = ReadonlyMap<string, unknown>

interface AttributeFault {
  /** A name that is defined, or `extension` for one that is not. */
  readonly name: string
  readonly reason: 'empty' | 'invalid'
}

/** Characters; an index entry carries no more. */
const UNIQUE_LENGTH_MAX = 255

/**
 * The first attribute that is not as the tenant defined it; undefined: all are. What a change does not name is not looked
 * at: a row that was there before its definition can still be changed otherwise.
 * @param given names that the call names; undefined: a new row, all of them
 */
export function findAttributeFault(
  definitions: readonly AttributeDefinition[],
  after: AttributeValues,
  given: ReadonlySet<string> | undefined,
): AttributeFault | undefined {
  if (findUnknown(definitions, after, given) !== undefined) {
    return { name: 'extension', reason: 'invalid' }
  }
  for (const definition of definitions) {
    const { name } = definition
    const value = after.get(name)
    if (given !== undefined && !given.has(name)) {
      continue
    }
    if (value === undefined) {
      if (definition.isRequired) return { name, reason: 'empty' }
    } else if (!isAsDefined(definition, value)) {
      return { name, reason: 'invalid' }
    }
  }
  return undefined
}

/** A tenant that defines no attribute of its own takes any; one that does takes those. */
function findUnknown(
  definitions: readonly AttributeDefinition[],
  after: AttributeValues,
  given: ReadonlySet<string> | undefined,
): string | undefined {
  const defined = new Set(definitions.map(({ name }) => name).filter(isExtension))
  const names = [...after.keys()].filter((name) => isExtension(name) && (given?.has(name) ?? true))
  return defined.size === 0 ? undefined : names.find((name) => !defined.has(name))
}

function isAsDefined(definition: AttributeDefinition, value: unknown): boolean {
  const { name, type, isUnique, lengthMax, pattern } = definition
  if (isExtension(name) && !isOfType(type, value)) {
    return false
  }
  const text = String(value)
  const length = [...text].length
  return (
    length <= (lengthMax ?? Number.POSITIVE_INFINITY) &&
    (!isUnique || length <= UNIQUE_LENGTH_MAX) &&
    (pattern === undefined || (length <= MATCHED_LENGTH_MAX && compilePattern(pattern)(text)))
  )
}

function isOfType(type: AttributeType, value: unknown): boolean {
  switch (type) {
    case 'text':
      return typeof value === 'string'
    case 'integer':
      return Number.isSafeInteger(value)
    case 'number':
      return typeof value === 'number' && Number.isFinite(value)
    case 'boolean':
      return typeof value === 'boolean'
    case 'date':
      return typeof value === 'string' && isDate(value)
  }
}

function isDate(text: string): boolean {
  const at = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(`${text}T00:00:00.000Z`) : Number.NaN
  return !Number.isNaN(at) && new Date(at).toISOString().slice(0, 10) === text
}

/** Attributes of the tenant's own under the names that definitions use; null and empty texts are none. */
export function extensionValues(extension: Readonly<Record<string, unknown>>): readonly [string, unknown][] {
  return Object.entries(extension).flatMap(([key, value]): [string, unknown][] =>
    value === null || value === '' ? [] : [[EXTENSION_PREFIX + key, value]],
  )
}

export interface UniqueValue {
  readonly attribute: string
  readonly valueKey: string
}

/**
 * What of a row no other may have. Values from before the definition that no index can hold are left alone: they are
 * refused as soon as a call names them.
 */
export function uniqueValues(
  definitions: readonly AttributeDefinition[],
  values: AttributeValues,
): readonly UniqueValue[] {
  return definitions.flatMap(({ name, isUnique }) => {
    const value = isUnique ? values.get(name) : undefined
    return isIndexable(value) ? [{ attribute: name, valueKey: normaliseKey(String(value)) }] : []
  })
}

function isIndexable(value: unknown): boolean {
  return value !== undefined && typeof value !== 'object' && [...String(value)].length <= UNIQUE_LENGTH_MAX
}
