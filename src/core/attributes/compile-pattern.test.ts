import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compilePattern, complainOfPattern } from './compile-pattern.ts'

describe('compilePattern', () => {
  it.each([
    ['[A-Z]\\d{5}', ['A12345'], ['a12345', 'A1234', 'A123456', 'xA12345', '']],
    ['^E-\\d+$', ['E-1', 'E-123'], ['E-', 'E-1x', '^E-1$']],
    ['(?:ab|c)*', ['', 'ab', 'abcc'], ['a', 'abb']],
    ['a?b{2,3}', ['bb', 'abbb'], ['b', 'abbbb']],
    ['\\p{Script=Han}{2,4}', ['王小明'], ['王', 'Wang']],
    ['.', ['a', '💥', '\n'], ['', 'ab']],
    ['[^\\]x]+', ['abc'], ['a]', 'x']],
    ['a\\.b\\$', ['a.b$'], ['axb$', 'a.b']],
    ['(a|)(b|)', ['', 'a', 'b', 'ab'], ['ba']],
    ['(?:a*)*', ['', 'aaa'], ['b']],
    ['a{2,}', ['aa', 'aaaa'], ['a']],
    ['', [''], ['a']],
  ])('%s takes what it says, and nothing else', (pattern, good, bad) => {
    const matches = compilePattern(pattern)
    expect([...good, ...bad].map(matches)).toEqual([...good.map(() => true), ...bad.map(() => false)])
  })

  it('agrees with the expressions of JavaScript', () => {
    const atom = fc.constantFrom('a', 'b', '.', '[ab]', '[^a]', '\\d', '(?:a|bc)', '(?:ab)', '1')
    const repeat = fc.constantFrom('', '*', '+', '?', '{2}', '{1,3}', '{2,}')
    const sequence = fc.array(
      fc.tuple(atom, repeat).map(([one, times]) => one + times),
      { maxLength: 5 },
    )
    const pattern = fc
      .array(
        sequence.map((parts) => parts.join('')),
        { minLength: 1, maxLength: 3 },
      )
      .map((parts) => parts.join('|'))
    const value = fc.string({ unit: fc.constantFrom('a', 'b', 'c', '1'), maxLength: 8 })
    fc.assert(
      fc.property(pattern, value, (written, text) => {
        expect(compilePattern(written)(text)).toBe(new RegExp(`^(?:${written})$`, 'su').test(text))
      }),
    )
  })

  it.each([
    ['(a+)+', 'b'],
    ['(a|a)*', 'b'],
    ['(?:a*){20}', 'b'],
    ['(?:a?){200}a{200}', ''],
    ['(?:.*,){9}x', ','],
  ])('%s ends soon on a long value that nearly matches', (pattern, end) => {
    const matches = compilePattern(pattern)
    const startedAt = performance.now()
    matches('a'.repeat(999) + end)
    matches(','.repeat(999) + end)
    // far above what it takes, far below what going back would
    expect(performance.now() - startedAt).toBeLessThan(5_000)
  })

  it('takes no value of more than 1,000 characters', () => {
    const matches = compilePattern('a*')
    expect([matches('a'.repeat(1_000)), matches('a'.repeat(1_001))]).toEqual([true, false])
  })

  it.each([
    '(',
    ')',
    'a)',
    '[a',
    'a**',
    'a+?',
    '*a',
    'a{3,2}',
    'a{1001}',
    'x{',
    '\\1',
    '(?=a)',
    '(?<n>a)',
    '\\b',
    'a^b',
    'a$b',
    '[b-a]',
    '\\p{Nothing}',
    '(?:a{100}){100}',
    'a'.repeat(201),
  ])('complains of %s', (pattern) => {
    expect(complainOfPattern(pattern)).toEqual(expect.any(String))
  })
})
