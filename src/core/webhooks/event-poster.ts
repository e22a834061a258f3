import type { Secret } from '../secret.ts'

/** Why a receiver did not take an event: stable words for people and machines. */
export type FailureReason =
  | 'status'
  | 'redirect'
  | 'gone'
  | 'timeout'
  | 'unreachable'
  | 'unknown_host'
  | 'private_address'
  | 'http_not_allowed'
  | 'tls'
  | 'connection_lost'
  | 'protocol'
  | 'stopped'
  | 'secret_unreadable'
  | 'internal_error'

/** How one attempt ended. */
export type PostOutcome =
  | { readonly kind: 'delivered'; readonly status: number }
  | {
      readonly kind: 'failed'
      readonly reason: FailureReason
      readonly status?: number
      /** What the receiver asks for. */
      readonly retryAfterMs?: number
      /** For people: what was seen. */
      readonly note?: string
    }

export interface SignedEvent {
  readonly url: string
  /** `webhook-id`. */
  readonly id: string
  readonly payload: string
  /** The newest first; each signs. */
  readonly secrets: readonly Secret[]
  readonly timeoutMs: number
  /** Ends the attempt at once: the process stops. */
  readonly signal?: AbortSignal
}

/** Signs an event and hands it over, once; never throws. */
export type PostEvent = (event: SignedEvent) => Promise<PostOutcome>
