import { describe, expect, it } from 'vitest'
import { createOriginOf, isLoopbackAddress } from './client-address.ts'

describe('createOriginOf', () => {
  const originOf = createOriginOf(['10.0.0.0/8', 'fd00::/8', '127.0.0.1'])

  it('believes no forwarded header from an address that is no trusted proxy', () => {
    const forged = { 'x-forwarded-for': '192.0.2.1', 'x-forwarded-proto': 'https' }
    expect(originOf('198.51.100.7', forged)).toEqual({ address: '198.51.100.7', isHttps: false })
    expect(createOriginOf([])('127.0.0.1', forged)).toEqual({ address: '127.0.0.1', isHttps: false })
  })

  it('takes the rightmost address that is no trusted proxy, however much is forged left of it', () => {
    const headers = {
      'x-forwarded-for': '1.1.1.1, 203.0.113.9, 10.1.1.1',
      'x-forwarded-proto': 'http, https',
    }
    expect(originOf('10.2.2.2', headers)).toEqual({ address: '203.0.113.9', isHttps: true })
  })

  it.each([
    ['203.0.113.9:4711', '203.0.113.9'],
    ['[2001:db8::1]:4711', '2001:db8::1'],
    ['::ffff:203.0.113.9', '203.0.113.9'],
    ['unknown', '10.2.2.2'],
    ['203.0.113.9, nonsense', '10.2.2.2'],
    ['', '10.2.2.2'],
    ['10.9.9.9', '10.9.9.9'],
  ])('reads X-Forwarded-For: %s as %s', (header, address) => {
    expect(originOf('10.2.2.2', { 'x-forwarded-for': header }).address).toBe(address)
  })

  it('knows trusted proxies by IPv6 and by IPv4 inside IPv6', () => {
    const headers = { 'x-forwarded-for': '203.0.113.9' }
    expect(originOf('fd00::5', headers).address).toBe('203.0.113.9')
    expect(originOf('::ffff:10.0.0.5', headers).address).toBe('203.0.113.9')
  })

  it.each(['10.0.0.0/', '10.0.0.0/33', 'proxy.example', ''])('refuses the range %j', (range) => {
    expect(() => createOriginOf([range])).toThrow(RangeError)
  })
})

describe('isLoopbackAddress', () => {
  it('knows loopback in every spelling, and nothing else', () => {
    expect(['127.0.0.1', '127.9.9.9', '::1', '::ffff:127.0.0.1'].every(isLoopbackAddress)).toBe(true)
    expect(['10.0.0.1', '::', '12.7.0.1', 'localhost', undefined].some(isLoopbackAddress)).toBe(false)
  })
})
