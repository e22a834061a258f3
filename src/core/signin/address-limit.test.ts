import { expect, test } from 'vitest'
import { createTestClock } from '../../../test/support/test-clock.ts'
import { MINUTE_MS } from '../clock.ts'
import { defaultTenantSettings, type Tenant } from '../tenants/tenant.ts'
import { createAddressLimit, networkOf } from './address-limit.ts'

const tenant: Tenant = {
  id: 'acme',
  code: 'acme',
  name: 'Acme',
  domains: [],
  language: 'en',
  timeZone: 'UTC',
  settings: {
    ...defaultTenantSettings,
    signIn: { ...defaultTenantSettings.signIn, perAddressPerMinute: 2 },
  },
}

test('refuses an address beyond its limit until its minute is over', () => {
  const clock = createTestClock()
  const limit = createAddressLimit(clock)
  limit.count(tenant, '192.0.2.1')
  limit.count(tenant, '192.0.2.1')
  expect(() => limit.count(tenant, '192.0.2.1')).toThrowError(
    expect.objectContaining({ code: 'SDK.LOGIN.9002', retryAfterSeconds: 60 }),
  )
  clock.advance(MINUTE_MS)
  expect(() => limit.count(tenant, '192.0.2.1')).not.toThrow()
})

test('counts addresses and tenants apart', () => {
  const limit = createAddressLimit(createTestClock())
  for (const [who, address] of [
    [tenant, '192.0.2.1'],
    [tenant, '192.0.2.2'],
    [{ ...tenant, id: 'other' }, '192.0.2.1'],
  ] as const) {
    limit.count(who, address)
    limit.count(who, address)
    expect(() => limit.count(who, address)).toThrow()
  }
})

test('counts the addresses of one IPv6 network together', () => {
  const limit = createAddressLimit(createTestClock())
  limit.count(tenant, '2001:db8:0:1::1')
  limit.count(tenant, '2001:db8:0:1:ffff::2')
  expect(() => limit.count(tenant, '2001:DB8::1:0:0:0:3')).toThrow()
  expect(() => limit.count(tenant, '2001:db8:0:2::1')).not.toThrow()
})

test('does not limit calls whose address is unknown', () => {
  const limit = createAddressLimit(createTestClock())
  for (let call = 0; call < 5; call += 1) {
    expect(() => limit.count(tenant, undefined)).not.toThrow()
  }
})

test.each([
  ['192.0.2.1', '192.0.2.1'],
  ['::1', '0:0:0:0::/64'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['2001:0db8:0:0:1:2:3:4', '2001:db8:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
])('takes %s for %s', (address, network) => {
  expect(networkOf(address)).toBe(network)
})
