const characterSets = ['digits', 'letters', 'alphanumeric', 'any']
const LENGTH_MAX = 1_000

/**
 * What is wrong with `template_limits`: what the vendor's approved template takes as one variable. Generated passwords
 * stay within it (`core/password/channel-limits.ts`).
 */
export function validateTemplateLimits(value: unknown): readonly string[] {
  if (value === undefined || value === null) {
    return []
  }
  if (typeof value !== 'object' || Array.isArray(value)) {
    return [
      'template_limits must be keys with values, such as { variable_length_max: 20, variable_characters: alphanumeric }',
    ]
  }
  const {
    variable_length_max: lengthMax,
    variable_characters: characters,
    ...others
  } = value as Readonly<Record<string, unknown>>
  const problems = Object.keys(others).map(
    (key) => `template_limits.${key} is no key: use variable_length_max, variable_characters`,
  )
  if (
    isSet(lengthMax) &&
    !(Number.isInteger(lengthMax) && Number(lengthMax) >= 1 && Number(lengthMax) <= LENGTH_MAX)
  ) {
    problems.push(
      `template_limits.variable_length_max must be a whole number of characters from 1 to ${LENGTH_MAX}`,
    )
  }
  if (isSet(characters) && !characterSets.includes(String(characters))) {
    problems.push(`template_limits.variable_characters must be ${characterSets.join(', ')}`)
  }
  return problems
}

function isSet(value: unknown): boolean {
  return value !== undefined && value !== null
}
