import { isStorableText } from './users/is-storable-text.ts'

/** Characters as JSON; attributes are short texts, numbers and lists of those. */
const EXTENSION_LENGTH_MAX = 16_384
const EXTENSION_LEVELS_MAX = 8

/** Whether both databases keep further attributes as they are given, and cheaply. */
export function isStorableExtension(extension: object): boolean {
  // the levels first: JSON.stringify goes as deep as what it is given
  return (
    isStorableValue(extension, EXTENSION_LEVELS_MAX) &&
    JSON.stringify(extension).length <= EXTENSION_LENGTH_MAX
  )
}

function isStorableValue(value: unknown, levels: number): boolean {
  if (typeof value === 'string') {
    return isStorableText(value)
  }
  if (typeof value !== 'object' || value === null) {
    return true
  }
  const entries = Object.entries(value)
  return (
    levels > 0 && entries.every(([key, each]) => isStorableText(key) && isStorableValue(each, levels - 1))
  )
}
