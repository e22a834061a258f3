import { describe, expect, it } from 'vitest'
import { type CredentialSources, readClientCredentials, readParameter } from './client-credentials.ts'

function basic(text: string): string {
  return `Basic ${Buffer.from(text).toString('base64')}`
}

function read(sources: Partial<CredentialSources>): readonly string[] {
  const all = { authorization: undefined, query: {}, fields: {}, ...sources }
  return readClientCredentials(all).map((each) => `${each.clientId} ${each.clientSecret.reveal()}`)
}

describe('readClientCredentials', () => {
  const pair = { client_id: 'desk', client_secret: 'a+b%2F' }

  it('takes Basic, URL query and form fields', () => {
    expect(read({ authorization: basic('desk:secret') })).toEqual(['desk secret'])
    expect(read({ query: pair })).toEqual(['desk a+b%2F'])
    expect(read({ fields: pair })).toEqual(['desk a+b%2F'])
  })

  it('reads Basic as it stands first, then percent-decoded', () => {
    expect(read({ authorization: basic('desk:a+b%2F') })).toEqual(['desk a+b%2F', 'desk a b/'])
    expect(read({ authorization: basic('desk:100%:x') })).toEqual(['desk 100%:x'])
  })

  it('takes the same credentials in two forms', () => {
    expect(read({ query: pair, fields: pair })).toEqual(['desk a+b%2F'])
    expect(read({ authorization: basic('desk:a%2Bb%252F'), fields: pair })).toEqual(['desk a+b%2F'])
  })

  it('takes a client id that is repeated without a secret', () => {
    expect(read({ authorization: basic('desk:secret'), fields: { client_id: 'desk' } })).toEqual([
      'desk secret',
    ])
  })

  it.each([
    { query: pair, fields: { ...pair, client_secret: 'other' } },
    { authorization: basic('desk:other'), fields: pair },
    { authorization: basic('other:a+b%2F'), query: pair },
    { fields: { client_id: ['desk', 'desk'], client_secret: 'secret' } },
    { fields: { client_secret: 'secret' } },
  ])('refuses different or ambiguous credentials as invalid_request: %j', (sources) => {
    expect(() => read(sources)).toThrow('invalid_request')
  })

  it.each([
    {},
    { fields: { client_id: 'desk' } },
    { authorization: 'Basic' },
    { authorization: 'Basic !!!' },
    { authorization: basic('no colon') },
    { authorization: 'Bearer abc' },
  ])('answers credentials that are absent or no credentials as invalid_client: %j', (sources) => {
    expect(() => read(sources)).toThrow('invalid_client')
  })
})

describe('readParameter', () => {
  const none = { authorization: undefined, query: {}, fields: {} }

  it('reads the body, then the query', () => {
    expect(readParameter({ ...none, fields: { grant_type: 'x' } }, 'grant_type')).toBe('x')
    expect(readParameter({ ...none, query: { grant_type: 'x' } }, 'grant_type')).toBe('x')
    expect(readParameter(none, 'grant_type')).toBeUndefined()
  })

  it.each([
    { fields: { grant_type: 'x' }, query: { grant_type: 'y' } },
    { fields: { grant_type: ['x', 'x'] } },
    { fields: { grant_type: 1 } },
  ])('refuses %j', (sources) => {
    expect(() => readParameter({ ...none, ...sources }, 'grant_type')).toThrow('invalid_request')
  })
})
