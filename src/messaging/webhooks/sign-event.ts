import { Webhook } from 'standardwebhooks'
import type { Secret } from '../../core/secret.ts'

/** Headers that prove who sent an event and when, as Standard Webhooks has them; one signature for each secret. */
export function signEvent(
  event: { readonly id: string; readonly payload: string; readonly secrets: readonly Secret[] },
  nowMs: number,
): Readonly<Record<string, string>> {
  const now = new Date(nowMs)
  return {
    'webhook-id': event.id,
    'webhook-timestamp': String(Math.floor(nowMs / 1_000)),
    'webhook-signature': event.secrets
      .map((secret) => new Webhook(secret.reveal()).sign(event.id, now, event.payload))
      .join(' '),
  }
}
