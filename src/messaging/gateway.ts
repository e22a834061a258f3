import type { Secret } from '../core/secret.ts'

export type Channel = 'EMAIL' | 'SMS'

/** A rendered message. Everything that may hold the password is a Secret. */
export interface OutgoingMessage {
  readonly channel: Channel
  /** Address as the channel wants it: `a@b.example`, or E.164 `+8613800000001`. */
  readonly to: string
  /** Mail only; never holds the password. */
  readonly subject: string
  readonly text: Secret
  /** Mail only. */
  readonly html: Secret | undefined
  /** For gateways that fill a template of the vendor's: the same values the text was rendered from. */
  readonly variables: Readonly<Record<string, string | Secret>>
  /** The reset's id: part of the Message-ID, shown as `{{ reference }}`. */
  readonly reference: string
}

/**
 * Why a gateway did not take a message: stable words, sent as `X-Error-Detail` and kept with the attempt.
 */
export type GatewayReason =
  | 'gateway_unreachable' // DNS, connect, greeting
  | 'gateway_timeout'
  | 'gateway_connection_lost'
  | 'gateway_tls'
  | 'gateway_auth'
  | 'gateway_refused' // an answer that says no, for this gateway
  | 'gateway_busy' // no slot in time
  | 'gateway_protocol' // an answer that cannot be understood, before hand-over
  | 'recipient_refused'
  | 'message_refused'
  | 'template_invalid'
  | 'stopped' // mayHandOver said no: nothing was sent
  | 'store_unavailable' // the attempt could not be recorded: nothing was sent
  | 'internal_error' // a defect of ours; unless the outcome is unknown, before hand-over: nothing was sent

/** How one hand-over to one gateway ended (reset protocol, rule 3). `reply` may quote the gateway; scrub before storing. */
export type AttemptOutcome =
  | { readonly kind: 'accepted'; readonly reply: string }
  | { readonly kind: 'refused-here'; readonly reason: GatewayReason; readonly reply: string }
  | { readonly kind: 'refused-recipient'; readonly reason: GatewayReason; readonly reply: string }
  | { readonly kind: 'unknown'; readonly reason: GatewayReason; readonly reply: string }

export interface HandOver {
  /** Monotonic milliseconds after which the attempt must have ended. */
  readonly deadlineMonotonicMs: number
  /** Called directly before the first byte of the message's body leaves. False: send nothing, end as refused-here/stopped. */
  mayHandOver(): Promise<boolean>
}

export interface GatewaySlot {
  /** Hands the message over once. Never throws: every end is an outcome. */
  send(message: OutgoingMessage, handOver: HandOver): Promise<AttemptOutcome>
  /** Gives the slot back; safe to call twice. */
  release(): void
}

/** One way out on a channel. Bounded: at most as many hand-overs at once as it has slots. */
export interface Gateway {
  readonly name: string
  readonly channel: Channel
  /** A free slot, or undefined when none came free within `waitMsMax`. */
  acquireSlot(waitMsMax: number): Promise<GatewaySlot | undefined>
  close(): Promise<void>
}
