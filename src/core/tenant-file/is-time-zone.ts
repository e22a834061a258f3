/** Whether this Node knows it as an IANA name; offsets such as `+08:00` are refused, for they know no summer time. */
export function isTimeZone(text: string): boolean {
  if (!/^[A-Za-z]/.test(text)) {
    return false
  }
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone !== ''
  } catch (error) {
    if (error instanceof RangeError) {
      return false
    }
    throw error
  }
}
