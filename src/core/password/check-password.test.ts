import { describe, expect, it } from 'vitest'
import { ApiError } from '../../errors/api-error.ts'
import { Secret } from '../secret.ts'
import { defaultTenantSettings } from '../tenants/tenant.ts'
import { checkPassword, requirePasswordAllowed } from './check-password.ts'

const policy = { ...defaultTenantSettings.passwordPolicy, lengthMin: 8, lengthMax: 10, classesMin: 3 }

describe('checkPassword', () => {
  it('counts characters, not bytes or UTF-16 units', () => {
    expect(checkPassword(policy, new Secret('密码Aa1😀😀😀'))).toEqual([])
    expect(checkPassword(policy, new Secret('Aa1😀😀😀'))).toEqual([
      { rule: 'length', lengthMin: 8, lengthMax: 10 },
    ])
  })

  it('names every rule that is broken', () => {
    expect(checkPassword(policy, new Secret('aaa\n')).map((violation) => violation.rule)).toEqual([
      'length',
      'classes',
      'control_characters',
    ])
  })

  it('trims nothing: spaces at the ends count', () => {
    expect(checkPassword(policy, new Secret('  Aa1aa '))).toEqual([])
  })
})

describe('requirePasswordAllowed', () => {
  it.each([
    ['', 'PWD.0001'],
    ['Aa1', 'PWD.0002'],
    ['aaaaaaaaa', 'PWD.0005'],
  ])('answers %j with %s', (password, code) => {
    const error = catchError(() => requirePasswordAllowed(policy, new Secret(password)))
    expect(error).toBeInstanceOf(ApiError)
    expect(error).toMatchObject({ code })
  })
})

function catchError(act: () => void): unknown {
  try {
    act()
  } catch (error) {
    return error
  }
  return undefined
}
