import { ApiError } from '../../errors/api-error.ts'
import type { SendMode, Tenant } from '../tenants/tenant.ts'
import type { User } from '../users/user.ts'

// Only what a mail header or an SMS gateway could not carry is refused here: addresses were checked when they were stored
const mailAddress = /^[^\s@<>,;:"()[\]\\\p{Cc}]{1,64}@[^\s@<>,;:"()[\]\\\p{Cc}]{1,253}$/u
const mobileNumber = /^(\+\d{1,3})-\d{4,14}$/

/** The mode exactly as the contract spells it; everything else, or none, or two, is refused before anybody is looked up. */
export function requireSendMode(sendMode: unknown): SendMode {
  if (sendMode !== 'EMAIL' && sendMode !== 'SMS') {
    throw new ApiError('MSG.0004', { detail: 'mode_unknown' })
  }
  return sendMode
}

/**
 * The user's own address for this mode, checked against the tenant's sending rules; no address ever comes from a request.
 * @throws ApiError USER.0012 no e-mail, USER.0011 no mobile, MSG.0004 with detail mode_disabled or contact_invalid
 */
export function chooseAddress(tenant: Tenant, user: User, sendMode: SendMode): string {
  const address = sendMode === 'EMAIL' ? user.email : user.mobile
  if (address === undefined || address === '') {
    throw new ApiError(sendMode === 'EMAIL' ? 'USER.0012' : 'USER.0011')
  }
  if (!tenant.settings.reset.sendModes.includes(sendMode)) {
    throw new ApiError('MSG.0004', { detail: 'mode_disabled' })
  }
  const isValid = sendMode === 'EMAIL' ? mailAddress.test(address) : mayText(tenant, address)
  if (!isValid) {
    throw new ApiError('MSG.0004', { detail: 'contact_invalid' })
  }
  return address
}

/** A number that an SMS gateway could carry, of a country that the tenant sends to; an empty list means all. */
function mayText({ settings }: Pick<Tenant, 'settings'>, mobile: string): boolean {
  const country = mobileNumber.exec(mobile)?.[1]
  const { smsCountries } = settings.reset
  return country !== undefined && (smsCountries.length === 0 || smsCountries.includes(country))
}

/** For people who need to recognise an address without learning it: `a***@acme.example`, `+86-138****0001`. */
export function maskAddress(address: string, sendMode: SendMode): string {
  if (sendMode === 'EMAIL') {
    const at = address.lastIndexOf('@')
    return `${[...address][0] ?? ''}***${address.slice(at)}`
  }
  const [country = '', number = ''] = address.split('-')
  const shown = number.length >= 9 ? 3 : 1
  return `${country}-${number.slice(0, shown)}****${number.slice(-Math.min(4, shown + 1))}`
}
