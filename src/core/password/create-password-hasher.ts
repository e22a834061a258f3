import { timingSafeEqual } from 'node:crypto'
import { type Algorithm, hashRaw } from '@node-rs/argon2'
import { ApiError } from '../../errors/api-error.ts'
import type { RandomBytes } from '../randomness.ts'
import type { DigestsEqual, PasswordHasher } from './password-hasher.ts'

/** OWASP's first choice: Argon2id, 19 MiB, two passes, one lane. */
export const DEFAULT_HASH_PARAMETERS = 'argon2id$m=19456,t=2,p=1'
// the library's enum has no value at run time; 2 is Argon2id in its table
const ARGON2ID: Algorithm = 2
/** What one hash takes on a common core, for Retry-After. */
const HASH_MS_ABOUT = 15

export interface PasswordHasherOptions {
  readonly random: RandomBytes
  /** Hashes at a time: one per core, each holds 19 MiB and one core. */
  readonly concurrencyMax: number
  /** Hashes waiting beyond those; one more is answered 503. */
  readonly queueMax: number
  readonly parameters?: string
  /** Told after every change. */
  readonly onQueueLength?: (length: number) => void
}

/** Argon2id on the thread pool behind a first-in first-out queue of bounded length. */
export function createPasswordHasher(options: PasswordHasherOptions): PasswordHasher {
  const waiting: (() => void)[] = []
  let running = 0

  async function inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (running < options.concurrencyMax) {
      running += 1
    } else {
      if (waiting.length >= options.queueMax) {
        const seconds = (waiting.length * HASH_MS_ABOUT) / options.concurrencyMax / 1_000
        throw new ApiError('REQUEST.9011', {
          detail: 'hash_queue_full',
          retryAfterSeconds: Math.max(1, Math.ceil(seconds)),
        })
      }
      const turn = new Promise<void>((resolve) => waiting.push(resolve))
      options.onQueueLength?.(waiting.length)
      await turn // whoever ended handed its place over: `running` stays
      options.onQueueLength?.(waiting.length)
    }
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      if (next === undefined) {
        running -= 1
      } else {
        next()
      }
    }
  }

  return {
    parameters: options.parameters ?? DEFAULT_HASH_PARAMETERS,
    newSalt: () => Buffer.from(options.random(16)).toString('base64'),
    hash: (password, salt, parameters) =>
      inTurn(async () => {
        const cost = parseParameters(parameters)
        const digest = await hashRaw(password.reveal(), {
          algorithm: ARGON2ID,
          salt: Buffer.from(salt, 'base64'),
          ...cost,
          outputLen: 32,
        })
        return digest.toString('base64')
      }),
  }
}

/** Compares in constant time; digests of different length are unequal. */
export const digestsEqual: DigestsEqual = (left, right) => {
  const [leftBytes, rightBytes] = [Buffer.from(left, 'base64'), Buffer.from(right, 'base64')]
  return leftBytes.length === rightBytes.length && timingSafeEqual(leftBytes, rightBytes)
}

function parseParameters(parameters: string): {
  memoryCost: number
  timeCost: number
  parallelism: number
} {
  const match = /^argon2id\$m=(\d+),t=(\d+),p=(\d+)$/.exec(parameters)
  if (match === null) {
    throw new Error(`hash parameters are not understood: ${parameters}`)
  }
  const [memoryCost, timeCost, parallelism] = match.slice(1).map(Number)
  return { memoryCost: memoryCost ?? 0, timeCost: timeCost ?? 0, parallelism: parallelism ?? 0 }
}
