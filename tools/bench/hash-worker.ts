import { performance } from 'node:perf_hooks'
import { createPasswordHasher } from '../../src/core/password/create-password-hasher.ts'
import { systemRandomBytes } from '../../src/core/randomness.ts'
import { Secret } from '../../src/core/secret.ts'
import { answerQuestions } from './child.ts'
import type { HashJob, HashResult } from './messages.ts'

/** Nothing but hashes, by the server's own library and parameters, in a process of its own. */
answerQuestions(async ({ parameters, atATime, seconds }: HashJob): Promise<HashResult> => {
  const hasher = createPasswordHasher({
    random: systemRandomBytes,
    concurrencyMax: atATime,
    queueMax: 0,
    parameters,
  })
  const secret = new Secret('a password of common length')
  const salt = hasher.newSalt()
  let hashes = 0
  const startMs = performance.now()
  const endMs = startMs + seconds * 1_000
  const lanes = Array.from({ length: atATime }, async () => {
    while (performance.now() < endMs) {
      await hasher.hash(secret, salt, parameters)
      hashes += 1
    }
  })
  await Promise.all(lanes)
  return { hashes, seconds: (performance.now() - startMs) / 1_000 }
})
