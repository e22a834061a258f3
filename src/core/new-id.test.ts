import { describe, expect, it } from 'vitest'
import { newId } from './new-id.ts'
import { systemRandomBytes } from './randomness.ts'

describe('newId', () => {
  it('begins with the time in UTC to the millisecond, whatever the zone of the machine', () => {
    const id = newId(Date.UTC(2025, 10, 3, 4, 5, 6, 7), () => Uint8Array.of(0, 1, 2, 3, 4, 5, 6))
    expect(id).toBe('20251103040506007-0001-020304050')
  })

  it('has the shape of the contract for every time and all bytes', () => {
    const shape = /^\d{17}-[0-9A-F]{4}-[0-9A-F]{9}$/
    expect(newId(0, (size) => new Uint8Array(size))).toMatch(shape)
    expect(newId(Date.UTC(9999, 11, 31), (size) => new Uint8Array(size).fill(255))).toMatch(shape)
  })

  it('shows all 52 bits of chance that it has', () => {
    const digitsAt = (bit: number): string => {
      const bytes = new Uint8Array(7)
      bytes[Math.floor(bit / 8)] = 0x80 >> (bit % 8)
      return newId(0, () => bytes)
    }
    expect(new Set(Array.from({ length: 52 }, (_, bit) => digitsAt(bit))).size).toBe(52)
  })

  it('is never the same twice within a millisecond', () => {
    const ids = Array.from({ length: 10_000 }, () => newId(1_700_000_000_000, systemRandomBytes))
    expect(new Set(ids).size).toBe(ids.length)
  })

  it('sorts by time', () => {
    const times = [1_700_000_000_999, 1_700_000_001_000, 1_700_000_060_000, 1_800_000_000_000]
    const ids = times.map((time) => newId(time, systemRandomBytes))
    expect(ids.toSorted()).toEqual(ids)
  })
})
