import { getCountries, getCountryCallingCode } from 'libphonenumber-js/min'
import type { Language, Tenant } from '../tenants/tenant.ts'

export interface CountryCode {
  /** ISO 3166-1, two letters. */
  readonly country: string
  readonly name: string
  /** With its plus: `+86`. */
  readonly callingCode: string
}

/** Countries whose mobile numbers the tenant sends SMS to, by name in the reader's language. */
export function listCountryCodes(
  { settings }: Pick<Tenant, 'settings'>,
  language: Language,
): readonly CountryCode[] {
  const { smsCountries } = settings.reset
  const names = new Intl.DisplayNames(language, { type: 'region' })
  return getCountries()
    .map((country) => ({
      country,
      name: names.of(country) ?? country,
      callingCode: `+${getCountryCallingCode(country)}`,
    }))
    .filter(({ callingCode }) => smsCountries.length === 0 || smsCountries.includes(callingCode))
    .toSorted((left, right) => left.name.localeCompare(right.name, language))
}
