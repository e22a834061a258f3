import { randomBytes } from 'node:crypto'

/** Cryptographically secure random bytes; an argument, so that rules stay free of it. */
export type RandomBytes = (size: number) => Uint8Array

export const systemRandomBytes: RandomBytes = (size) => randomBytes(size)

/** 256 random bits, base64url: an opaque token (ASVS 5.0, 11.5.1 asks for at least 128). */
export function randomToken(random: RandomBytes): string {
  return Buffer.from(random(32)).toString('base64url')
}
