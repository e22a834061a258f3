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
  return Type.Unknown({
    [documentedAs]: documented,
    ...(isRequired ? { [documentedAsRequired]: true } : {}),
  })
}

/** One of these words. */
export function words(values: readonly string[], description: string): TSchema {
  return Type.Enum([...values], { type: 'string', description })
}
