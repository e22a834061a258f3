import { describe, expect, it } from 'vitest'
import { randomToken, systemRandomBytes } from './randomness.ts'

describe('systemRandomBytes', () => {
  it('gives as many bytes as were asked for, and none twice', () => {
    const seen = new Set<string>()
    for (const size of [8, 16, 32, 64, 65, 200]) {
      for (let index = 0; index < 500; index += 1) {
        const bytes = systemRandomBytes(size)
        expect(bytes).toHaveLength(size)
        seen.add(Buffer.from(bytes).toString('hex').slice(0, 16))
      }
    }
    expect(seen.size).toBe(3_000)
  })

  it('gives bytes of the caller alone: what is given later changes nothing of them', () => {
    const first = systemRandomBytes(32)
    const copy = Buffer.from(first)
    for (let index = 0; index < 500; index += 1) systemRandomBytes(32)
    expect(Buffer.from(first)).toEqual(copy)
    expect(first.buffer.byteLength).toBe(32)
  })

  it('uses every bit', () => {
    const ones = Array<number>(64).fill(0)
    for (let index = 0; index < 2_000; index += 1) {
      const value = Buffer.from(systemRandomBytes(8)).readBigUInt64BE()
      for (const [bit] of ones.entries()) ones[bit] = (ones[bit] ?? 0) + Number((value >> BigInt(bit)) & 1n)
    }
    // ten standard deviations from the half
    for (const count of ones) expect(Math.abs(count - 1_000)).toBeLessThan(224)
  })
})

describe('randomToken', () => {
  it('is 256 bits in base64url', () => {
    expect(randomToken(systemRandomBytes)).toMatch(/^[\w-]{43}$/)
  })
})
