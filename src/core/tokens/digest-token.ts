import { hash } from 'node:crypto'

/**
 * SHA-256 of a token, hex: what is stored in its place. Tokens hold 256 random bits, so a fast hash is enough.
 */
export function digestToken(token: string): string {
  return hash('sha256', token, 'hex')
}
