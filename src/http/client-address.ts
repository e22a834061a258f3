import { BlockList, isIP } from 'node:net'

export interface Origin {
  /** The first address from the right that is no trusted proxy; undefined: the connection is gone. */
  readonly address: string | undefined
  readonly isHttps: boolean
}

export type OriginOf = (remoteAddress: string | undefined, headers: ForwardedHeaders) => Origin

type ForwardedHeaders = Readonly<Record<string, string | string[] | undefined>>

/**
 * Where a request really comes from. `X-Forwarded-For` and `-Proto` are read only when the connection comes
 * from a trusted proxy, and from the right: what stands further left anybody can have written.
 * @param trustedProxies CIDR ranges or addresses
 * @throws RangeError an entry is neither
 */
export function createOriginOf(trustedProxies: readonly string[]): OriginOf {
  const trusted = new BlockList()
  for (const range of trustedProxies) addRange(trusted, range)

  function isTrusted(address: string): boolean {
    return trusted.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')
  }

  return (remoteAddress, headers) => {
    if (remoteAddress === undefined) return { address: undefined, isHttps: false }
    let address = plainAddress(remoteAddress) ?? remoteAddress
    if (trustedProxies.length === 0 || !isTrusted(address)) return { address, isHttps: false }
    for (const entry of entriesFromRight(headers['x-forwarded-for'])) {
      const forwarded = plainAddress(entry)
      if (forwarded === undefined) break
      address = forwarded
      if (!isTrusted(address)) break
    }
    const scheme = entriesFromRight(headers['x-forwarded-proto'])[0]
    return { address, isHttps: scheme?.toLowerCase() === 'https' }
  }
}

export function isLoopbackAddress(address: string | undefined): boolean {
  const plain = address === undefined ? undefined : plainAddress(address)
  return plain !== undefined && (plain === '::1' || (isIP(plain) === 4 && plain.startsWith('127.')))
}

function entriesFromRight(header: string | string[] | undefined): readonly string[] {
  const text = Array.isArray(header) ? header.join(',') : (header ?? '')
  const entries = text.split(',').map((entry) => entry.trim())
  return entries.filter((entry) => entry !== '').toReversed()
}

/** Without port, brackets, zone and the IPv4-in-IPv6 prefix; undefined: no address. */
function plainAddress(entry: string): string | undefined {
  const bare = /^\[([^\]]+)\](?::\d+)?$/.exec(entry)?.[1] ?? /^([\d.]+):\d+$/.exec(entry)?.[1] ?? entry
  const address = bare.replace(/%.*$/, '').replace(/^::ffff:(?=\d+\.)/i, '')
  return isIP(address) === 0 ? undefined : address
}

function addRange(list: BlockList, range: string): void {
  const [address = '', prefix] = range.split('/')
  const family = isIP(address)
  const bits = prefix === undefined ? (family === 6 ? 128 : 32) : Number(prefix)
  if (family === 0 || !Number.isInteger(bits) || prefix === '') {
    throw new RangeError(`not an address range: ${range}`)
  }
  list.addSubnet(address, bits, family === 6 ? 'ipv6' : 'ipv4')
}
