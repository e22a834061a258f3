import type { Store } from '../../store/store.ts'
import type { PasswordHasher } from '../password/password-hasher.ts'
import type { PasswordJudges } from '../password/password-judges.ts'
import type { RandomBytes } from '../randomness.ts'
import type { Reset } from '../reset/reset-state.ts'
import type { IdTokenSigner } from '../tokens/id-token-signer.ts'
import type { AddressLimit } from './address-limit.ts'
import type { HashUpgrades } from './upgrade-hash.ts'

/** Everything that signing in, and changing one's own password, uses. */
export interface SignInDeps {
  readonly store: Pick<Store, 'read' | 'transaction'>
  readonly hasher: PasswordHasher
  readonly judges: PasswordJudges
  readonly signer: IdTokenSigner
  readonly random: RandomBytes
  /** Keyed hash that belongs to this installation. */
  readonly mac: (purpose: string, value: string) => string
  /** Makes the address of a notice illegible in the database; `context` says whose it is. */
  readonly sealAddress: (address: string, context: string) => string
  readonly addresses: AddressLimit
  readonly hashUpgrades: HashUpgrades
  /** A sign-in ended a reset whose deadline was over, before recovery did. */
  readonly onSettled: (reset: Reset) => void
}
