import PostalMime from 'postal-mime'
import type { Reset } from '../../src/core/reset/reset-state.ts'
import type { Tenant } from '../../src/core/tenants/tenant.ts'
import type { Store } from '../../src/store/store.ts'
import type { Answer, ApiClient } from '../support/api-client.ts'
import type { TestDatabaseKind } from '../support/databases.ts'
import { type SeededUser, seedGateway } from '../support/seed-tenant.ts'
import type { SmsSink } from '../support/sms-sink.ts'
import { type SmtpRefusal, type SmtpSink, startSmtpSink } from '../support/smtp-sink.ts'
import { startApp, type TestApp } from '../support/start-app.ts'
import { waitUntil } from '../support/wait-until.ts'
import { createGate, type Gate } from './gate.ts'
import { createSharingClock, type SharingClock } from './sharing-clock.ts'

/** What a gateway says at last of a message that it holds. */
export type Verdict = 'accepts' | 'refuses with 554' | 'refuses with 451' | 'drops'
export const verdicts: readonly Verdict[] = ['accepts', 'refuses with 554', 'refuses with 451', 'drops']

export interface RaceApp extends TestApp {
  /** Between either gateway's having taken a message and its answer. */
  readonly gate: Gate
  readonly sharingClock: SharingClock
  /** The mail gateway that is tried after the first: it takes everything. */
  readonly backup: SmtpSink
  /** Lets the first mail gateway speak about the mail that it holds, and take whatever comes after. */
  decide(verdict: Verdict): void
  /** The mail gateway holds this user's message: the reset is `sending`. */
  startHeldReset(user: SeededUser): Promise<{ readonly answer: Promise<Answer>; readonly password: string }>
}

/** The whole server in this process, with gateways that can be held between a message and its answer. */
export async function startRaceApp(kind: TestDatabaseKind): Promise<RaceApp> {
  const gate = createGate()
  const sharingClock = createSharingClock()
  let refusal: SmtpRefusal | undefined
  function pronounce(): SmtpRefusal | undefined {
    const pronounced = refusal
    refusal = undefined
    return pronounced
  }
  const app = await startApp(kind, {
    app: { clock: sharingClock },
    smtp: { beforeAnswer: gate.pass, verdict: pronounce },
    // they would meet the gate, and come between the resets
    notices: { passwordChanged: false, contactChanged: false, accountLocked: false },
  })
  app.sms.beforeAnswer = gate.pass
  await makePatient(app.database.store, app.tenant, app)
  const backup = await startSmtpSink()
  await seedGateway(app.database.store, app.tenant, {
    name: 'backup',
    channel: 'EMAIL',
    kind: 'smtp',
    settings: { url: backup.url, from: 'it@acme.example' },
    priority: 2,
  })

  return {
    ...app,
    gate,
    sharingClock,
    backup,
    decide(verdict) {
      if (verdict === 'drops') {
        app.smtp.dropConnections()
      } else if (verdict !== 'accepts') {
        refusal = { code: Number(verdict.slice(-3)), text: 'not this one' }
      }
      gate.open()
    },
    async startHeldReset(user) {
      gate.shut()
      const answer = app.client.resetPassword(user.id, 'EMAIL')
      await waitUntil(async () => gate.held === 1)
      return { answer, password: await app.readMailedPassword() }
    },
    async close() {
      await app.close()
      await backup.close()
    },
  }
}

/** Gateways that may be held for long, and messages that say which reset they belong to. */
export async function makePatient(
  store: Store,
  tenant: Tenant,
  sinks: { readonly smtp: SmtpSink; readonly sms: SmsSink },
): Promise<void> {
  const timeout_ms = 20_000
  await seedGateway(store, tenant, {
    name: 'mail',
    channel: 'EMAIL',
    kind: 'smtp',
    settings: { url: sinks.smtp.url, from: 'IT <it@acme.example>', timeout_ms },
  })
  const body = '{"to":"{{ to }}","text":"{{ text }}"}'
  await seedGateway(store, tenant, {
    name: 'sms',
    channel: 'SMS',
    kind: 'sms-http',
    settings: { url: sinks.sms.url, method: 'POST', headers: {}, body, timeout_ms },
  })
  const common = { tenantId: tenant.id, event: 'reset-password', language: 'en', html: undefined } as const
  const text = 'Your new password: [{{ password }}] of {{ reference }}.'
  await store.transaction(async (repositories) => {
    await repositories.templates.put({ ...common, channel: 'EMAIL', subject: 'New password', text })
    await repositories.templates.put({ ...common, channel: 'SMS', subject: undefined, text })
  })
}

/** The password of each reset whose message reached this user, by either channel. */
export async function readDelivered(
  sinks: { readonly smtp: SmtpSink; readonly sms: SmsSink },
  user: SeededUser,
): Promise<ReadonlyMap<string, string>> {
  const mails = sinks.smtp.mails.filter((mail) => mail.to.includes(user.email ?? ''))
  const texts = await Promise.all(mails.map(async (mail) => (await PostalMime.parse(mail.raw)).text ?? ''))
  const requests = sinks.sms.requests.map(({ body }) => JSON.parse(body) as { to: string; text: string })
  const digits = (number: string) => number.replaceAll(/\D/g, '')
  const ofUser = requests.filter(({ to }) => digits(to) === digits(user.mobile ?? ''))
  return new Map(
    [...texts, ...ofUser.map(({ text }) => text)].map((text) => {
      const [, password = '', resetId = ''] = /\[(\S+)\] of ([\w-]+)\./.exec(text) ?? []
      return [resetId, password]
    }),
  )
}

/** All of the user, oldest first. */
export async function listResets(store: Store, user: SeededUser): Promise<readonly Reset[]> {
  return (await store.read.resets.list(user.tenantId, user.id, 100)).toReversed()
}

/**
 * Resolves when calls that were sent before have passed admission and found their user: others that take the same way
 * have come back several times since.
 */
export async function comeBack(clients: readonly ApiClient[], user: SeededUser): Promise<void> {
  for (let round = 0; round < 5; round += 1) {
    await Promise.all(
      clients.map(async (client) => {
        const headers = { authorization: `Bearer ${await client.token()}` }
        await client.call('GET', `/api/v2/tenant/users/${user.id}`, { headers })
      }),
    )
  }
}
