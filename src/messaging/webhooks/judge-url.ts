import { isIP } from 'node:net'
import type { FailureReason } from '../../core/webhooks/event-poster.ts'
import { isPublicAddress } from './is-public-address.ts'

/** Exact host names, lower case, that may be private and need no TLS: `REKEY_WEBHOOK_PRIVATE_HOSTS`. */
export type PrivateHosts = readonly string[]

/** The host of an address as it is looked up and compared: lower case, IPv6 without brackets. */
export function hostOf(url: URL): string {
  return url.hostname.toLowerCase().replace(/^\[|\]$/g, '')
}

/** What already the address itself says against sending there; undefined: nothing. */
export function judgeUrl(url: URL, privateHosts: PrivateHosts): FailureReason | undefined {
  const host = hostOf(url)
  if (privateHosts.includes(host)) {
    return undefined
  }
  if (url.protocol !== 'https:') {
    return 'http_not_allowed'
  }
  return isIP(host) !== 0 && !isPublicAddress(host) ? 'private_address' : undefined
}

/** For the tenant file: what is wrong with a webhook's address; undefined: nothing. */
export function complainOfWebhookUrl(text: string, privateHosts: PrivateHosts): string | undefined {
  const url = URL.parse(text)
  if (url === null || !['https:', 'http:'].includes(url.protocol)) {
    return 'is no address: write https:// with host and path'
  }
  if (url.username !== '' || url.password !== '') {
    return 'must not hold a user or password: the signature proves who sends'
  }
  if (url.hash !== '') {
    return 'must not have a fragment: it is never sent'
  }
  switch (judgeUrl(url, privateHosts)) {
    case undefined:
      return undefined
    case 'http_not_allowed':
      return `must begin with https://; http:// is for hosts that REKEY_WEBHOOK_PRIVATE_HOSTS names, and ${hostOf(url)} is none`
    default:
      return `leads to a private address: name ${hostOf(url)} in REKEY_WEBHOOK_PRIVATE_HOSTS if that is meant`
  }
}
