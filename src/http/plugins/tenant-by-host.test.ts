import { describe, expect, it } from 'vitest'
import { hostNameOf } from './tenant-by-host.ts'

describe('hostNameOf', () => {
  it.each([
    ['id.acme.example', 'id.acme.example'],
    ['ID.Acme.Example:8443', 'id.acme.example'],
    ['id.acme.example.', 'id.acme.example'],
    ['127.0.0.1:80', '127.0.0.1'],
    ['[::1]:8080', '[::1]'],
  ])('reads %s as %s', (header, host) => {
    expect(hostNameOf(header)).toBe(host)
  })

  it.each([
    undefined,
    '',
    ':80',
    '.',
    'a b',
    'a, b',
    'user@acme.example',
    'acme.example/x',
    'acme.example:x',
    '[zz]',
    '[::1',
  ])('refuses %j', (header) => {
    expect(() => hostNameOf(header)).toThrow('REQUEST.9001 (header)')
  })
})
