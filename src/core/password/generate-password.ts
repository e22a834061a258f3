import { ApiError } from '../../errors/api-error.ts'
import type { RandomBytes } from '../randomness.ts'
import { Secret } from '../secret.ts'
import type { PasswordPolicy, SendMode } from '../tenants/tenant.ts'
import { type CharacterClass, classesIn } from './character-classes.ts'
import { checkPassword } from './check-password.ts'
import type { PasswordOwner } from './user-info.ts'

// No two of these look alike in any font, in either case: of each such group (0 O o, 1 I l i, 5 S s, 8 B, 6 G b, 9 g q,
// 2 Z z, c C, k K, p P, u U V v, w W, x X, y Y, j J, m rn, d cl) at most one member is left. The specials are in GSM-7's
// basic table and pass mail, HTML, JSON, forms and URLs' text as they are; none stands at an end, where sentences,
// mark-up and link finders would take it for theirs.
const alphabets: Readonly<Record<CharacterClass, string>> = {
  upper: 'ACDEFHJKLMNPQRTUWXY',
  lower: 'adefhnrt',
  digit: '23456789',
  special: '!#*+-?',
}
const alphanumeric = alphabets.upper + alphabets.lower + alphabets.digit
/** Preferred lengths: mail is pasted, an SMS is typed from one screen into another. */
const lengths: Readonly<Record<SendMode, number>> = { EMAIL: 16, SMS: 12 }
// more than half of all candidates fit: that so many in a row do not is a rule that none can meet
const DRAWS_MAX = 1_000
/** Whatever the policy (reset protocol, rule 12). */
export const GENERATED_BITS_MIN = 60

/**
 * Makes a password that the policy accepts and the channel can carry: 16 characters for mail, 12 for SMS, more when
 * the policy or 60 bits of chance need more, fewer when the policy allows no more.
 * What the policy refuses of this owner is never made: the engine that judges chosen passwords judges each candidate.
 * Each password that meets the policy is as likely as any other: candidates are drawn evenly and whole ones thrown away.
 * @throws ApiError PWD.0005 (`policy_undeliverable`) if no password satisfies policy and channel together
 * @see OWASP ASVS 5.0, 6.4.1 and 11.5.1
 */
export function generatePassword(
  policy: PasswordPolicy,
  sendMode: SendMode,
  { about, random }: { readonly about: PasswordOwner; readonly random: RandomBytes },
): Secret {
  const shape = passwordShape(policy, sendMode)
  if (shape === undefined) {
    throw undeliverable()
  }
  for (let draw = 0; draw < DRAWS_MAX; draw += 1) {
    const candidate = Array.from({ length: shape.length }, (_, index) =>
      drawCharacter(index === 0 || index === shape.length - 1 ? alphanumeric : shape.alphabet, random),
    ).join('')
    const password = new Secret(candidate)
    if (meetsShape(candidate, shape) && checkPassword(policy, password, about).length === 0) {
      return password
    }
  }
  throw undeliverable()
}

const noneFits = { en: 'no generated password fits', zh: '无法生成符合规则的密码' }

function undeliverable(): ApiError {
  return new ApiError('PWD.0005', { detail: 'policy_undeliverable', params: [noneFits] })
}

/**
 * How many bits of chance a generated password has under this policy on this channel, counted from below;
 * undefined: no password satisfies policy and channel, or none with 60 bits.
 */
export function generatedPasswordBits(policy: PasswordPolicy, sendMode: SendMode): number | undefined {
  const shape = passwordShape(policy, sendMode)
  return shape === undefined ? undefined : bitsOf(shape)
}

interface PasswordShape {
  readonly length: number
  readonly alphabet: string
  readonly classesMin: number
  readonly repeatsMax: number
}

function passwordShape(policy: PasswordPolicy, sendMode: SendMode): PasswordShape | undefined {
  // specials only where the policy wants all four classes: letters and digits are easier to read out and to type
  const classesMin = Math.max(policy.classesMin, 3)
  const alphabet = classesMin > 3 ? alphanumeric + alphabets.special : alphanumeric
  const repeatsMax = policy.repeatsMax === 0 ? 2 : Math.min(policy.repeatsMax, 2)
  let length = Math.min(Math.max(lengths[sendMode], policy.lengthMin), policy.lengthMax)
  let shape = { length, alphabet, classesMin, repeatsMax }
  while (bitsOf(shape) < GENERATED_BITS_MIN && length < policy.lengthMax) {
    length += 1
    shape = { length, alphabet, classesMin, repeatsMax }
  }
  return policy.lengthMin > policy.lengthMax || bitsOf(shape) < GENERATED_BITS_MIN ? undefined : shape
}

/** A bound from below: the whole space, less one bit for the candidates that are thrown away (under half of them). */
function bitsOf(shape: PasswordShape): number {
  const inner = Math.max(shape.length - 2, 0) * Math.log2(shape.alphabet.length)
  return inner + Math.min(shape.length, 2) * Math.log2(alphanumeric.length) - 1
}

function meetsShape(candidate: string, shape: PasswordShape): boolean {
  const tooLongRun = new RegExp(`(.)\\1{${shape.repeatsMax}}`)
  return classesIn(candidate).size >= shape.classesMin && !tooLongRun.test(candidate)
}

/** One character, each equally likely: bytes beyond the last whole multiple of the alphabet are drawn again. */
function drawCharacter(alphabet: string, random: RandomBytes): string {
  const limit = 256 - (256 % alphabet.length)
  for (;;) {
    const [byte] = random(1)
    if (byte !== undefined && byte < limit) {
      return alphabet.charAt(byte % alphabet.length)
    }
  }
}
