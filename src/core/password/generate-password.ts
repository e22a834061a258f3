import { ApiError } from '../../errors/api-error.ts'
import type { RandomBytes } from '../randomness.ts'
import { Secret } from '../secret.ts'
import type { PasswordPolicy, SendMode } from '../tenants/tenant.ts'
import { type ChannelLimits, noChannelLimits } from './channel-limits.ts'
import { type CharacterClass, classesIn } from './character-classes.ts'
import { checkPassword } from './check-password.ts'
import { countCandidates } from './count-candidates.ts'
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
const alphanumericClasses: readonly CharacterClass[] = ['upper', 'lower', 'digit']
/** Preferred lengths: mail is pasted, an SMS is typed from one screen into another. */
const lengths: Readonly<Record<SendMode, number>> = { EMAIL: 16, SMS: 12 }
// at least one candidate in fifty fits: that so many in a row do not is a rule that none can meet
const DRAWS_MAX = 1_000
const FITTING_SHARE_MIN = 0.02
/** Whatever the policy (reset protocol, rule 12). */
export const GENERATED_BITS_MIN = 60

/**
 * Makes a password that the policy accepts and every gateway of the channel can carry: 16 characters for mail, 12 for
 * SMS, more when the policy or 60 bits of chance need more, fewer when policy or gateway allow no more.
 * What the policy refuses of this owner is never made: the engine that judges chosen passwords judges each candidate.
 * Each password that meets the policy is as likely as any other: candidates are drawn evenly and whole ones thrown away.
 * @throws ApiError PWD.0005 (`policy_undeliverable`) if no password satisfies policy and channel together
 * @see OWASP ASVS 5.0, 6.4.1 and 11.5.1
 */
export function generatePassword(
  policy: PasswordPolicy,
  sendMode: SendMode,
  p: { readonly about: PasswordOwner; readonly random: RandomBytes; readonly limits?: ChannelLimits },
): Secret {
  const shape = passwordShape(policy, sendMode, p.limits)
  if (shape === undefined) {
    throw undeliverable()
  }
  for (let draw = 0; draw < DRAWS_MAX; draw += 1) {
    const candidate = Array.from({ length: shape.length }, (_, index) =>
      drawCharacter(index === 0 || index === shape.length - 1 ? shape.ends : shape.inner, p.random),
    ).join('')
    const password = new Secret(candidate)
    if (meetsShape(candidate, shape) && checkPassword(policy, password, p.about).length === 0) {
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
 * How many bits of chance a generated password has under this policy on this channel; undefined: no password satisfies
 * policy and channel, or none with 60 bits. Every candidate that meets length, classes and runs is counted; the few
 * that hold a word of their owner are not known here.
 */
export function generatedPasswordBits(
  policy: PasswordPolicy,
  sendMode: SendMode,
  limits: ChannelLimits = noChannelLimits,
): number | undefined {
  const shape = passwordShape(policy, sendMode, limits)
  return shape === undefined ? undefined : bitsOf(shape)
}

/** Characters of a generated password; undefined where `generatedPasswordBits` is. */
export function generatedPasswordLength(
  policy: PasswordPolicy,
  sendMode: SendMode,
  limits: ChannelLimits = noChannelLimits,
): number | undefined {
  return passwordShape(policy, sendMode, limits)?.length
}

/** Bits of the longest password that policy and gateways allow, 60 or not: for saying why a setting is refused. */
export function longestPasswordBits(
  policy: PasswordPolicy,
  limits: ChannelLimits,
): { readonly length: number; readonly bits: number } {
  const length = Math.min(policy.lengthMax, limits.lengthMax)
  const [shape] = shapesOf(policy, limits)
    .map((make) => make(length))
    .toReversed()
  return { length, bits: shape === undefined ? 0 : Math.max(0, bitsOf(shape)) }
}

interface PasswordShape {
  readonly length: number
  /** Characters that may stand first and last, and elsewhere. */
  readonly ends: string
  readonly inner: string
  readonly classes: readonly CharacterClass[]
  readonly classesMin: number
  /** 0: any. */
  readonly repeatsMax: number
}

function passwordShape(
  policy: PasswordPolicy,
  sendMode: SendMode,
  limits: ChannelLimits = noChannelLimits,
): PasswordShape | undefined {
  const lengthMax = Math.min(policy.lengthMax, limits.lengthMax)
  const lengthMin = Math.min(Math.max(lengths[sendMode], policy.lengthMin), lengthMax)
  if (policy.lengthMin > lengthMax) {
    return undefined
  }
  for (const make of shapesOf(policy, limits)) {
    for (let length = lengthMin; length <= lengthMax; length += 1) {
      const shape = make(length)
      if (bitsOf(shape) >= GENERATED_BITS_MIN && fittingShare(shape) >= FITTING_SHARE_MIN) {
        return shape
      }
    }
  }
  return undefined
}

/** From the most readable: no run of three, three classes where they can be had; then as the policy just allows. */
function shapesOf(
  policy: PasswordPolicy,
  limits: ChannelLimits,
): readonly ((length: number) => PasswordShape)[] {
  // specials only where the policy wants all four classes: letters and digits are easier to read out and to type
  const plain = alphanumericClasses.filter((one) => limits.classes.includes(one))
  const classes =
    policy.classesMin > 3 && limits.classes.includes('special') ? [...plain, 'special' as const] : plain
  const common = { classes, ends: alphabetOf(plain), inner: alphabetOf(classes) }
  const readable = policy.repeatsMax === 0 ? 2 : Math.min(policy.repeatsMax, 2)
  const classesMin = Math.max(policy.classesMin, Math.min(3, plain.length))
  return [
    (length) => ({ ...common, length, classesMin, repeatsMax: readable }),
    (length) => ({ ...common, length, classesMin: policy.classesMin, repeatsMax: policy.repeatsMax }),
  ]
}

function alphabetOf(classes: readonly CharacterClass[]): string {
  return classes.map((one) => alphabets[one]).join('')
}

function bitsOf(shape: PasswordShape): number {
  return Math.log2(candidatesOf(shape, shape.classesMin, shape.repeatsMax))
}

/** How many of all that are drawn are kept. */
function fittingShare(shape: PasswordShape): number {
  const all = candidatesOf(shape, 0, 0)
  return all === 0 ? 0 : candidatesOf(shape, shape.classesMin, shape.repeatsMax) / all
}

function candidatesOf(shape: PasswordShape, classesMin: number, repeatsMax: number): number {
  const classes = shape.classes.map((one) => ({
    size: alphabets[one].length,
    isAtEnds: one !== 'special',
  }))
  return countCandidates({ length: shape.length, classes, classesMin, repeatsMax })
}

function meetsShape(candidate: string, shape: PasswordShape): boolean {
  const isRunTooLong = shape.repeatsMax > 0 && new RegExp(`(.)\\1{${shape.repeatsMax}}`).test(candidate)
  return classesIn(candidate).size >= shape.classesMin && !isRunTooLong
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
