import { MINUTE_MS } from '../clock.ts'
import type { TemplateEvent } from '../notices/template-event.ts'
import type { RandomBytes } from '../randomness.ts'
import { Secret } from '../secret.ts'
import type { SendMode } from '../tenants/tenant.ts'
import type { CodePurpose } from './code-purpose.ts'

export const eventOfPurpose = {
  'sign-in': 'sign-in-code',
  recovery: 'recovery-code',
  'password-change': 'password-change-code',
  'second-factor': 'second-factor-code',
} as const satisfies Readonly<Record<CodePurpose, TemplateEvent>>

/** From the moment in which it is made, directly before it is sent (ASVS 5.0, 6.5.5 and 6.6.3: at most 10 minutes). */
export const CODE_LIFETIME_MS = 10 * MINUTE_MS
/** Guesses, the right one included; then the code is dead. */
export const CODE_TRIES_MAX = 5
const CODE_DIGITS = 6

/** A code that somebody has, as it is kept. */
export interface Code {
  readonly tenantId: string
  readonly userId: string
  readonly channel: SendMode
  readonly purpose: CodePurpose
  /** Keyed: the million codes that there are cannot be tried on a stolen database. */
  readonly codeMac: string
  /** The code ends with every change of what may sign in (reset protocol, rule 9). */
  readonly credentialVersion: number
  readonly expiresAt: number
}

/** A wish for a code that nobody has looked at yet: whether anybody has the contact is found out beside the answer. */
export interface CodeRequest {
  readonly tenantId: string
  readonly id: string
  readonly purpose: CodePurpose
  readonly channel: SendMode
  /** Only to look somebody up by; opens under `codeRequestContext`. Undefined: settled. */
  readonly contactSealed: string | undefined
  readonly contactMac: string
  /** Of the network address that asked. */
  readonly addressMac: string | undefined
  readonly createdAt: number
  /** It is looked at then or later; undefined: settled. */
  readonly dueAt: number | undefined
  /** Nothing is sent after this. */
  readonly deadlineAt: number
  readonly attempts: number
  readonly unsettledAttempts: number
}

/** Whose contact is sealed: moved to another row it does not open. */
export function codeRequestContext({ tenantId, id }: Pick<CodeRequest, 'tenantId' | 'id'>): string {
  return `code-request:${tenantId}:${id}`
}

/** Six digits, each as likely as any other: bytes that would favour some of them are drawn again. */
export function makeCode(random: RandomBytes): Secret {
  const range = 10 ** CODE_DIGITS
  const fair = 2 ** 32 - (2 ** 32 % range)
  for (;;) {
    const drawn = Buffer.from(random(4)).readUInt32BE()
    if (drawn < fair) return new Secret(String(drawn % range).padStart(CODE_DIGITS, '0'))
  }
}

/** What is kept of a code. White space around it, as people copy it, is not part of it. */
export function macOfCode(
  mac: (purpose: string, value: string) => string,
  code: Pick<Code, 'tenantId' | 'userId' | 'channel' | 'purpose'>,
  typed: Secret,
): string {
  const { tenantId, userId, channel, purpose } = code
  return mac('code', JSON.stringify([tenantId, userId, channel, purpose, typed.reveal().trim()]))
}
