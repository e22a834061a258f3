import { describe, expect, it } from 'vitest'
import { Secret } from '../secret.ts'
import { notMeUrlOf, signInUrlOf } from './sign-in-url.ts'

describe('links in messages', () => {
  it.each([
    ['at the public address', ['id.acme.example'], 'https://id.acme.example', 'https://id.acme.example'],
    ['at its port', ['id.acme.example'], 'https://id.acme.example:8443', 'https://id.acme.example:8443'],
    ['at any of the tenant’s domains', ['a.example', 'b.example'], 'https://b.example', 'https://b.example'],
    ['without a domain', [], 'https://id.acme.example', 'https://id.acme.example'],
    ['on loopback alone', ['127.0.0.1'], 'https://id.acme.example', 'https://id.acme.example'],
    ['on one’s own machine', ['id.acme.example'], 'http://127.0.0.1:8080', 'http://127.0.0.1:8080'],
    [
      'at the first domain, where no address is set',
      ['b.example', 'a.example'],
      undefined,
      'https://b.example',
    ],
    [
      'at the domain of a tenant that is not the one of the address',
      ['b.example'],
      'https://a.example',
      'https://b.example',
    ],
  ] as const)('lead to the tenant %s', (_where, domains, publicUrl, origin) => {
    expect(signInUrlOf({ domains }, publicUrl)).toBe(`${origin}/sign-in`)
    expect(notMeUrlOf({ domains }, publicUrl, new Secret('token'))).toBe(`${origin}/not-me/token`)
  })

  it('are left out where no address is known', () => {
    for (const domains of [[], ['localhost']]) {
      expect(signInUrlOf({ domains }, undefined)).toBeUndefined()
      expect(notMeUrlOf({ domains }, undefined, new Secret('token'))).toBeUndefined()
    }
  })
})
