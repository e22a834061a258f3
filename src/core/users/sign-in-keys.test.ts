import { expect, test } from 'vitest'
import { signInKeys } from './sign-in-keys.ts'

test('compares names and addresses without case and in one Unicode form', () => {
  const decomposed = 'ZOE\u0308@Acme.example'
  expect(signInKeys(decomposed)).toEqual({
    userNameKey: 'zoë@acme.example',
    emailKey: 'zoë@acme.example',
    mobile: undefined,
  })
})

test('reads a number as every kind of name it may be', () => {
  expect(signInKeys('13800000001')).toEqual({
    userNameKey: '13800000001',
    emailKey: '13800000001',
    mobile: '+86-13800000001',
  })
})
