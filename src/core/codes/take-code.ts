import type { CodeKey } from '../../store/code-store.ts'
import type { Repositories } from '../../store/store.ts'
import { digestsEqual } from '../password/create-password-hasher.ts'
import type { Secret } from '../secret.ts'
import type { SendMode } from '../tenants/tenant.ts'
import type { UserWithCredential } from '../users/user.ts'
import { CODE_TRIES_MAX, type Code, macOfCode } from './code.ts'
import type { CodePurpose } from './code-purpose.ts'

// the MACs and the statement are the same for nobody
const NOBODY = ''

/** Somebody's guess at a code. */
export interface Guess {
  readonly tenantId: string
  /** Undefined: nobody's, and it is wrong. */
  readonly user: UserWithCredential | undefined
  readonly channel: SendMode
  readonly purposes: readonly CodePurpose[]
  readonly typed: Secret
  readonly now: number
}

type Mac = (purpose: string, value: string) => string

/**
 * Counts a guess and compares it; call under the user's lock. The code that it is, or undefined: wrong, used, too old,
 * guessed too often, of before a change of what may sign in, or nobody's. A code that it returns still is good until
 * `consume` removes it.
 */
export async function tryCode(
  { codes }: Pick<Repositories, 'codes'>,
  mac: Mac,
  guess: Guess,
): Promise<Code | undefined> {
  const live = await codes.countTry(keyOf(guess), guess.purposes, CODE_TRIES_MAX, guess.now)
  return compare(mac, guess, live)
}

/** The same without counting, for whoever has just shown the code by `tryCode`. */
export async function findTriedCode(
  { codes }: Pick<Repositories, 'codes'>,
  mac: Mac,
  guess: Guess,
): Promise<Code | undefined> {
  return compare(mac, guess, await codes.find(keyOf(guess), guess.purposes, guess.now))
}

function keyOf({ tenantId, user, channel }: Guess): CodeKey {
  return { tenantId, userId: user?.id ?? NOBODY, channel }
}

function compare(mac: Mac, guess: Guess, live: readonly Code[]): Code | undefined {
  const key = keyOf(guess)
  const macs = new Map(
    guess.purposes.map((purpose) => [purpose, macOfCode(mac, { ...key, purpose }, guess.typed)]),
  )
  return live.find(
    (code) =>
      code.credentialVersion === guess.user?.credential.version &&
      digestsEqual(code.codeMac, macs.get(code.purpose) ?? ''),
  )
}
