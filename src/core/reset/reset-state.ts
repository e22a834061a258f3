import type { OldPasswordMode, SendMode } from '../tenants/tenant.ts'

/** States of the reset protocol; what each means for the old and the new password stands in its table. */
export type ResetState =
  | 'prepared'
  | 'sending'
  | 'unknown'
  | 'failed'
  | 'accepted'
  | 'used'
  | 'completed'
  | 'superseded'
  | 'expired'

/** At most one reset of a user is in one of these. */
export const inFlightStates = ['prepared', 'sending'] as const satisfies readonly ResetState[]
export const openStates = [
  'prepared',
  'sending',
  'unknown',
  'accepted',
  'used',
] as const satisfies readonly ResetState[]

/** Unknown resets that stay redeemable beside each other (rule 6). */
export const UNKNOWN_RESETS_MAX = 3
/** Superseded and expired secrets of a user that are still recognised at sign-in (rule 14). */
export const RECOGNISED_RESETS_MAX = 3

export interface Reset {
  readonly tenantId: string
  readonly id: string
  readonly userId: string
  /** Per user, from 1; "earlier" means smaller (rule 6). */
  readonly sequence: number
  /** Undefined: not an application but an operator's command. */
  readonly applicationId: string | undefined
  readonly sendMode: SendMode
  readonly oldPasswordMode: OldPasswordMode
  readonly state: ResetState
  /** Base64, made with the user's salt and parameters; undefined once forgotten (rule 14). */
  readonly digest: string | undefined
  /** Keyed hash of channel and destination: compares destinations without keeping them. */
  readonly destinationMac: string
  /** For people: `a***@acme.example`, `+86-138****0001`. */
  readonly destinationMasked: string
  readonly leaseToken: string | undefined
  readonly leaseExpiresAt: number | undefined
  /** Stable word: why it failed, is unknown, or was superseded. */
  readonly detail: string | undefined
  readonly gateway: string | undefined
  readonly preparedAt: number
  readonly settledAt: number | undefined
  /** A gateway took the message; under `keep-until-used` long before the reset is promoted, or without that. */
  readonly acceptedAt: number | undefined
  readonly promotedAt: number | undefined
  readonly usedAt: number | undefined
  /** End of the secret's life, fixed at `prepared` (rule 13). */
  readonly deadlineAt: number
  /** Somebody said that this was not them, and the user was frozen. */
  readonly disownedAt: number | undefined
}

/** A sign-in with the secret promotes it. */
export function isRedeemable(reset: Pick<Reset, 'state' | 'promotedAt'>): boolean {
  return (
    reset.state === 'sending' ||
    reset.state === 'unknown' ||
    (reset.state === 'accepted' && reset.promotedAt === undefined)
  )
}

/** It was the user's password, and ran out before anybody signed in with it: the user has none (the loud state). */
export function isExpiredUnused(reset: Pick<Reset, 'state' | 'promotedAt' | 'usedAt'>): boolean {
  return reset.state === 'expired' && reset.promotedAt !== undefined && reset.usedAt === undefined
}

export function isInFlight(reset: Pick<Reset, 'state'>): boolean {
  return reset.state === 'prepared' || reset.state === 'sending'
}
