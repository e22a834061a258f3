import type { TemplateEvent } from '../core/notices/template-event.ts'
import type { ChannelLimits } from '../core/password/channel-limits.ts'
import type { Secret } from '../core/secret.ts'
import type { AttemptOutcome, Channel, GatewayReason, HandOver } from './gateway.ts'

/** Values that templates may show; times are formatted for the reader by the renderer. */
export interface VariablesOfEveryMessage {
  readonly name: string
  readonly userName: string
  /** In which the reader reads times. */
  readonly timeZone: string
  readonly tenantName: string
  readonly reference: string
  /** From the configuration, never from a request; undefined: not known. */
  readonly signInUrl?: string | undefined
  /** Whom to call; undefined: the tenant does not say. */
  readonly support?: string | undefined
}

export interface ResetMessageVariables extends VariablesOfEveryMessage {
  /** Where the reader says that this was not them; undefined: no address of ours is known. */
  readonly notMeUrl?: string | undefined
  readonly password: Secret
  readonly issuedAt: number
  readonly expiresAt: number
}

export interface NoticeVariables extends VariablesOfEveryMessage {
  readonly occurredAt: number
  /** `password-changed` only: as above. */
  readonly notMeUrl?: string | undefined
  /** `account-locked` only. */
  readonly lockedUntil?: number | undefined
  /** `contact-changed` only: which one. */
  readonly contact?: Channel | undefined
}

export interface CodeVariables extends VariablesOfEveryMessage {
  readonly code: Secret
  readonly issuedAt: number
  readonly expiresAt: number
}

export type MessageVariables = ResetMessageVariables | NoticeVariables | CodeVariables

/** What of a message only its reader may see; undefined: nothing. */
export function secretIn(
  variables: MessageVariables,
): { readonly name: 'password' | 'code'; readonly value: Secret } | undefined {
  if ('password' in variables) return { name: 'password', value: variables.password }
  return 'code' in variables ? { name: 'code', value: variables.code } : undefined
}

export interface SendRequest {
  readonly tenantId: string
  readonly channel: Channel
  readonly event: TemplateEvent
  /** First that has a template wins: the employee's, the organisation's, the tenant's. */
  readonly languages: readonly string[]
  /** As stored with the user: mail address, or `+86-13800000001`. */
  readonly to: string
  /** Those of the event. */
  readonly variables: MessageVariables
  /** No attempt starts or lasts beyond this. */
  readonly deadlineMonotonicMs: number
  /**
   * Makes the attempt durable before its first byte leaves (reset protocol, rule 2), after a slot of the gateway
   * was taken. `previous` is how the attempt before ended. Undefined: the reset moved on, stop.
   */
  recordAttempt(gatewayName: string, previous: AttemptOutcome | undefined): Promise<HandOver | undefined>
}

export type SendOutcome =
  | { readonly kind: 'accepted'; readonly gateway: string; readonly reply: string }
  /** Every gateway refused definitely, or none was reached, or the recipient was refused. `gateway` absent: none was tried. */
  | {
      readonly kind: 'refused'
      readonly reason: GatewayReason
      readonly gateway: string | undefined
      readonly reply: string
    }
  | {
      readonly kind: 'unknown'
      readonly reason: GatewayReason
      readonly gateway: string
      readonly reply: string
    }
  /** recordAttempt said stop. */
  | { readonly kind: 'stopped' }

export interface MessageSender {
  /** True when the tenant has an enabled gateway of this channel. */
  hasGateway(tenantId: string, channel: Channel): Promise<boolean>
  /** What every enabled gateway of this channel carries as a variable. */
  limitsOf(tenantId: string, channel: Channel): Promise<ChannelLimits>
  /** Tries the tenant's gateways by priority. Replies are already scrubbed of the password and ≤ 200 characters. */
  send(request: SendRequest): Promise<SendOutcome>
  close(): Promise<void>
}
