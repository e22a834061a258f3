import { expect, it } from 'vitest'
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../clock.ts'
import { waitAfterAttempt } from './retry-schedule.ts'

const least = () => new Uint8Array(4)
const most = () => new Uint8Array(4).fill(255)

it('waits as Standard Webhooks recommends, a little more by chance, and ends after ten attempts', () => {
  const waits = [
    5 * SECOND_MS,
    5 * MINUTE_MS,
    30 * MINUTE_MS,
    ...[2, 5, 10, 14, 20, 24].map((h) => h * HOUR_MS),
  ]
  const attempts = [1, 2, 3, 4, 5, 6, 7, 8, 9]
  expect(attempts.map((attempt) => waitAfterAttempt(attempt, undefined, least))).toEqual(waits)
  expect(attempts.map((attempt) => waitAfterAttempt(attempt, undefined, most))).toEqual(
    waits.map((ms) => ms * 1.2),
  )
  expect(waitAfterAttempt(10, undefined, least)).toBeUndefined()
})

it('waits longer where the receiver asks for it, never shorter, and at most a day for it', () => {
  expect(waitAfterAttempt(1, HOUR_MS, least)).toBe(HOUR_MS)
  expect(waitAfterAttempt(4, SECOND_MS, least)).toBe(2 * HOUR_MS)
  expect(waitAfterAttempt(1, 1_000 * HOUR_MS, least)).toBe(24 * HOUR_MS)
  expect(waitAfterAttempt(10, HOUR_MS, least)).toBeUndefined()
})
