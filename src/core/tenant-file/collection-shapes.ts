import { isMap, isScalar, isSeq, type YAMLMap } from 'yaml'
import { nearestWord } from './nearest-word.ts'
import { type Field, type Fields, isNull, readText, type Shape } from './shape.ts'
import type { Place, YamlSource } from './yaml-source.ts'

type CamelCase<S extends string> = S extends `${infer Head}_${infer Tail}`
  ? `${Head}${Capitalize<CamelCase<Tail>>}`
  : S

/** What an object of these keys reads as: our spelling, absent keys absent, `null` where the file says null. */
export type ReadObject<F extends Fields> = {
  readonly [K in keyof F & string as F[K] extends Field<unknown, true> ? CamelCase<K> : never]: Value<F[K]>
} & {
  readonly [K in keyof F & string as F[K] extends Field<unknown, true> ? never : CamelCase<K>]?: Value<
    F[K]
  > | null
}
type Value<F> = F extends Field<infer T> ? T : never

/** Keys that are not in `fields` are reported with the nearest that is, unless `rest` reads them. */
export function object<const F extends Fields>(fields: F): Shape<ReadObject<F>> {
  return {
    type: 'keys',
    fields,
    read(place, source) {
      const entries = readEntries(place, source)
      return entries === undefined ? undefined : readFields(fields, entries, place, source)
    },
  }
}

/** Like `object`, with every further key a plain value: text, number, yes or no, or text by name. */
export function openObject<const F extends Fields>(
  fields: F,
): Shape<ReadObject<F> & { readonly rest: Readonly<Record<string, unknown>> }> {
  return {
    type: 'keys',
    fields,
    read(place, source) {
      const entries = readEntries(place, source)
      if (entries === undefined) {
        return undefined
      }
      const isKnown = (key: string) => Object.hasOwn(fields, key)
      const known = new Map([...entries].filter(([key]) => isKnown(key)))
      const others = [...entries].filter(([key]) => !isKnown(key))
      // fromEntries, not assignment: a key named __proto__ stays a key
      const rest = Object.fromEntries(others.map(([key, child]) => [key, readPlain(child, source, 2)]))
      source.remember(rest, '', place)
      for (const [key, child] of others) {
        source.remember(rest, key, child)
      }
      const read = readFields(fields, known, place, source)
      // not enumerable: what it holds may be secret, and is printed by nobody who prints the entry
      return (
        read &&
        (Object.defineProperty(read, 'rest', { value: rest }) as typeof read & { readonly rest: typeof rest })
      )
    },
  }
}

export interface ListRules {
  readonly lengthMin?: number
  readonly lengthMax?: number
  readonly type?: string
}

export function list<T>(item: Shape<T>, rules: ListRules = {}): Shape<readonly T[]> {
  return {
    type: rules.type ?? 'list',
    ...(item.fields === undefined ? {} : { fields: item.fields }),
    read(place, source) {
      if (!isSeq(place.node)) {
        source.report(place, 'must be a list: write [ … ], or one line with a dash for each')
        return undefined
      }
      const items: T[] = []
      source.remember(items, '', place)
      for (const [index, child] of place.node.items.entries()) {
        const at = source.enter(child, `${place.path}[${index}]`, place.offset)
        if (source.isExhausted) {
          break
        }
        const value = item.read(at, source)
        if (value === undefined) {
          source.markPartial(items)
        } else {
          source.remember(items, items.push(value) - 1, at)
        }
      }
      if (place.node.items.length < (rules.lengthMin ?? 0)) {
        source.report(place, 'must not be empty')
        return undefined
      }
      if (rules.lengthMax !== undefined && place.node.items.length > rules.lengthMax) {
        source.report(place, `must not have more than ${rules.lengthMax} entries`)
        return undefined
      }
      return items
    },
  }
}

/** Children by key; keys that stand twice, or are no plain words, are reported. */
function readEntries(place: Place, source: YamlSource): ReadonlyMap<string, Place> | undefined {
  if (!isMap(place.node)) {
    source.report(place, 'must be keys with values: write { key: value }, or one key on each line')
    return undefined
  }
  const map: YAMLMap = place.node
  const entries = new Map<string, Place>()
  for (const pair of map.items) {
    const keyPlace = source.enter(pair.key, place.path, place.offset)
    if (source.isExhausted) {
      break
    }
    const key = isScalar(keyPlace.node) ? keyPlace.node.value : undefined
    if (typeof key !== 'string') {
      source.report(keyPlace, 'keys must be plain words')
      continue
    }
    const path = place.path === '' ? key : `${place.path}.${key}`
    if (entries.has(key)) {
      source.report({ ...keyPlace, path }, `${key} stands here twice: remove one of them`)
      continue
    }
    entries.set(key, source.enter(pair.value, path, keyPlace.offset))
  }
  return entries
}

function readFields<F extends Fields>(
  fields: F,
  entries: ReadonlyMap<string, Place>,
  place: Place,
  source: YamlSource,
): ReadObject<F> | undefined {
  const result: Record<string, unknown> = {}
  let isUsable = true
  source.remember(result, '', place)
  for (const [key, child] of entries) {
    const field = Object.hasOwn(fields, key) ? fields[key] : undefined
    if (field === undefined) {
      source.report(child.path === '' ? place : child, complainOfKey(key, Object.keys(fields)))
    } else if (isNull(child) && !field.isRequired) {
      result[toCamelCase(key)] = null
      source.remember(result, toCamelCase(key), child)
    } else {
      const value = readField(field, child, source)
      isUsable = isUsable && (value !== undefined || !field.isRequired)
      if (value !== undefined) {
        result[toCamelCase(key)] = value
        source.remember(result, toCamelCase(key), child)
      }
    }
  }
  const missing = Object.keys(fields).filter((key) => fields[key]?.isRequired === true && !entries.has(key))
  for (const key of missing) {
    source.report(place, `${key} is missing: add it`)
  }
  return isUsable && missing.length === 0 ? (result as ReadObject<F>) : undefined
}

function readField<T>(field: Field<T>, place: Place, source: YamlSource): T | undefined {
  const value = field.shape.read(place, source)
  if (value !== undefined && field.isWithoutEffect?.(value) === true) {
    source.warn(place, 'is kept, and begins to act with a later release')
  }
  return value
}

function complainOfKey(key: string, known: readonly string[]): string {
  const nearest = nearestWord(key, known)
  const hint = nearest === undefined ? `keys here are ${known.join(', ')}` : `did you mean ${nearest}?`
  return `${JSON.stringify(key.slice(0, 60))} is no key: ${hint}`
}

export function toCamelCase(key: string): string {
  return key.replace(/_([a-z])/g, (_match, letter: string) => letter.toUpperCase())
}

/** Text with the environment put in, numbers, yes and no, and one level of lists or keys of those. */
function readPlain(place: Place, source: YamlSource, depthMax: number): unknown {
  if (isScalar(place.node) && typeof place.node.value !== 'string') {
    return place.node.value
  }
  if (depthMax > 0 && isMap(place.node)) {
    const entries = [...(readEntries(place, source) ?? [])]
    return Object.fromEntries(entries.map(([key, child]) => [key, readPlain(child, source, depthMax - 1)]))
  }
  if (depthMax > 0 && isSeq(place.node)) {
    return place.node.items.map((child, index) =>
      readPlain(source.enter(child, `${place.path}[${index}]`, place.offset), source, depthMax - 1),
    )
  }
  return place.node === undefined ? null : readText(place, source)?.value
}
