import type { CharacterClass } from './character-classes.ts'

/** What every enabled gateway of a channel can carry as a variable: a gateway that steps in must carry it too. */
export interface ChannelLimits {
  /** Characters. */
  readonly lengthMax: number
  readonly classes: readonly CharacterClass[]
}

const classesOf = {
  digits: ['digit'],
  letters: ['upper', 'lower'],
  alphanumeric: ['upper', 'lower', 'digit'],
  any: ['upper', 'lower', 'digit', 'special'],
} as const satisfies Readonly<Record<string, readonly CharacterClass[]>>

export const noChannelLimits: ChannelLimits = { lengthMax: Number.POSITIVE_INFINITY, classes: classesOf.any }

/**
 * Limits of these gateways together, from the key `template_limits` of their settings. What is not set, or is not of
 * the right form (which `apply` refuses), limits nothing.
 */
export function combineLimits(settings: readonly Readonly<Record<string, unknown>>[]): ChannelLimits {
  return settings.map(readLimits).reduce(
    (all, one) => ({
      lengthMax: Math.min(all.lengthMax, one.lengthMax),
      classes: all.classes.filter((each) => one.classes.includes(each)),
    }),
    noChannelLimits,
  )
}

function readLimits(settings: Readonly<Record<string, unknown>>): ChannelLimits {
  const limits = settings.template_limits
  if (typeof limits !== 'object' || limits === null) {
    return noChannelLimits
  }
  const { variable_length_max: lengthMax, variable_characters: characters } = limits as Readonly<
    Record<string, unknown>
  >
  return {
    lengthMax: typeof lengthMax === 'number' ? lengthMax : noChannelLimits.lengthMax,
    classes: isCharacterSet(characters) ? classesOf[characters] : noChannelLimits.classes,
  }
}

function isCharacterSet(value: unknown): value is keyof typeof classesOf {
  return typeof value === 'string' && Object.hasOwn(classesOf, value)
}
