import type { Secret } from '../secret.ts'
import type { SendMode, Tenant } from '../tenants/tenant.ts'

/** "This was not me": what the edges may ask about it. Undefined, always: nothing that could be disowned, whatever the reason. */
export interface DisownCalls {
  /** For the page that asks before it acts: changes nothing. */
  findDisownable(tenant: Tenant, token: Secret): Promise<Disownable | undefined>
  /** @throws ApiError SDK.LOGIN.9002 too many calls from this address */
  disownReset(call: DisownCall): Promise<Disowned | undefined>
  /** The same by somebody who is signed in, about a reset of theirs. */
  disownOwnReset(call: DisownOwnCall): Promise<Disowned | undefined>
}

export interface Disownable {
  readonly about: 'reset' | 'password'
  /** When the reset began, or the password was changed. */
  readonly occurredAt: number
  /** IANA name of the zone that the reader knows times in. */
  readonly timeZone: string
  /** Where the reset's password was sent, of a reset only: channel and masked address. */
  readonly sentTo: { readonly channel: SendMode; readonly masked: string } | undefined
  /** The account was frozen for this, or for something later: there is nothing left to do. */
  readonly isDone: boolean
}

/** `done_before`: somebody was faster, or the account was frozen for something later; nothing changed now. */
export type Disowned = { readonly kind: 'frozen' | 'done_before' }

export interface DisownCall {
  readonly tenant: Tenant
  readonly token: Secret
  /** Of the network. */
  readonly address: string | undefined
  readonly requestId: string
}

export interface DisownOwnCall {
  readonly tenant: Tenant
  /** Who is signed in. */
  readonly userId: string
  readonly resetId: string
  readonly requestId: string
}
