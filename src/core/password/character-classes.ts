/** The contract's four classes (section 5): whatever is no letter or digit counts as special. */
export type CharacterClass = 'digit' | 'upper' | 'lower' | 'special'

export function classOf(character: string): CharacterClass {
  if (/\p{Nd}/u.test(character)) {
    return 'digit'
  }
  if (/\p{Lu}/u.test(character)) {
    return 'upper'
  }
  if (/\p{Ll}/u.test(character)) {
    return 'lower'
  }
  return 'special'
}

export function classesIn(text: string): ReadonlySet<CharacterClass> {
  return new Set([...text].map(classOf))
}
