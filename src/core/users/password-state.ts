import type { Reset } from '../reset/reset-state.ts'
import type { UserWithCredential } from './user.ts'

/** What the user can sign in with, for people who look at the user. Only `delivered_unused` has an end. */
export type PasswordState =
  | { readonly kind: 'own' | 'delivered_used' | 'none' }
  | { readonly kind: 'delivered_unused'; readonly until: number }

/**
 * The state of the user's current password. A delivered one that expired counts as none from its deadline on, before
 * any sweeper has cleared it: it cannot be signed in with.
 * Without a password of the user's own, one that was delivered to be kept until used counts as what it will be.
 * @param current the reset whose password the credential is, or, where there is no password, the accepted one that is
 *   not promoted yet; undefined: there is none
 */
export function passwordStateOf(
  user: Pick<UserWithCredential, 'credential'>,
  current: Pick<Reset, 'state' | 'deadlineAt'> | undefined,
  now: number,
): PasswordState {
  const hasPassword = user.credential.digest !== undefined
  if (hasPassword && user.credential.resetId === undefined) {
    return { kind: 'own' }
  }
  if (hasPassword && current?.state === 'used') {
    return { kind: 'delivered_used' }
  }
  const isWaiting = current !== undefined && (hasPassword || current.state === 'accepted')
  return isWaiting && current.deadlineAt > now
    ? { kind: 'delivered_unused', until: current.deadlineAt }
    : { kind: 'none' }
}
