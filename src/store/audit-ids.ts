import type { Clock } from '../core/clock.ts'
import { newId } from '../core/new-id.ts'
import type { RandomBytes } from '../core/randomness.ts'

const LOWEST_USED_BIT = 16n

/** Ids of one process that rise even within a millisecond: the order of the record is the order of the facts. */
export function createAuditIds(clock: Clock, random: RandomBytes): () => string {
  let lastMs = 0
  let suffix = 0n
  return () => {
    const nowMs = clock.now()
    suffix = nowMs > lastMs ? freshSuffix(random) : suffix + LOWEST_USED_BIT
    lastMs = Math.max(lastMs, nowMs)
    const bytes = Buffer.from(suffix.toString(16).padStart(14, '0'), 'hex')
    return newId(lastMs, () => bytes)
  }
}

/** 56 bits of which `newId` uses all but the lowest four; the highest is left free to count into. */
function freshSuffix(random: RandomBytes): bigint {
  return Buffer.from(random(8)).readBigUInt64BE() >> 9n
}
