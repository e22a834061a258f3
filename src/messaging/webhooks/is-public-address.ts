import ipaddr from 'ipaddr.js'

/** Azure's platform service for its machines: public by number, and reachable from inside only. */
const metadataServices = ['168.63.129.16']

/** Global unicast: the one block of IPv6 from which addresses are given out. */
const GLOBAL_UNICAST = ipaddr.parseCIDR('2000::/3')

/** Of what a NAT64 translates: the IPv4 address stands in the last 32 bits. */
const NAT64 = ipaddr.parseCIDR('64:ff9b::/96')

/**
 * Whether an IP address is one of the public internet. Private, loopback, link-local (with it the metadata services of
 * clouds), shared (carrier NAT), multicast and reserved ones are not, neither as IPv4 nor as IPv6, nor IPv4 mapped into
 * IPv6; of addresses that a NAT64 translates the IPv4 address inside counts.
 */
export function isPublicAddress(text: string): boolean {
  if (!ipaddr.isValid(text)) {
    return false
  }
  const address = ipaddr.process(text)
  if (address instanceof ipaddr.IPv4) {
    return address.range() === 'unicast' && !metadataServices.includes(address.toString())
  }
  if (address.match(NAT64)) {
    return isPublicAddress(ipaddr.fromByteArray(address.toByteArray().slice(12)).toString())
  }
  return address.range() === 'unicast' && address.match(GLOBAL_UNICAST)
}
