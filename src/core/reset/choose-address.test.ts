import { describe, expect, it } from 'vitest'
import { defaultTenantSettings, type Tenant } from '../tenants/tenant.ts'
import type { User } from '../users/user.ts'
import { chooseAddress, maskAddress, requireSendMode } from './choose-address.ts'

const tenant: Tenant = {
  id: 't',
  code: 'acme',
  name: 'Acme',
  domains: [],
  language: 'en',
  timeZone: 'UTC',
  settings: defaultTenantSettings,
}
const alice = { email: 'alice@acme.example', mobile: '+86-13800000001' } as User

describe('requireSendMode', () => {
  it.each([
    undefined,
    '',
    'email',
    'Email',
    'sms',
    ' SMS',
    'EMAIL,SMS',
    ['EMAIL', 'SMS'],
    ['EMAIL'],
    null,
    0,
    {},
  ])('refuses %j with MSG.0004', (sendMode) => {
    expect(() => requireSendMode(sendMode)).toThrow('MSG.0004 (mode_unknown)')
  })
})

describe('chooseAddress', () => {
  it('takes the contact that belongs to the mode', () => {
    expect(chooseAddress(tenant, alice, 'EMAIL')).toBe('alice@acme.example')
    expect(chooseAddress(tenant, alice, 'SMS')).toBe('+86-13800000001')
  })

  it('says which contact is missing, even when the mode is disabled too', () => {
    const settings = { ...defaultTenantSettings, reset: { ...defaultTenantSettings.reset, sendModes: [] } }
    const without = { ...alice, email: undefined, mobile: undefined }
    expect(() => chooseAddress({ ...tenant, settings }, without, 'EMAIL')).toThrow('USER.0012')
    expect(() => chooseAddress({ ...tenant, settings }, without, 'SMS')).toThrow('USER.0011')
    expect(() => chooseAddress({ ...tenant, settings }, alice, 'SMS')).toThrow('MSG.0004 (mode_disabled)')
  })

  it.each(['alice', 'a@b@c', 'a b@c', 'a@b\r\nBcc: x@y', '<a@b>', '@b'])(
    'refuses the malformed address %j',
    (email) => {
      expect(() => chooseAddress(tenant, { ...alice, email }, 'EMAIL')).toThrow('MSG.0004 (contact_invalid)')
    },
  )

  it.each(['13800000001', '+86 138', '+86-', '+86-138x'])('refuses the malformed number %j', (mobile) => {
    expect(() => chooseAddress(tenant, { ...alice, mobile }, 'SMS')).toThrow('MSG.0004 (contact_invalid)')
  })
})

describe('maskAddress', () => {
  it.each([
    ['EMAIL', 'alice@acme.example', 'a***@acme.example'],
    ['SMS', '+86-13800000001', '+86-138****0001'],
    ['SMS', '+352-12345', '+352-1****45'],
  ] as const)('shows of %s %s only %s', (mode, address, masked) => {
    expect(maskAddress(address, mode)).toBe(masked)
  })
})
