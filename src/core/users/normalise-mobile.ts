import { parsePhoneNumberFromString } from 'libphonenumber-js/min'

// longer texts are no phone numbers; what is typed by strangers is not parsed at any length
const LENGTH_MAX = 40

/**
 * The stored form of a mobile number, `+{country code}-{number}`; undefined: this is no phone number. Bare numbers are
 * mainland mobile numbers, as the contract takes them (section 0).
 */
export function normaliseMobile(text: string): string | undefined {
  const trimmed = text.trim()
  if (trimmed.length > LENGTH_MAX || !/^\+?[\d\s().-]+$/.test(trimmed)) {
    return undefined
  }
  const international = trimmed.startsWith('+') ? trimmed : withMainlandCode(trimmed)
  if (international === undefined) {
    return undefined
  }
  const number = parsePhoneNumberFromString(international, { extract: false })
  // possible, not valid: numbering plans grow faster than the tables that know them
  return number?.isPossible() === true ? `+${number.countryCallingCode}-${number.nationalNumber}` : undefined
}

/** What gateways take: `+8613800000001` for `+86-13800000001`. */
export function toE164(stored: string): string {
  return stored.replace('-', '')
}

function withMainlandCode(bare: string): string | undefined {
  const digits = bare.replace(/\D/g, '')
  return /^1[3-9]\d{9}$/.test(digits) ? `+86${digits}` : undefined
}
