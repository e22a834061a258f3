import type { Core } from '../core/core.ts'
import type { RandomBytes } from '../core/randomness.ts'

/** Everything the pages are given; they reach nothing else. */
export interface SiteDeps {
  readonly core: Core
  readonly random: RandomBytes
  /** Keyed hash that belongs to this installation. */
  readonly mac: (purpose: string, value: string) => string
  /** Given, in the demo: shown on the sign-in page, with the address of the mailbox. */
  readonly demo?: { readonly mailboxPath: string }
}
