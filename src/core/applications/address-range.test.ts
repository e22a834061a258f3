import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type AddressRange, createAddressMatcher, parseAddressRange, plainAddress } from './address-range.ts'

function parse(text: string): AddressRange {
  const parsed = parseAddressRange(text)
  if ('complaint' in parsed) throw new Error(`${text} ${parsed.complaint}`)
  return parsed
}

const admits = (...ranges: readonly string[]) => createAddressMatcher(ranges.map(parse))

describe('a range of addresses', () => {
  it.each([
    ['198.51.100.7', 'ipv4', '198.51.100.7', 32],
    ['10.1.2.*', 'ipv4', '10.1.2.0', 24],
    ['192.0.2.0/24', 'ipv4', '192.0.2.0', 24],
    ['0.0.0.0/0', 'ipv4', '0.0.0.0', 0],
    ['2001:DB8:0:0::/32', 'ipv6', '2001:db8::', 32],
    ['2001:db8::1', 'ipv6', '2001:db8::1', 128],
    ['2001:db8:8000::/33', 'ipv6', '2001:db8:8000::', 33],
    ['::/0', 'ipv6', '::', 0],
  ] as const)('is read from %s', (text, family, network, prefix) => {
    expect(parseAddressRange(text)).toEqual({ family, network, prefix })
  })

  it.each([
    ['10.1.2', 'is no address'],
    ['010.1.2.3', 'is no address'],
    ['id.acme.example', 'is no address'],
    ['fe80::1%eth0', 'is no address'],
    ['192.0.2.0/', 'is no address'],
    ['192.0.2.0/+8', 'is no address'],
    ['192.0.2.0/24/24', 'is no address'],
    ['', 'is no address'],
    ['192.0.2.0/33', 'has no prefix that fits: write / and a number from 0 to 32'],
    ['192.0.2.0/024', 'has no prefix that fits'],
    ['2001:db8::/129', 'has no prefix that fits: write / and a number from 0 to 128'],
    ['10.*.2.1', 'has a * that is not the last number'],
    ['10.1.*.*', 'has a * that is not the last number'],
    ['10.1.2.1*', 'has a * that is not the last number'],
    ['10.1.2.*/24', 'has a * that is not the last number'],
    ['2001:db8::*', 'has a * that is not the last number'],
  ])('is not %s', (text, complaint) => {
    expect(parseAddressRange(text)).toEqual({ complaint: expect.stringContaining(complaint) })
  })

  it.each([
    ['192.0.2.7/24', '192.0.2.0/24'],
    ['192.0.2.129/25', '192.0.2.128/25'],
    ['10.0.0.1/0', '0.0.0.0/0'],
    ['2001:db8::1/32', '2001:db8::/32'],
    ['2001:db8:c000::/33', '2001:db8:8000::/33'],
    ['::ffff:10.1.2.3', '10.1.2.3'],
    ['::ffff:a01:200/120', '10.1.2.0/24'],
    ['::ffff:0:0/96', '0.0.0.0/0'],
  ])('is not %s, but probably %s', (text, suggestion) => {
    expect(parseAddressRange(text)).toEqual({ complaint: expect.any(String), suggestion })
    expect(parseAddressRange(suggestion)).not.toHaveProperty('complaint')
  })

  it('holds what begins like it, however the address is written, and nothing else', () => {
    const isAllowed = admits('10.1.2.*', '192.0.2.0/25', '2001:db8::/33', '198.51.100.7')
    const inside = ['10.1.2.0', '10.1.2.255', '::ffff:10.1.2.3', '::FFFF:a01:203', '0:0:0:0:0:ffff:10.1.2.3']
    inside.push('192.0.2.127', '2001:db8:7fff::1', '2001:0DB8:0::9', '198.51.100.7')
    expect(inside.filter((address) => !isAllowed(address))).toEqual([])
    const outside = ['10.1.3.0', '10.1.1.255', '192.0.2.128', '2001:db8:8000::', '198.51.100.8', '::10.1.2.3']
    outside.push('2001:db8::1%eth0', 'unknown', '', '10.1.2', '64:ff9b::10.1.2.3')
    expect(outside.filter(isAllowed)).toEqual([])
  })

  it('of one family holds no address of the other', () => {
    expect(['10.1.2.3', '::ffff:10.1.2.3'].filter(admits('::/0'))).toEqual([])
    expect(['2001:db8::1', '::', '::1'].filter(admits('0.0.0.0/0'))).toEqual([])
    expect(['255.255.255.255', '::ffff:0:0'].filter(admits('0.0.0.0/0'))).toHaveLength(2)
  })

  it('without any range holds nothing', () => {
    expect(admits()('10.1.2.3')).toBe(false)
  })

  it('agrees with arithmetic, for any address and prefix', () => {
    const number4 = (address: string) => address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)
    fc.assert(
      fc.property(fc.ipV4(), fc.ipV4(), fc.nat(32), (base, address, prefix) => {
        const parsed = parseAddressRange(`${base}/${prefix}`)
        const network = 'suggestion' in parsed ? (parsed.suggestion ?? '') : `${base}/${prefix}`
        const size = 2 ** (32 - prefix)
        const isInside = Math.floor(number4(base) / size) === Math.floor(number4(address) / size)
        expect(admits(network)(address)).toBe(isInside)
        expect(admits(network)(`::ffff:${address}`)).toBe(isInside)
        expect(admits(network)(base)).toBe(true)
      }),
    )
    const number6 = (address: string) => {
      const [left = '', right = ''] = (plainAddress(address) ?? '').split('::')
      const [high, low] = [left, right].map((half) => (half === '' ? [] : half.split(':')))
      const groups = [
        ...(high ?? []),
        ...Array(8 - (high ?? []).length - (low ?? []).length).fill('0'),
        ...(low ?? []),
      ]
      return groups.reduce((sum, group) => sum * 65_536n + BigInt(`0x${group}`), 0n)
    }
    const isMapped = (address: string) => plainAddress(address)?.includes('.') === true
    fc.assert(
      fc.property(fc.ipV6(), fc.ipV6(), fc.nat(128), (base, other, prefix) => {
        fc.pre(!isMapped(base) && !isMapped(other))
        const parsed = parseAddressRange(`${base}/${prefix}`)
        const network = 'suggestion' in parsed ? (parsed.suggestion ?? '') : `${base}/${prefix}`
        fc.pre(!('complaint' in parseAddressRange(network))) // ::ffff:0:0 and its like
        const shift = BigInt(128 - prefix)
        expect(admits(network)(other)).toBe(number6(base) >> shift === number6(other) >> shift)
        expect(admits(network)(base)).toBe(true)
      }),
    )
  })
})
