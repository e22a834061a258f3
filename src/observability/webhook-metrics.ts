import { Counter, Gauge, type Registry } from 'prom-client'
import type { WebhookMeasures } from '../core/webhooks/measure-webhooks.ts'

export interface WebhookMetrics {
  /** An attempt to hand an event over ended. */
  webhookAttempt(outcome: 'delivered' | 'failed' | 'given_up' | 'stopped'): void
  /** Audit rows that retention removed before a webhook was told of them. */
  webhookMissed(rows: number): void
  /** What is on its way to the webhooks of all tenants. */
  webhooks(measures: WebhookMeasures): void
}

export function createWebhookMetrics(registers: Registry[]): WebhookMetrics {
  const attempts = new Counter({
    name: 'rekey_webhook_attempts_total',
    help: 'Attempts to hand an event to a webhook, by outcome',
    labelNames: ['outcome'],
    registers,
  })
  const missed = new Counter({
    name: 'rekey_webhook_audit_rows_missed_total',
    help: 'Audit rows that retention removed before a webhook was told of them',
    registers,
  })
  const gauge = (name: string, help: string) => new Gauge({ name, help, registers })
  const waiting = gauge('rekey_webhook_deliveries_waiting', 'Events on their way to webhooks, of all tenants')
  const givenUp = gauge('rekey_webhook_deliveries_given_up', 'Events listed that no attempt could deliver')
  const oldest = gauge(
    'rekey_webhook_oldest_waiting_seconds',
    'Age of the oldest event on its way to a webhook that is on',
  )
  const off = gauge('rekey_webhooks_off', 'Webhooks that are switched off')
  return {
    webhookAttempt: (outcome) => attempts.inc({ outcome }),
    webhookMissed: (rows) => missed.inc(rows),
    webhooks(measures) {
      waiting.set(measures.waiting)
      givenUp.set(measures.givenUp)
      oldest.set(measures.oldestWaitingMs / 1_000)
      off.set(measures.off)
    },
  }
}
