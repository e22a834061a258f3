import { verify } from '@node-rs/argon2'
import { describe, expect, it } from 'vitest'
import { systemRandomBytes } from '../randomness.ts'
import { Secret } from '../secret.ts'
import { createPasswordHasher, digestsEqual } from './create-password-hasher.ts'
import { DEFAULT_HASH_PARAMETERS } from './hash-parameters.ts'

const cheapParameters = 'argon2id$m=64,t=1,p=1'

function createHasher(bounds: { concurrencyMax: number; queueMax: number }) {
  const queueLengths: number[] = []
  const hasher = createPasswordHasher({
    random: systemRandomBytes,
    parameters: cheapParameters,
    onQueueLength: (_queue, length) => queueLengths.push(length),
    ...bounds,
  })
  return { hasher, queueLengths }
}

describe('createPasswordHasher', () => {
  it('makes the digest of a standard Argon2id hash', async () => {
    const { hasher } = createHasher({ concurrencyMax: 1, queueMax: 1 })
    const salt = hasher.newSalt()
    const digest = await hasher.hash(new Secret('correct horse'), salt, DEFAULT_HASH_PARAMETERS)
    const unpadded = (base64: string) => base64.replace(/=+$/, '')
    const encoded = `$argon2id$v=19$m=19456,t=2,p=1$${unpadded(salt)}$${unpadded(digest)}`
    expect(await verify(encoded, 'correct horse')).toBe(true)
    expect(await verify(encoded, 'correct hors')).toBe(false)
  })

  it('gives each salt 128 bits of its own', () => {
    const { hasher } = createHasher({ concurrencyMax: 1, queueMax: 1 })
    expect(Buffer.from(hasher.newSalt(), 'base64')).toHaveLength(16)
    expect(hasher.newSalt()).not.toBe(hasher.newSalt())
  })

  it('refuses with 503 and Retry-After beyond its queue, and serves all that were taken in', async () => {
    const { hasher, queueLengths } = createHasher({ concurrencyMax: 2, queueMax: 3 })
    const salt = hasher.newSalt()
    const results = await Promise.allSettled(
      Array.from({ length: 8 }, (_, index) => hasher.hash(new Secret(`p${index}`), salt, cheapParameters)),
    )
    const refused = results.filter((result) => result.status === 'rejected')
    expect(refused).toHaveLength(3)
    expect(refused[0]?.reason).toMatchObject({ code: 'REQUEST.9011', retryAfterSeconds: 1 })
    expect(Math.max(...queueLengths)).toBe(3)
    expect(queueLengths.at(-1)).toBe(0)
    await expect(hasher.hash(new Secret('again'), salt, cheapParameters)).resolves.toBeTypeOf('string')
  })

  it('passes its place on when a hash fails', async () => {
    const { hasher } = createHasher({ concurrencyMax: 1, queueMax: 2 })
    await expect(hasher.hash(new Secret('a'), hasher.newSalt(), 'md5')).rejects.toThrow('not understood')
    await expect(hasher.hash(new Secret('a'), hasher.newSalt(), cheapParameters)).resolves.toBeTypeOf(
      'string',
    )
  })
})

describe('digestsEqual', () => {
  it('tells equal digests from others, of another length too', () => {
    const digest = Buffer.alloc(32, 1).toString('base64')
    expect(digestsEqual(digest, digest)).toBe(true)
    expect(digestsEqual(digest, Buffer.alloc(32, 2).toString('base64'))).toBe(false)
    expect(digestsEqual(digest, Buffer.alloc(16, 1).toString('base64'))).toBe(false)
  })
})
