import { describe, expect, it } from 'vitest'
import { Secret } from '../secret.ts'
import { defaultTenantSettings } from '../tenants/tenant.ts'
import { checkPassword } from './check-password.ts'
import { wordOf } from './violation-texts.ts'

const policy = { ...defaultTenantSettings.passwordPolicy, lengthMin: 8, lengthMax: 10, classesMin: 3 }
const wide = { ...policy, lengthMin: 1, lengthMax: 64, classesMin: 0, repeatsMax: 0 }
const alice = {
  userName: 'Alice.M',
  name: 'Alice Miller-Öz',
  email: 'amiller@acme.example',
  mobile: '+86-13800000001',
}

function words(password: string, about: Partial<typeof alice> = {}, change: Partial<typeof policy> = {}) {
  return checkPassword({ ...wide, ...change }, new Secret(password), { ...alice, ...about }).map(wordOf)
}

describe('checkPassword', () => {
  it('counts characters, not bytes or UTF-16 units', () => {
    expect(checkPassword(policy, new Secret('密码Aa1😀😀😀'), alice)).toEqual([])
    expect(checkPassword(policy, new Secret('Aa1😀😀😀'), alice)).toEqual([
      { rule: 'length', lengthMin: 8, lengthMax: 10 },
    ])
  })

  it('names every rule that is broken', () => {
    expect(checkPassword(policy, new Secret('aaaa\n'), alice).map(wordOf)).toEqual([
      'length',
      'classes',
      'control_characters',
      'repeats',
    ])
  })

  it('trims nothing: spaces at the ends count', () => {
    expect(checkPassword(policy, new Secret('  Aa1aa '), alice)).toEqual([])
  })

  it.each([
    ['aaa', 3, []],
    ['aaab-aaaa', 3, ['repeats']],
    ['aAaA', 1, []],
    ['😀😀', 1, ['repeats']],
    ['aaaaaaaaaaaaaaaa', 0, []],
  ])('with %j and at most %i alike in a row says %j', (password, repeatsMax, expected) => {
    expect(words(password, {}, { repeatsMax })).toEqual(expected)
  })

  it.each([
    ['aLICE.m', ['is_user_name']],
    ['m.ECILA', ['is_user_name_reversed']],
    ['x-ALICE.M-x', ['contains_user_name', 'contains_name']],
    ['x-m.ecila-x', ['contains_user_name']],
    ['my13800000001', ['contains_mobile']],
    ['my138-0000 0001', ['contains_mobile']],
    ['+8613800000001', ['contains_mobile']],
    ['xAMillerx', ['contains_email', 'contains_name']],
    ['ａｌｉｃｅ in full width', ['contains_name']],
    ['ÖZ counts beyond ASCII', ['contains_name']],
    ['nothing of hers', []],
    ['acme.example', []],
  ])('judges %j by what is known of the user: %j', (password, expected) => {
    expect(words(password)).toEqual(expected)
    expect(words(password, {}, { userInfo: 'allow' })).toEqual([])
  })

  it('leaves parts alone that stand in too many words, and what the user does not have', () => {
    const al = { userName: 'al', name: 'Al B', email: undefined, mobile: undefined }
    expect(checkPassword(wide, new Secret('alphabet al b @'), al)).toEqual([])
    expect(checkPassword(wide, new Secret('AL'), al).map(wordOf)).toEqual(['is_user_name'])
    expect(words('密码-王伟-1', { name: '王伟' })).toEqual(['contains_name'])
  })
})
