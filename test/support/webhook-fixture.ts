import { randomBytes, randomUUID } from 'node:crypto'
import { Webhook as Verifier } from 'standardwebhooks'
import { afterAll, beforeAll } from 'vitest'
import type { AuditRow } from '../../src/audit/audit-row.ts'
import { sealAudit } from '../../src/core/audit/seal-audit.ts'
import { systemRandomBytes } from '../../src/core/randomness.ts'
import { Secret } from '../../src/core/secret.ts'
import type { Tenant } from '../../src/core/tenants/tenant.ts'
import { createWebhookSender, type SendWebhooksDeps } from '../../src/core/webhooks/send-webhooks.ts'
import { type WalkDeps, walkRecord } from '../../src/core/webhooks/walk-record.ts'
import { type Delivery, type Webhook, webhookContext } from '../../src/core/webhooks/webhook.ts'
import { createEventPoster } from '../../src/messaging/webhooks/create-event-poster.ts'
import { createSeal, type Seal } from '../../src/store/seal.ts'
import type { Store } from '../../src/store/store.ts'
import type { WebhookConfiguration } from '../../src/store/webhook-store.ts'
import { anAuditRow } from './audit-fixture.ts'
import { openTestDatabase, type TestDatabase, type TestDatabaseKind } from './databases.ts'
import { seedTenant } from './seed-tenant.ts'
import { type ReceivedSmsRequest, type SmsSink, startSmsSink } from './sms-sink.ts'
import { createTestClock, type TestClock } from './test-clock.ts'

export const newWebhookSecret = () => `whsec_${randomBytes(32).toString('base64')}`

export interface SeededWebhook {
  readonly key: Pick<Webhook, 'tenantId' | 'name'>
  readonly secret: string
}

export async function seedWebhook(
  { store, seal }: { readonly store: Store; readonly seal: Pick<Seal, 'seal'> },
  tenant: Tenant,
  change: Partial<WebhookConfiguration> & { readonly url: string },
): Promise<SeededWebhook> {
  const key = { tenantId: tenant.id, name: change.name ?? `hook-${randomUUID().slice(0, 8)}` }
  const secret = newWebhookSecret()
  const webhook: WebhookConfiguration = {
    events: ['*'],
    secretSealed: seal.seal(new Secret(secret), webhookContext(key)),
    secretPreviousSealed: undefined,
    timeoutMs: 2_000,
    ...change,
    ...key,
  }
  await store.transaction(async ({ webhooks, now }) => webhooks.insert(webhook, await now()))
  return { key, secret }
}

export interface ReceivedEvent {
  readonly id: string
  readonly type: string
  readonly timestamp: string
  readonly data: Readonly<Record<string, unknown>>
}

/** As a receiver reads it. @throws when the signature is not of this secret */
export function verifyEvent({ headers, body }: ReceivedSmsRequest, secret: string): ReceivedEvent {
  const sent = new Verifier(secret).verify(body, headers as Record<string, string>)
  return { ...(sent as Omit<ReceivedEvent, 'id'>), id: String(headers['webhook-id']) }
}

export interface WebhookFixture {
  readonly clock: TestClock
  readonly database: TestDatabase
  readonly seal: Seal
  readonly receiver: SmsSink
  tenant(): Promise<Tenant>
  webhook(tenant: Tenant, change?: Partial<WebhookConfiguration>): Promise<SeededWebhook>
  find(webhook: SeededWebhook): Promise<Webhook>
  deliveries(webhook: SeededWebhook): Promise<readonly Delivery[]>
  /** On record, and sealed unless said otherwise. */
  append(tenant: Tenant, ...rows: readonly Partial<AuditRow>[]): Promise<void>
  sealRecord(): Promise<void>
  walk(change?: Partial<WalkDeps>): Promise<number>
  /** One look at what is due, to its end. */
  send(change?: Partial<SendWebhooksDeps>): Promise<void>
  /** What the walks and the sender told of. */
  readonly told: string[]
}

/** Webhooks over a real store and a real receiver, for the tests of the surrounding `describe`. */
export function useWebhooks(kind: TestDatabaseKind): () => WebhookFixture {
  let fixture: WebhookFixture | undefined
  beforeAll(async () => {
    fixture = await createFixture(kind)
  })
  afterAll(async () => {
    await fixture?.receiver.close()
    await fixture?.database.close()
  })
  return () => {
    if (fixture === undefined) {
      throw new Error('the database is not open yet')
    }
    return fixture
  }
}

async function createFixture(kind: TestDatabaseKind): Promise<WebhookFixture> {
  const clock = createTestClock()
  const database = await openTestDatabase(kind, { clock })
  const { store } = database
  const seal = createSeal(randomBytes(32))
  const receiver = await startSmsSink()
  const told: string[] = []
  const deps = depsOf({ clock, store, seal, told })
  const sealRecord = async () => {
    await sealAudit({
      ...{ store, clock, mac: seal.mac, holder: 'process-1' },
      onSealed: () => undefined,
      onOldestUnsealed: () => undefined,
      onTrouble: ({ cause }) => void told.push(String(cause)),
    })
  }
  return {
    ...{ clock, database, seal, receiver, told, sealRecord },
    tenant: () => seedTenant(store),
    webhook: (tenant, change) => seedWebhook({ store, seal }, tenant, { url: receiver.url, ...change }),
    async find({ key }) {
      const found = await store.read.webhooks.find(key)
      if (found === undefined) throw new Error(`there is no webhook ${key.name}`)
      return found
    },
    async deliveries({ key }) {
      const states = ['waiting', 'given_up', 'delivered'] as const
      const page = { pageIndex: 0, pageSize: 1_000 }
      const pages = states.map((state) => store.read.webhookDeliveries.listPage(key.tenantId, state, page))
      const all = (await Promise.all(pages)).flatMap(({ deliveries }) => deliveries)
      return all.filter(({ webhook }) => webhook === key.name)
    },
    async append(tenant, ...rows) {
      await store.transaction(async ({ audit }) => {
        for (const row of rows) await audit.append(anAuditRow(tenant.id, row))
      })
      await sealRecord()
    },
    walk: (change) => walkRecord({ ...deps, ...change }),
    async send(change) {
      const sender = createWebhookSender({ ...deps, ...change })
      await sender.begin()
      await sender.settle()
    },
  }
}

function depsOf(p: {
  readonly clock: TestClock
  readonly store: Store
  readonly seal: Seal
  readonly told: string[]
}): WalkDeps & SendWebhooksDeps {
  const { clock, store, told } = p
  return {
    ...{ clock, store, random: systemRandomBytes, openSecret: p.seal.open },
    // the receiver checks the time by a clock of its own
    post: createEventPoster({ clock: { now: Date.now }, privateHosts: ['127.0.0.1'] }),
    handedOver: () => undefined,
    onAttempt: (outcome) => void told.push(outcome),
    onMissed: ({ rows }) => void told.push(`missed ${rows}`),
    onSwitchedOff: (_webhook, reason) => void told.push(`off ${reason}`),
    onGivenUp: (_delivery, reason) => void told.push(`given up ${reason}`),
    onTrouble: ({ cause }) => void told.push(`trouble ${String(cause)}`),
  }
}
