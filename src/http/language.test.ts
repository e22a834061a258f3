import { describe, expect, it } from 'vitest'
import { languageOf } from './language.ts'

describe('languageOf', () => {
  it.each([
    [{}, 'en'],
    [{ 'x-l': 'zh' }, 'zh'],
    [{ 'x-l': 'zh-CN', 'accept-language': 'en' }, 'zh'],
    [{ 'x-l': 'en', 'accept-language': 'zh' }, 'en'],
    [{ 'x-l': 'fr', 'accept-language': 'zh_TW' }, 'zh'],
    [{ 'accept-language': 'fr, zh;q=0.4, en;q=0.3' }, 'zh'],
    [{ 'accept-language': 'zh;q=0.2, en-GB;q=0.9' }, 'en'],
    [{ 'accept-language': 'zh;q=0' }, 'en'],
    [{ 'accept-language': 'zh;q=oops, *;q' }, 'zh'],
    [{ 'accept-language': ',,;;q=' }, 'en'],
  ] as const)('reads %j as %s', (headers, language) => {
    expect(languageOf(headers)).toBe(language)
  })
})
