import { type TSchema, type TUnknown, Type } from 'typebox'

/** Keywords that `lenient` leaves in a schema for the reference; TypeBox passes over them. */
export const documentedAs = 'x-documented'
export const documentedAsRequired = 'x-required'

/**
 * A value that comes through whatever it is, because the operation answers a wrong or missing one with a code of its
 * own. `documented` is what the reference says of it.
 */
export function lenient(
  documented: TSchema,
  { isRequired = false }: { readonly isRequired?: boolean } = {},
): TUnknown {
  return Type.Unknown(isRequired ? neededAs(documented) : { [documentedAs]: documented })
}

/**
 * Options of an optional schema whose value the operation needs all the same, because it answers its absence with a code of
 * its own; other types are refused like everywhere.
 */
export function neededAs(documented: TSchema): Readonly<Record<string, unknown>> {
  return { [documentedAs]: documented, [documentedAsRequired]: true }
}

/** A needed text; null and empty are as if absent. */
export function neededText(description: string, example: string) {
  const documented = Type.String({ description, examples: [example] })
  return Type.Optional(Type.Union([Type.String(), Type.Null()], neededAs(documented)))
}

/** One of these words. */
export function words(values: readonly string[], description: string): TSchema {
  return Type.Enum([...values], { type: 'string', description })
}
