import type { Seal } from '../../store/seal.ts'
import type { WebhookConfiguration } from '../../store/webhook-store.ts'
import { Secret } from '../secret.ts'
import { type Webhook, webhookContext } from '../webhooks/webhook.ts'
import type { WebhookEntry } from './tenant-file-schema.ts'
import { type RowChange, removal, rowChange } from './tenant-plan.ts'
import { WEBHOOK_TIMEOUT_MS_DEFAULT } from './webhook-fields.ts'

export interface WebhookSecrets {
  seal(webhook: Pick<Webhook, 'tenantId' | 'name'>, secret: string): string
  /** @throws Error when the master key is another one */
  open(webhook: Pick<Webhook, 'tenantId' | 'name'>, sealed: string): string
}

export function createWebhookSecrets(seal: Pick<Seal, 'seal' | 'open'>): WebhookSecrets {
  return {
    seal: (webhook, secret) => seal.seal(new Secret(secret), webhookContext(webhook)),
    open: (webhook, sealed) => seal.open(sealed, webhookContext(webhook)).reveal(),
  }
}

/** Compares with the secrets opened: sealing the same secret again gives other text, and is no change. */
export function planWebhooks(p: {
  readonly entries: readonly WebhookEntry[] | undefined
  readonly stored: readonly WebhookConfiguration[]
  readonly tenantId: string
  readonly isPruning: boolean
  readonly secrets: WebhookSecrets
}): readonly (RowChange<WebhookConfiguration> & { readonly kind: 'webhook' })[] {
  const byName = new Map(p.stored.map((webhook) => [webhook.name, webhook]))
  const named = new Set(p.entries?.map((entry) => entry.name))
  const removed = p.isPruning && p.entries !== undefined ? p.stored.filter((one) => !named.has(one.name)) : []
  const changes = (p.entries ?? []).flatMap((entry) => {
    const before = byName.get(entry.name)
    const after = toConfiguration(p, entry)
    const parts = (one: WebhookConfiguration) => ({
      url: one.url,
      events: one.events,
      secret: p.secrets.open(one, one.secretSealed),
      secret_previous:
        one.secretPreviousSealed === undefined ? undefined : p.secrets.open(one, one.secretPreviousSealed),
      timeout_ms: one.timeoutMs,
    })
    const change = rowChange({ before, after, id: entry.name, name: entry.name, parts })
    return change === undefined ? [] : [change]
  })
  return [...changes, ...removed.map((one) => removal(one, one.name, one.name))].map((change) => ({
    kind: 'webhook',
    ...change,
  }))
}

function toConfiguration(
  { tenantId, secrets }: { readonly tenantId: string; readonly secrets: WebhookSecrets },
  entry: WebhookEntry,
): WebhookConfiguration {
  const key = { tenantId, name: entry.name }
  return {
    ...key,
    url: entry.url,
    events: entry.events ?? ['*'],
    secretSealed: secrets.seal(key, entry.secret.reveal()),
    secretPreviousSealed: entry.secretPrevious ? secrets.seal(key, entry.secretPrevious.reveal()) : undefined,
    timeoutMs: entry.timeoutMs ?? WEBHOOK_TIMEOUT_MS_DEFAULT,
  }
}
