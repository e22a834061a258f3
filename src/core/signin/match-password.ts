import type { SignInSecret, SignInView } from '../../store/store.ts'
import { digestsEqual } from '../password/create-password-hasher.ts'
import { isImportedHash } from '../password/imported-hash.ts'
import type { HashQueue, PasswordHasher } from '../password/password-hasher.ts'
import { isRedeemable } from '../reset/reset-state.ts'
import type { Secret } from '../secret.ts'
import type { UserWithCredential } from '../users/user.ts'

/** What a typed password turned out to be. */
export type PasswordMatch =
  | { readonly kind: 'none' }
  /** The current password, chosen by the user or set otherwise than by a reset. */
  | { readonly kind: 'own' }
  /** The current password, and it came from a reset. */
  | { readonly kind: 'delivered'; readonly secret: SignInSecret }
  /** Of a reset that is not promoted yet. */
  | { readonly kind: 'redeemable'; readonly secret: SignInSecret }
  /** Of a reset that something newer, or time, has ended. */
  | { readonly kind: 'recognised'; readonly secret: SignInSecret }

/** A digest, and what it was made with: it can be compared with whatever was made with the same. */
export interface HashedPassword {
  readonly digest: string
  readonly salt: string
  readonly parameters: string
  /** What became of the comparison with the imported hash that the user had; undefined: the user had none. */
  readonly imported?: { readonly hash: string; readonly isEqual: boolean }
}

// any fixed salt does: nothing is ever equal to what comes out
const DECOY_SALT = Buffer.alloc(16).toString('base64')

/**
 * Hashes once, whoever is asked for: nobody's password costs what somebody's does (reset protocol, rule 6). Only a user
 * whose current hash is of an imported kind costs one more; resets of that user are hashed as everybody's.
 * @throws ApiError REQUEST.9011
 */
export async function hashTypedPassword(
  hasher: PasswordHasher,
  password: Secret,
  user: UserWithCredential | undefined,
  lane: HashQueue,
): Promise<HashedPassword> {
  const salt = user?.credential.salt ?? DECOY_SALT
  const parameters = user?.credential.parameters ?? hasher.parameters
  const digest = await hasher.hash(password, salt, parameters, lane)
  const importedHash = importedHashOf(user)
  if (importedHash === undefined) {
    return { digest, salt, parameters }
  }
  const isEqual = await hasher.matchesImported(password, importedHash, lane)
  return { digest, salt, parameters, imported: { hash: importedHash, isEqual } }
}

function importedHashOf(user: UserWithCredential | undefined): string | undefined {
  const digest = user?.credential.digest
  return digest !== undefined && isImportedHash(digest) ? digest : undefined
}

/** Whether the digest says anything about this user, as the user is now. */
export function isComparable(hashed: HashedPassword, user: UserWithCredential): boolean {
  const { salt, parameters } = user.credential
  const importedHash = importedHashOf(user)
  return (
    hashed.salt === salt &&
    hashed.parameters === parameters &&
    (importedHash === undefined || hashed.imported?.hash === importedHash)
  )
}

export function isCurrentPassword(hashed: HashedPassword, user: UserWithCredential): boolean {
  const { digest } = user.credential
  if (digest === undefined || !isComparable(hashed, user)) {
    return false
  }
  return isImportedHash(digest) ? hashed.imported?.isEqual === true : digestsEqual(hashed.digest, digest)
}

/** Compares with everything that may be tried, in every case (reset protocol, rule 13). */
export function matchPassword(hashed: HashedPassword, view: SignInView): PasswordMatch {
  const isCurrent = isCurrentPassword(hashed, view.user)
  const equal = view.secrets.filter((secret) => digestsEqual(hashed.digest, secret.digest))
  const redeemable = equal.find(isRedeemable)
  if (redeemable !== undefined) {
    return { kind: 'redeemable', secret: redeemable }
  }
  const ofReset = isCurrent
    ? equal.find((secret) => secret.resetId === view.user.credential.resetId)
    : undefined
  if (ofReset?.state === 'accepted' || ofReset?.state === 'used') {
    return { kind: 'delivered', secret: ofReset }
  }
  if (isCurrent && ofReset === undefined) {
    return { kind: 'own' }
  }
  // newest first: the newest says what became of it
  const [recognised] = equal
  return recognised === undefined ? { kind: 'none' } : { kind: 'recognised', secret: recognised }
}
