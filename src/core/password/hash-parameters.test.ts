import { describe, expect, test } from 'vitest'
import {
  areAllowedHashParameters,
  DEFAULT_HASH_PARAMETERS,
  formatHashParameters,
  parseHashParameters,
} from './hash-parameters.ts'

function isAllowed(text: string): boolean {
  const parameters = parseHashParameters(text)
  return parameters !== undefined && areAllowedHashParameters(parameters)
}

describe('hash parameters', () => {
  test.each([
    DEFAULT_HASH_PARAMETERS,
    'argon2id$m=47104,t=1,p=1',
    'argon2id$m=12288,t=3,p=1',
    'argon2id$m=9216,t=4,p=1',
    'argon2id$m=7168,t=5,p=1',
    'argon2id$m=1048576,t=100,p=1',
  ])('are allowed from OWASP’s minimum to what a machine can have: %s', (text) => {
    expect(isAllowed(text)).toBe(true)
    const parameters = parseHashParameters(text)
    expect(parameters && formatHashParameters(parameters)).toBe(text)
  })

  test.each([
    'argon2id$m=19455,t=2,p=1',
    'argon2id$m=47103,t=1,p=1',
    'argon2id$m=7167,t=100,p=1',
    'argon2id$m=19456,t=2,p=2',
    'argon2id$m=1048577,t=2,p=1',
    'argon2id$m=19456,t=101,p=1',
    'argon2i$m=19456,t=2,p=1',
    'argon2id$m=019456,t=2,p=1',
    'argon2id$t=2,m=19456,p=1',
    'argon2id=19456,t=2,p=1',
    ' argon2id$m=19456,t=2,p=1',
    '',
  ])('are refused below it, beyond it, or in another form: %j', (text) => {
    expect(isAllowed(text)).toBe(false)
  })
})
