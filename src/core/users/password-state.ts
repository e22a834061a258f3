import type { Reset } from '../reset/reset-state.ts'
import type { UserWithCredential } from './user.ts'

/** What the user can sign in with, for people who look at the user. Only `delivered_unused` has an end. */
export type PasswordState =
  | { readonly kind: 'own' | 'delivered_used' | 'none' }
  | { readonly kind: 'delivered_unused'; readonly until: number }

/**
 * The state of the user's current password. A delivered one that expired counts as none from its deadline on, before
 * any sweeper has cleared it: it cannot be signed in with.
 * @param current the reset whose password the credential is; undefined: there is none
 */
export function passwordStateOf(
  user: Pick<UserWithCredential, 'credential'>,
  current: Pick<Reset, 'state' | 'deadlineAt'> | undefined,
  now: number,
): PasswordState {
  if (user.credential.digest === undefined) {
    return { kind: 'none' }
  }
  if (user.credential.resetId === undefined) {
    return { kind: 'own' }
  }
  if (current?.state === 'used') {
    return { kind: 'delivered_used' }
  }
  return current !== undefined && current.deadlineAt > now
    ? { kind: 'delivered_unused', until: current.deadlineAt }
    : { kind: 'none' }
}
