import { timingSafeEqual } from 'node:crypto'
import { type Algorithm, hashRaw } from '@node-rs/argon2'
import type { RandomBytes } from '../randomness.ts'
import { createHashLanes, type HashLanesOptions } from './hash-lanes.ts'
import { DEFAULT_HASH_PARAMETERS, type HashParameters, parseHashParameters } from './hash-parameters.ts'
import type { DigestsEqual, PasswordHasher } from './password-hasher.ts'
import { matchesImportedHash } from './verify-imported-hash.ts'

// the library's enum has no value at run time; 2 is Argon2id in its table
const ARGON2ID: Algorithm = 2
/** One pass over one MiB on a common core, measured: for Retry-After. */
const MS_PER_PASS_AND_MIB_ABOUT = 0.4

export interface PasswordHasherOptions extends Omit<HashLanesOptions, 'hashMsAbout'> {
  readonly random: RandomBytes
  readonly parameters?: string
}

/** Argon2id, and what imported hashes need, on the thread pool behind two first-in first-out queues. */
export function createPasswordHasher(options: PasswordHasherOptions): PasswordHasher {
  const parameters = options.parameters ?? DEFAULT_HASH_PARAMETERS
  const { memoryKib, passes } = requireParameters(parameters)
  const hashMsAbout = (memoryKib / 1_024) * passes * MS_PER_PASS_AND_MIB_ABOUT
  const inTurn = createHashLanes({ ...options, hashMsAbout })

  return {
    parameters,
    newSalt: () => Buffer.from(options.random(16)).toString('base64'),
    hash: (password, salt, givenParameters, lane = 'management') =>
      inTurn(lane, async () => {
        const cost = requireParameters(givenParameters)
        const digest = await hashRaw(password.reveal(), {
          algorithm: ARGON2ID,
          salt: Buffer.from(salt, 'base64'),
          memoryCost: cost.memoryKib,
          timeCost: cost.passes,
          parallelism: cost.parallelism,
          outputLen: 32,
        })
        return digest.toString('base64')
      }),
    matchesImported: (password, importedHash, lane = 'management') =>
      inTurn(lane, () => matchesImportedHash(password, importedHash)),
  }
}

/** Compares in constant time; digests of different length are unequal. */
export const digestsEqual: DigestsEqual = (left, right) => {
  const [leftBytes, rightBytes] = [Buffer.from(left, 'base64'), Buffer.from(right, 'base64')]
  return leftBytes.length === rightBytes.length && timingSafeEqual(leftBytes, rightBytes)
}

function requireParameters(text: string): HashParameters {
  const parameters = parseHashParameters(text)
  if (parameters === undefined) {
    throw new Error(`hash parameters are not understood: ${text}`)
  }
  return parameters
}
