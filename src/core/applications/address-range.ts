import { BlockList, isIP, isIPv6 } from 'node:net'

/** Addresses with the same first `prefix` bits. */
export interface AddressRange {
  readonly family: 'ipv4' | 'ipv6'
  /** The first of them, in its shortest form. */
  readonly network: string
  readonly prefix: number
}

/** Why a text is no range, and what its writer probably means. */
export interface RangeComplaint {
  readonly complaint: string
  readonly suggestion?: string
}

const FORMS = '192.0.2.7, 192.0.2.*, 192.0.2.0/24 or 2001:db8::/32'

/** One address, a range by its prefix, or an IPv4 range whose last number is `*`. */
export function parseAddressRange(text: string): AddressRange | RangeComplaint {
  if (text.includes('*')) {
    return parseStar(text)
  }
  const [, written = '', prefixText] = /^([^/%]+)(?:\/(\d{1,3}))?$/.exec(text) ?? []
  const address = plainAddress(written)
  if (address === undefined) {
    return { complaint: `is no address and no range: write one such as ${FORMS}` }
  }
  const bitsMax = isIPv6(address) ? 128 : 32
  const prefix = Number(prefixText ?? bitsMax)
  if (isIPv6(written) && bitsMax === 32) {
    const end = prefixText === undefined ? '' : prefix >= 96 ? `/${prefix - 96}` : '/0'
    const complaint = 'is an IPv4 address in an IPv6 one: write it as IPv4'
    return { complaint, suggestion: `${address}${end}` }
  }
  if (prefix > bitsMax || (prefixText?.length ?? 0) > String(prefix).length) {
    return { complaint: `has no prefix that fits: write / and a number from 0 to ${bitsMax}` }
  }
  const family = bitsMax === 32 ? 'ipv4' : 'ipv6'
  const network = networkOf(address, prefix)
  return network === address
    ? { family, network, prefix }
    : {
        complaint: 'has bits beyond its prefix: write the first address of the range',
        suggestion: `${network}/${prefix}`,
      }
}

/** The address in its shortest form, an IPv4 address in an IPv6 one as IPv4; undefined: it is none. */
export function plainAddress(text: string): string | undefined {
  const family = text.includes('%') ? 0 : isIP(text)
  if (family !== 6) {
    return family === 0 ? undefined : text
  }
  const shortest = new URL(`http://[${text}]`).hostname.slice(1, -1)
  const [, high, low] = /^::ffff:([\da-f]{1,4}):([\da-f]{1,4})$/.exec(shortest) ?? []
  return high === undefined || low === undefined
    ? shortest
    : fromBytes([high, low].flatMap((group) => bytesOf(Number.parseInt(group, 16))))
}

/** Whether an address lies in one of the ranges. Built once and asked often. */
export function createAddressMatcher(ranges: readonly AddressRange[]): (address: string) => boolean {
  // one for each family: in one list, Node lets a range of IPv6 addresses take IPv4 ones
  const lists = { ipv4: new BlockList(), ipv6: new BlockList() }
  for (const { family, network, prefix } of ranges) {
    lists[family].addSubnet(network, prefix, family)
  }
  return (address) => {
    const plain = plainAddress(address)
    if (plain === undefined) {
      return false
    }
    const family = isIPv6(plain) ? 'ipv6' : 'ipv4'
    return lists[family].check(plain, family)
  }
}

function parseStar(text: string): AddressRange | RangeComplaint {
  const network = text.replace(/\*$/, '0')
  return isIP(network) === 4 && text.endsWith('.*')
    ? { family: 'ipv4', network, prefix: 24 }
    : {
        complaint:
          'has a * that is not the last number of an IPv4 address: write a prefix such as 10.1.0.0/16',
      }
}

/** All bits after the prefix are 0. */
function networkOf(address: string, prefix: number): string {
  const bytes = isIPv6(address) ? ipv6Bytes(address) : address.split('.').map(Number)
  const masked = bytes.map((byte, index) => byte & (0xff00 >> Math.min(8, Math.max(0, prefix - index * 8))))
  return fromBytes(masked.map((byte) => byte & 0xff))
}

function ipv6Bytes(address: string): readonly number[] {
  const [left = [], right = []] = address
    .split('::')
    .map((half) => (half === '' ? [] : half.split(':').map((group) => Number.parseInt(group, 16))))
  const zeros = Array<number>(8 - left.length - right.length).fill(0)
  return [...left, ...zeros, ...right].flatMap(bytesOf)
}

function bytesOf(group: number): readonly number[] {
  return [group >> 8, group & 0xff]
}

function fromBytes(bytes: readonly number[]): string {
  if (bytes.length === 4) {
    return bytes.join('.')
  }
  const groups = Array.from({ length: 8 }, (_, index) =>
    (((bytes[index * 2] ?? 0) << 8) | (bytes[index * 2 + 1] ?? 0)).toString(16),
  )
  return new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1)
}
