import { randomBytes } from 'node:crypto'
import PostalMime from 'postal-mime'
import { afterAll, beforeAll } from 'vitest'
import { type App, type AppOptions, openApp } from '../../src/app.ts'
import { loadSettings } from '../../src/config/load.ts'
import {
  defaultTenantSettings,
  type NoticeSettings,
  type OldPasswordMode,
  type ResetLimits,
  type Tenant,
  type TenantSettings,
} from '../../src/core/tenants/tenant.ts'
import type { UserWithCredential } from '../../src/core/users/user.ts'
import { type ApiClient, createApiClient } from './api-client.ts'
import { openTestDatabase, type TestDatabase, type TestDatabaseKind } from './databases.ts'
import { addEvidence, evidenceFolder } from './evidence.ts'
import {
  cheapHashParameters,
  type SeededApplication,
  type SeededUser,
  seedApplication,
  seedGateway,
  seedTenant,
  seedUser,
} from './seed-tenant.ts'
import { type SmsSink, startSmsSink } from './sms-sink.ts'
import { type SmtpSink, startSmtpSink } from './smtp-sink.ts'
import { createTestClock, type TestClock } from './test-clock.ts'

export interface TestApp {
  readonly app: App
  readonly url: string
  readonly database: TestDatabase
  readonly clock: TestClock
  readonly masterKey: string
  readonly tenant: Tenant
  readonly application: SeededApplication
  readonly client: ApiClient
  readonly smtp: SmtpSink
  readonly sms: SmsSink
  addUser(change?: Partial<UserWithCredential>): Promise<SeededUser>
  /** What the newest mail's reader reads as the password. */
  readMailedPassword(): Promise<string>
  readTextedPassword(): string
  close(): Promise<void>
}

export interface StartAppOptions {
  readonly env?: Readonly<Record<string, string>>
  readonly app?: Partial<AppOptions>
  /** Instead of the sinks: `smtp://…`. */
  readonly smtpUrl?: string
  readonly smtp?: Parameters<typeof startSmtpSink>[0]
  /** Tight ones, for tests of limits; the others are out of the way. */
  readonly limits?: Partial<ResetLimits>
  readonly oldPassword?: OldPasswordMode
  readonly notices?: Partial<NoticeSettings>
  /** Everything else of the tenant's. */
  readonly settings?: Partial<TenantSettings>
  /** Another way to the same database: through a proxy. */
  readonly databaseUrl?: (url: string) => string
}

/** Tests reset one user as often as they like. */
const generousLimits: ResetLimits = {
  perUserPerHour: 1_000,
  perUserPerDay: 1_000,
  perDestinationPerHour: 1_000,
  perApplicationPerHour: 1_000_000,
  smsPerDay: 10_000_000,
}

const PASSWORD_IN_TEXT = /\[(\S+)\]/

/** The whole server in this process over a fresh database, a real SMTP server and a real SMS endpoint. */
export async function startApp(kind: TestDatabaseKind, options: StartAppOptions = {}): Promise<TestApp> {
  const clock = createTestClock()
  const database = await openTestDatabase(kind, { clock })
  const [smtp, sms] = [await startSmtpSink(options.smtp), await startSmsSink()]
  const tenant = await seedDeliverableTenant(database, options.smtpUrl ?? smtp.url, sms.url, options)
  const application = await seedApplication(database.store, tenant)
  const masterKey = randomBytes(32).toString('base64')
  const undeclared: string[] = []
  const app = await openApp({
    settings: loadSettings({
      REKEY_DATABASE_URL: options.databaseUrl?.(database.url) ?? database.url,
      REKEY_MASTER_KEY: masterKey,
      REKEY_PORT: '0',
      REKEY_LOG_LEVEL: evidenceFolder === undefined ? 'silent' : 'debug',
      ...options.env,
    }),
    clock,
    hashParameters: cheapHashParameters,
    strictAnswers: true,
    onUndeclaredAnswer: (note) => undeclared.push(note),
    logDestination: { write: (line: string) => addEvidence('logs', line) },
    ...options.app,
  })
  const { url } = await app.listen()
  return {
    app,
    url,
    database,
    clock,
    masterKey,
    tenant,
    application,
    client: createApiClient(url, application),
    smtp,
    sms,
    addUser: (change) => seedUser(database.store, tenant, change),
    readMailedPassword: () => readMailedPassword(smtp),
    readTextedPassword: () => readTextedPassword(sms),
    async close() {
      await keepMetrics(url)
      await app.close()
      await Promise.all([smtp.close(), sms.close()])
      await database.close()
      if (undeclared.length > 0) {
        throw new Error(`answers that their routes do not declare:\n${undeclared.join('\n')}`)
      }
    },
  }
}

/** The whole server for the tests of the surrounding `describe`. */
export function useApp(kind: TestDatabaseKind, options: StartAppOptions = {}): () => TestApp {
  let app: TestApp | undefined
  beforeAll(async () => {
    app = await startApp(kind, options)
  })
  afterAll(() => app?.close())
  return () => {
    if (app === undefined) {
      throw new Error('the server is not started yet')
    }
    return app
  }
}

async function keepMetrics(url: string): Promise<void> {
  if (evidenceFolder !== undefined) {
    // a test may have stopped the server already
    const metrics = await fetch(`${url}/metrics`).then(
      (answer) => answer.text(),
      () => '',
    )
    addEvidence('metrics', metrics)
  }
}

/** A tenant at 127.0.0.1 with a gateway on each channel, and templates that put the password in brackets. */
export async function seedDeliverableTenant(
  database: TestDatabase,
  smtpUrl: string,
  smsUrl: string,
  {
    limits = {},
    oldPassword = defaultTenantSettings.reset.oldPassword,
    notices = {},
    settings: given = {},
  }: Pick<StartAppOptions, 'limits' | 'oldPassword' | 'notices' | 'settings'> = {},
): Promise<Tenant> {
  const reset = { ...defaultTenantSettings.reset, oldPassword, limits: { ...generousLimits, ...limits } }
  const settings = {
    ...defaultTenantSettings,
    reset,
    notices: { ...defaultTenantSettings.notices, ...notices },
    ...given,
  }
  const tenant = await seedTenant(database.store, { domains: ['127.0.0.1'], settings })
  await seedGateway(database.store, tenant, {
    name: 'mail',
    channel: 'EMAIL',
    kind: 'smtp',
    settings: { url: smtpUrl, from: 'IT <it@acme.example>', timeout_ms: 2_000 },
  })
  await seedGateway(database.store, tenant, {
    name: 'sms',
    channel: 'SMS',
    kind: 'sms-http',
    settings: {
      url: smsUrl,
      method: 'POST',
      headers: {},
      body: '{"to":"{{ to }}","text":"{{ text }}"}',
      timeout_ms: 2_000,
    },
  })
  const common = { tenantId: tenant.id, event: 'reset-password', language: 'en', html: undefined } as const
  const text = 'Your new password: [{{ password }}]'
  await database.store.transaction(async (repositories) => {
    await repositories.templates.put({ ...common, channel: 'EMAIL', subject: 'New password', text })
    await repositories.templates.put({ ...common, channel: 'SMS', subject: undefined, text })
  })
  return tenant
}

export async function readMailedPassword(smtp: SmtpSink): Promise<string> {
  const mail = await smtp.readLast()
  return passwordIn(mail.text ?? '')
}

/** Of every mail that came to this address, oldest first. */
export async function readMailedPasswords(smtp: SmtpSink, address: string): Promise<readonly string[]> {
  const mails = smtp.mails.filter((mail) => mail.to.includes(address))
  return await Promise.all(
    mails.map(async (mail) => passwordIn((await PostalMime.parse(mail.raw)).text ?? '')),
  )
}

export function readTextedPassword(sms: SmsSink): string {
  const request = sms.requests.at(-1)
  return passwordIn((JSON.parse(request?.body ?? '{}') as { text?: string }).text ?? '')
}

function passwordIn(text: string): string {
  const password = PASSWORD_IN_TEXT.exec(text)?.[1]
  if (password === undefined) {
    throw new Error('the message shows no password')
  }
  return password
}
