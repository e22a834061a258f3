import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../clock.ts'
import type { RandomBytes } from '../randomness.ts'

/** Waits after the first, second … failed attempt, as Standard Webhooks recommends. After the tenth there is none. */
const WAITS_MS = [
  5 * SECOND_MS,
  5 * MINUTE_MS,
  30 * MINUTE_MS,
  2 * HOUR_MS,
  5 * HOUR_MS,
  10 * HOUR_MS,
  14 * HOUR_MS,
  20 * HOUR_MS,
  24 * HOUR_MS,
]
/** A receiver that asks for more patience than this is asked again before. */
const RETRY_AFTER_MS_MAX = 24 * HOUR_MS
/** Up to a fifth is added, so that what failed together does not come back together. */
const JITTER_PARTS = 5

/** How long to wait after this attempt, which failed; undefined: it was the last one. */
export function waitAfterAttempt(
  attempt: number,
  retryAfterMs: number | undefined,
  random: RandomBytes,
): number | undefined {
  const waitMs = WAITS_MS[attempt - 1]
  if (waitMs === undefined) {
    return undefined
  }
  const share = Buffer.from(random(4)).readUInt32BE() / 2 ** 32
  const spreadMs = Math.round(waitMs + (waitMs / JITTER_PARTS) * share)
  return Math.max(spreadMs, Math.min(retryAfterMs ?? 0, RETRY_AFTER_MS_MAX))
}
