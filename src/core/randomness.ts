import { randomBytes, randomFillSync } from 'node:crypto'

/** Cryptographically secure random bytes; an argument, so that rules stay free of it. */
export type RandomBytes = (size: number) => Uint8Array

/** The system's generator costs ten times as much a call as the bytes: small requests share one. */
const POOL_BYTES = 4_096
const POOLED_BYTES_MAX = 64
const pool = Buffer.alloc(POOL_BYTES)
let taken = POOL_BYTES

export const systemRandomBytes: RandomBytes = (size) => {
  if (size > POOLED_BYTES_MAX) {
    return randomBytes(size)
  }
  if (taken + size > POOL_BYTES) {
    randomFillSync(pool)
    taken = 0
  }
  const bytes = Uint8Array.from(pool.subarray(taken, taken + size))
  pool.fill(0, taken, taken + size) // nobody finds it a second time
  taken += size
  return bytes
}

/** 256 random bits, base64url: an opaque token (ASVS 5.0, 11.5.1 asks for at least 128). */
export function randomToken(random: RandomBytes): string {
  return Buffer.from(random(32)).toString('base64url')
}
