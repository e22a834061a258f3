import type {
  MessageSender,
  MessageVariables,
  SendOutcome,
  VariablesOfEveryMessage,
} from '../../messaging/message-sender.ts'
import type { Store } from '../../store/store.ts'
import { type Clock, SECOND_MS } from '../clock.ts'
import { signInUrlOf } from '../tenants/sign-in-url.ts'
import type { SendMode, Tenant } from '../tenants/tenant.ts'
import type { User } from '../users/user.ts'
import type { TemplateEvent } from './template-event.ts'

/** For all gateways of the channel. */
const SEND_MS_MAX = 10 * SECOND_MS

export interface SendQueuedDeps {
  readonly store: Pick<Store, 'read'>
  readonly sender: Pick<MessageSender, 'send'>
  readonly clock: Clock
  /** The configured address of this server. */
  readonly publicUrl: string | undefined
}

/** What becomes of a row that waited to be sent: done with, or, where nothing has left, tried again. */
export type QueuedEnd =
  | { readonly kind: 'sent'; readonly gateway: string }
  | { readonly kind: 'given_up' | 'unknown' | 'put_off'; readonly reason: string }

/** What is said in every message comes from user and tenant. */
type OwnVariables<V> = V extends MessageVariables ? Omit<V, keyof VariablesOfEveryMessage> : never

/**
 * Sends one message of a queue whose row this process has claimed, in the user's language, then the organisation's, then
 * the tenant's. A gateway that refused may take it later; a recipient that was refused, or may have it, gets none again.
 * @throws Error before a hand-over only: nothing has left
 */
export async function sendQueued(
  deps: SendQueuedDeps,
  message: {
    readonly tenant: Tenant
    readonly user: User
    readonly channel: SendMode
    readonly event: TemplateEvent
    readonly to: string
    readonly reference: string
    readonly variables: OwnVariables<MessageVariables>
  },
): Promise<QueuedEnd> {
  const { tenant, user } = message
  const organization =
    user.organizationId === undefined
      ? undefined
      : await deps.store.read.organizations.find(tenant.id, user.organizationId)
  const languages = [user.language, organization?.language, tenant.language]
  const deadlineMonotonicMs = deps.clock.monotonicMs() + SEND_MS_MAX
  const common: VariablesOfEveryMessage = {
    name: user.name,
    userName: user.userName,
    timeZone: user.timeZone ?? tenant.timeZone,
    tenantName: tenant.name,
    reference: message.reference,
    signInUrl: signInUrlOf(tenant, deps.publicUrl),
    support: tenant.settings.messages.support,
  }
  return endOf(
    await deps.sender.send({
      tenantId: tenant.id,
      channel: message.channel,
      event: message.event,
      languages: languages.filter((language) => language !== undefined),
      to: message.to,
      variables: { ...common, ...message.variables },
      deadlineMonotonicMs,
      // the claim is on record already, and it is this process's alone
      recordAttempt: async () => ({ deadlineMonotonicMs, mayHandOver: async () => true }),
    }),
  )
}

function endOf(outcome: SendOutcome): QueuedEnd {
  switch (outcome.kind) {
    case 'accepted':
      return { kind: 'sent', gateway: outcome.gateway }
    case 'unknown':
      return { kind: 'unknown', reason: outcome.reason }
    case 'refused':
      return { kind: outcome.reason === 'recipient_refused' ? 'given_up' : 'put_off', reason: outcome.reason }
    case 'stopped':
      return { kind: 'put_off', reason: 'stopped' }
  }
}
