/**
 * What keeps a text from being a name that people read and type: undefined: nothing.
 * @param lengthMax characters, not bytes
 */
export function complainOfText(value: string, lengthMax: number, isMultiline: boolean): string | undefined {
  if (value.trim() === '') {
    return 'must not be empty'
  }
  if ([...value].length > lengthMax) {
    return `is longer than ${lengthMax} characters`
  }
  if (!value.isWellFormed() || /\p{Cc}/u.test(isMultiline ? value.replace(/[\t\r\n]/g, '') : value)) {
    return 'must not hold control characters'
  }
  return !isMultiline && value !== value.trim() ? 'must not begin or end with a space' : undefined
}
