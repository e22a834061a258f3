import type { MessageSender } from '../../messaging/message-sender.ts'
import type { Store } from '../../store/store.ts'
import type { Clock } from '../clock.ts'
import type { PasswordHasher } from '../password/password-hasher.ts'
import type { RandomBytes } from '../randomness.ts'
import type { Reset } from './reset-state.ts'
import type { SharedResets } from './share-reset.ts'

/** Everything the reset workflow uses. */
export interface ResetDeps {
  readonly store: Store
  readonly sender: MessageSender
  readonly hasher: PasswordHasher
  readonly clock: Clock
  readonly random: RandomBytes
  /** Keyed hash that belongs to this installation. */
  readonly mac: (purpose: string, value: string) => string
  /** Makes the address of a notice illegible in the database; `context` says whose it is. */
  readonly sealAddress: (address: string, context: string) => string
  /** The configured address of this server, shown in messages. */
  readonly publicUrl: string | undefined
  readonly shared: SharedResets
  /** A call is answered within this time. */
  readonly callDeadlineMs: number
  /** A lease lives this much longer than its call: time for an outcome to be written down. */
  readonly leaseGraceMs: number
  /** Told once for each reset that settled. Metrics and logs hang here. */
  readonly onSettled: (reset: Reset) => void
  /** Told once when a user's third unused reset of a day begins. */
  readonly onStorm: (reset: Reset) => void
  /** Told of what went wrong without changing the answer; goes to the log. */
  readonly onTrouble: (trouble: { readonly resetId: string; readonly cause: unknown }) => void
  /** Reached in this order; nothing happens there but in crash tests, which end the process. */
  readonly reached: (point: ResetPoint) => void | Promise<void>
}

/** Where a process can stop in the middle of a reset: the rows of the protocol's crash table. */
export type ResetPoint =
  | 'before-prepared-commits'
  | 'prepared'
  | 'sending'
  | 'handing-over'
  | 'gateway-answered'
  | 'before-accepted-commits'
  | 'accepted'
