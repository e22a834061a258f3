import type { Channel, Gateway, GatewaySlot, OutgoingMessage } from '../gateway.ts'

/** A message as its reader sees it. Holds the password in clear: for the demo only. */
export interface MailboxMessage {
  /** Unix milliseconds. */
  readonly at: number
  readonly channel: Channel
  readonly to: string
  readonly subject: string
  readonly text: string
  readonly html: string | undefined
}

export interface Mailbox {
  put(message: MailboxMessage): void
  /** Newest first. */
  list(): readonly MailboxMessage[]
  clear(): void
}

/** Keeps the newest messages in memory, and nowhere else. */
export function createMailbox(options: { readonly messagesMax: number }): Mailbox {
  let messages: readonly MailboxMessage[] = []
  return {
    put(message) {
      messages = [message, ...messages].slice(0, options.messagesMax)
    },
    list: () => messages,
    clear() {
      messages = []
    },
  }
}

/** Puts every message into the demo's mailbox; exists only where one is handed in. */
export function createMailboxGateway(
  spec: { readonly name: string; readonly channel: Channel },
  mailbox: Mailbox,
  now: () => number,
): Gateway {
  const slot: GatewaySlot = {
    async send(message, handOver) {
      try {
        if (!(await handOver.mayHandOver())) {
          return { kind: 'refused-here', reason: 'stopped', reply: '' }
        }
      } catch {
        return { kind: 'refused-here', reason: 'store_unavailable', reply: '' }
      }
      mailbox.put(toMailboxMessage(message, now()))
      return { kind: 'accepted', reply: 'in the mailbox' }
    },
    release() {},
  }
  return { ...spec, acquireSlot: async () => slot, close: async () => {} }
}

function toMailboxMessage(message: OutgoingMessage, at: number): MailboxMessage {
  return {
    at,
    channel: message.channel,
    to: message.to,
    subject: message.subject,
    text: message.text.reveal(),
    html: message.html?.reveal(),
  }
}
