import { isScalar } from 'yaml'
import { complainOfText } from '../complain-of-text.ts'
import { Secret } from '../secret.ts'
import { nearestWord } from './nearest-word.ts'
import { readText, type Shape } from './shape.ts'

export interface TextRules {
  readonly type?: string
  /** Characters. */
  readonly lengthMax?: number
  readonly isMultiline?: boolean
  /** What is kept of a value; undefined: it is not of this form. */
  readonly normalise?: (text: string) => string | undefined
  /** Follows the value in the report: `is no host name: write it without protocol and port`. */
  readonly complaint?: string
}

/** One line of text without control characters or space at its ends, unless the rules say otherwise. */
export function text(rules: TextRules = {}): Shape<string> {
  const lengthMax = rules.lengthMax ?? 255
  return {
    type: rules.type ?? 'text',
    read(place, source) {
      const read = readText(place, source)
      if (read === undefined) {
        return undefined
      }
      const complaint = complainOfText(read.value, lengthMax, rules.isMultiline === true)
      if (complaint !== undefined) {
        source.report(place, complaint)
        return undefined
      }
      const normalised = rules.normalise === undefined ? read.value : rules.normalise(read.value)
      if (normalised === undefined) {
        source.report(place, `${read.shown} ${rules.complaint ?? 'is not of the right form'}`)
      }
      return normalised
    },
  }
}

/** Never shown, by nobody. */
export function secretText(rules: {
  readonly lengthMin: number
  readonly lengthMax: number
  /** What to do about one that is too short. */
  readonly remedy?: string
}): Shape<Secret> {
  return {
    type: rules.lengthMin > 1 ? `secret text, at least ${rules.lengthMin} characters` : 'secret text',
    read(place, source) {
      const read = readText(place, source)
      const length = [...(read?.value ?? '')].length
      if (read === undefined) {
        return undefined
      }
      if (length < rules.lengthMin || length > rules.lengthMax) {
        source.report(
          place,
          `must have ${rules.lengthMin} to ${rules.lengthMax} characters; it has ${length}${length < rules.lengthMin && rules.remedy !== undefined ? `: ${rules.remedy}` : ''}`,
        )
        return undefined
      }
      return new Secret(read.value)
    },
  }
}

export function wholeNumber(min: number, max: number): Shape<number> {
  return {
    type: `whole number, ${min} to ${max}`,
    read(place, source) {
      const value = isScalar(place.node) ? place.node.value : undefined
      if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < min || value > max) {
        const hint = typeof value === 'string' && /^\d+$/.test(value) ? ', without quotes' : ''
        source.report(place, `must be a whole number from ${min} to ${max}${hint}`)
        return undefined
      }
      return value
    },
  }
}

export function yesOrNo(): Shape<boolean> {
  return {
    type: '`true`, `false`',
    read(place, source) {
      const value = isScalar(place.node) ? place.node.value : undefined
      if (typeof value !== 'boolean') {
        source.report(place, 'must be true or false, without quotes')
        return undefined
      }
      return value
    },
  }
}

export function oneOf<const T extends string>(words: readonly T[]): Shape<T> {
  return {
    type: words.map((word) => `\`${word}\``).join(', '),
    read(place, source) {
      const read = readText(place, source)
      if (read === undefined) {
        return undefined
      }
      const found = words.find((word) => word === read.value)
      if (found === undefined) {
        const nearest = words.length > 1 ? nearestWord(read.value, words) : undefined
        const hint = nearest === undefined ? '' : `; did you mean ${nearest}?`
        source.report(place, `${read.shown} is not known: write ${listWords(words)}${hint}`)
      }
      return found
    },
  }
}

function listWords(words: readonly string[]): string {
  return words.length === 1 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`
}
