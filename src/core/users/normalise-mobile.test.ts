import { describe, expect, test } from 'vitest'
import { normaliseMobile, toE164 } from './normalise-mobile.ts'

describe('normaliseMobile', () => {
  test.each([
    ['13800000001'],
    ['138 0000 0001'],
    ['+8613800000001'],
    ['+86-13800000001'],
    ['+86 138-0000-0001'],
    [' +86-13800000001 '],
  ])('stores every spelling of one number alike: %s', (typed) => {
    expect(normaliseMobile(typed)).toBe('+86-13800000001')
  })

  test.each([
    ['+12015550123', '+1-2015550123'],
    ['+49 1512 3456789', '+49-15123456789'],
    ['+852 6123 4567', '+852-61234567'],
  ])('keeps the country of %s', (typed, stored) => {
    expect(normaliseMobile(typed)).toBe(stored)
  })

  test.each([
    [''],
    ['alice'],
    ['alice@acme.example'],
    ['12345'],
    ['2015550123'],
    ['+86'],
    ['+999123456789'],
    ['+86-13800000001;ext=5'],
    ['tel:+8613800000001'],
    [`+86${'1'.repeat(60)}`],
    ['+86-13800000001\0'],
  ])('knows that %j is no mobile number', (typed) => {
    expect(normaliseMobile(typed)).toBeUndefined()
  })

  test('leaves what is stored as it is', () => {
    expect(normaliseMobile('+86-15204130007')).toBe('+86-15204130007')
  })
})

test('toE164 gives gateways the number without the dash', () => {
  expect(toE164('+86-13800000001')).toBe('+8613800000001')
})
