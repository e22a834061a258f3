import type { RandomBytes } from './randomness.ts'

/**
 * An id in the contract's shape `yyyyMMddHHmmssSSS-XXXX-YYYYYYYYY` (contract, section 0): 17 digits of UTC time,
 * then 4 and 9 upper-case hexadecimal digits, 52 random bits.
 */
export function newId(nowMs: number, random: RandomBytes): string {
  const time = new Date(nowMs).toISOString().replace(/\D/g, '')
  const hex = Buffer.from(random(7)).toString('hex').toUpperCase()
  return `${time}-${hex.slice(0, 4)}-${hex.slice(4, 13)}`
}
