import { isScalar } from 'yaml'
import { substituteEnvironment } from './substitute-environment.ts'
import type { Place, YamlSource } from './yaml-source.ts'

/** What a value in the file may be, and how it becomes one of ours. */
export interface Shape<T> {
  /** For people: `text`, `whole number, 8 to 64`. */
  readonly type: string
  /** The keys inside, for documentation. */
  readonly fields?: Fields
  /** Undefined: it cannot be used, and the source knows why. */
  read(place: Place, source: YamlSource): T | undefined
}

/** One key of an object. */
export interface Field<T, IsRequired extends boolean = boolean> {
  readonly shape: Shape<T>
  readonly isRequired: IsRequired
  /** What the key is when the tenant or entry is new and the file does not have it. */
  readonly defaultText: string
  readonly effect: string
  readonly example: string
  /** Values that are kept now and begin to act with a later release; none: undefined. */
  readonly isWithoutEffect?: (value: unknown) => boolean
}
export type Fields = Readonly<Record<string, Field<unknown>>>

export interface FieldText {
  readonly effect: string
  readonly example: string
}

export function required<T>(shape: Shape<T>, text: FieldText): Field<T, true> {
  return { shape, isRequired: true, defaultText: 'required', ...text }
}

/** `null` in the file gives the default; a key that is absent leaves what is stored. */
export function optional<T>(
  shape: Shape<T>,
  text: FieldText & { readonly defaultText: string; readonly isWithoutEffect?: (value: unknown) => boolean },
): Field<T, false> {
  return { shape, isRequired: false, ...text }
}

/** Text as a message may show it: what the environment gave is shown by the variable's name. */
export interface ReadText {
  readonly value: string
  readonly shown: string
}

/** The text of a scalar with the environment put in; anything else is reported. */
export function readText(place: Place, source: YamlSource): ReadText | undefined {
  if (!isScalar(place.node) || typeof place.node.value !== 'string') {
    source.report(
      place,
      isScalar(place.node) ? notText(place.node.value) : 'must be text, not a list or keys',
    )
    return undefined
  }
  const written = place.node.value
  const substitution = substituteEnvironment(written, source.environment)
  if ('complaint' in substitution) {
    source.report(place, substitution.complaint)
    return undefined
  }
  const { text, isSubstituted } = substitution
  const shown = JSON.stringify(isSubstituted ? written : text)
  return { value: text, shown: shown.length > 80 ? `${shown.slice(0, 76)}…"` : shown }
}

function notText(value: unknown): string {
  return value === null ? 'must be text: it is empty' : 'must be text: put quotes around it'
}

/** A key that stands there without a value, or says `null`. */
export function isNull(place: Place): boolean {
  return place.node === undefined || (isScalar(place.node) && place.node.value === null)
}
