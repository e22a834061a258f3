import { describe, expect, it } from 'vitest'
import { isStorableText } from './is-storable-text.ts'

describe('isStorableText', () => {
  it('takes every text that both databases can hold', () => {
    expect(['', 'alice', '用户', '\u{1f511}', '\n', "'; --"].every(isStorableText)).toBe(true)
  })

  it('refuses a null character and half a character', () => {
    expect(['a\0b', '\0', '\ud800', 'a\udc00b'].some(isStorableText)).toBe(false)
  })
})
