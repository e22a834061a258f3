import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { Secret } from '../core/secret.ts'
import { createSeal, SealError } from './seal.ts'

const plain = new Secret('smtp pässword €')
const context = 'tenant-1/gateway/mail'

describe('sealing secrets', () => {
  const seal = createSeal(randomBytes(32))

  it('gives back what was sealed', () => {
    expect(seal.open(seal.seal(plain, context), context).reveal()).toBe(plain.reveal())
    expect(seal.open(seal.seal(new Secret(''), context), context).reveal()).toBe('')
  })

  it('shows nothing of the secret, and never the same text twice', () => {
    const [first, second] = [seal.seal(plain, context), seal.seal(plain, context)]
    expect(first).not.toBe(second)
    expect(Buffer.from(first.split(':')[2] ?? '', 'base64url').includes('smtp')).toBe(false)
    expect(seal.isSealed(first)).toBe(true)
    expect(seal.isSealed(plain.reveal())).toBe(false)
  })

  it('does not open elsewhere, with another key, or when changed', () => {
    const sealed = seal.seal(plain, context)
    const last = sealed.at(-2) === 'A' ? 'B' : 'A'
    const changed = `${sealed.slice(0, -2)}${last}${sealed.slice(-1)}`
    expect(() => seal.open(sealed, 'tenant-2/gateway/mail')).toThrow(SealError)
    expect(() => createSeal(randomBytes(32)).open(sealed, context)).toThrow('the master key is another one')
    expect(() => seal.open(changed, context)).toThrow(SealError)
    for (const text of ['', 'plain', 'sealed:v1:', 'sealed:v2:AAAA', sealed.slice(0, 30)]) {
      expect(() => seal.open(text, context)).toThrow(SealError)
    }
  })

  it('makes keyed hashes that differ by key and purpose and are otherwise stable', () => {
    const masterKey = new Uint8Array(32).fill(7)
    const mac = createSeal(masterKey).mac('reset-destination', 'EMAIL:a@b.example')
    expect(mac).toMatch(/^[\w-]{43}$/)
    expect(createSeal(masterKey).mac('reset-destination', 'EMAIL:a@b.example')).toBe(mac)
    expect(createSeal(masterKey).mac('sign-in-name', 'EMAIL:a@b.example')).not.toBe(mac)
    expect(seal.mac('reset-destination', 'EMAIL:a@b.example')).not.toBe(mac)
  })

  it('takes no key but one of 32 bytes', () => {
    expect(() => createSeal(randomBytes(16))).toThrow(RangeError)
  })
})
