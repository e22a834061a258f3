import { timingSafeEqual } from 'node:crypto'
import { Secret } from '../secret.ts'

/** What somebody may say was not them. */
export type Disputed =
  | { readonly kind: 'reset'; readonly resetId: string }
  /** A password that was changed at that moment otherwise than by a reset. */
  | { readonly kind: 'password'; readonly userId: string; readonly changedAt: number }

/** Keyed hash that belongs to this installation. */
export type Mac = (purpose: string, value: string) => string

// 96 bits in base64url: it can be tried against the server only, and a link should fit a line of text
const MAC_CHARACTERS = 16
const tokenShape = new RegExp(`^([0-9A-Za-z-]{1,64})(?:\\.([0-9a-z]{1,10}))?\\.([\\w-]{${MAC_CHARACTERS}})$`)

/**
 * Stands in the link of a message: what it is about, and a keyed hash of that for this tenant. Nothing of it is stored.
 * Whoever has it can freeze the user that it is about, and nothing else.
 */
export function notMeToken(mac: Mac, tenantId: string, disputed: Disputed): Secret {
  const subject = subjectOf(disputed)
  return new Secret(`${subject}.${macOf(mac, tenantId, subject)}`)
}

/** Undefined: not made here, or for another tenant. */
export function readNotMeToken(mac: Mac, tenantId: string, token: Secret): Disputed | undefined {
  const [, id, changedAt, shown] = tokenShape.exec(token.reveal()) ?? []
  if (id === undefined || shown === undefined) {
    return undefined
  }
  const disputed: Disputed =
    changedAt === undefined
      ? { kind: 'reset', resetId: id }
      : { kind: 'password', userId: id, changedAt: Number.parseInt(changedAt, 36) }
  const expected = macOf(mac, tenantId, subjectOf(disputed))
  return timingSafeEqual(Buffer.from(shown), Buffer.from(expected)) ? disputed : undefined
}

function subjectOf(disputed: Disputed): string {
  return disputed.kind === 'reset'
    ? disputed.resetId
    : `${disputed.userId}.${disputed.changedAt.toString(36)}`
}

function macOf(mac: Mac, tenantId: string, subject: string): string {
  return mac('not-me', `${tenantId}\n${subject}`).slice(0, MAC_CHARACTERS)
}
