import { randomUUID } from 'node:crypto'
import { attributeDefinition } from '../../src/core/attributes/attribute-definition.ts'
import { DAY_MS } from '../../src/core/clock.ts'
import { macOfCode } from '../../src/core/codes/code.ts'
import { noRows } from '../../src/core/imports/user-import.ts'
import { Secret } from '../../src/core/secret.ts'
import { defaultTenantSettings, type Tenant, type TenantSettings } from '../../src/core/tenants/tenant.ts'
import { ownFields } from '../../src/core/users/own-profile.ts'
import type { JsonObject } from '../../src/http/openapi/json-schema.ts'
import { sampleValues as samples } from '../../src/http/openapi/sample-values.ts'
import {
  cheapHashParameters,
  type SeededApplication,
  seedApplication,
  seedGateway,
  seedTenant,
  seedUser,
} from '../support/seed-tenant.ts'
import type { TestApp } from '../support/start-app.ts'
import { seedWebhook } from '../support/webhook-fixture.ts'
import type { Operation } from './document.ts'
import { authorise, fetchAccessToken, type Place, prepareBody } from './prepare-call.ts'
import { seedSampleAccounts } from './seed-sample-accounts.ts'

/** A company of its own, in which everything is that the examples of the API description name. */
export interface SampleCompany extends Place {
  /** Headers that let a call through: what its security schemes want, fresh. */
  authorise(operation: Operation): Promise<Readonly<Record<string, string>>>
  /** Fields of a body that let a call through: what is good once or made at run time, fresh. */
  prepareBody(operation: Operation): Promise<JsonObject>
  accessToken(application?: SeededApplication): Promise<string>
}

/** Nothing is refused for coming often. */
const patientSettings: TenantSettings = {
  ...defaultTenantSettings,
  // the sample user's password is about to expire: signing in gives a state token
  passwordPolicy: { ...defaultTenantSettings.passwordPolicy, maximumAgeDays: 90, warnDays: 30 },
  reset: {
    ...defaultTenantSettings.reset,
    limits: {
      perUserPerHour: 1e9,
      perUserPerDay: 1e9,
      perDestinationPerHour: 1e9,
      perApplicationPerHour: 1e9,
      smsPerDay: 1e9,
    },
  },
  signIn: { attemptsMax: 1e9, lockMinutes: 1, perAddressPerMinute: 1e9, secondFactor: 'none' },
  profile: { editable: ['name', ...ownFields] },
  // none of the tenant's own: any extension is taken
  attributes: {
    users: [attributeDefinition('employee_id', { lengthMax: 255 })],
    organizations: [attributeDefinition('category', { lengthMax: 100 })],
  },
  codes: {
    ...defaultTenantSettings.codes,
    captcha: 'proof-of-work',
    limits: { perContactPerHour: 1e9, perAddressPerHour: 1e9, perUserPerDay: 1e9, perTenantPerHour: 1e9 },
  },
}

/** Where the operation is called, if one is given: after a right password it may want a code. */
function settingsFor(operation: Operation | undefined): TenantSettings {
  const { signIn } = patientSettings
  const isSecondFactor = operation?.template.includes('/sdk/mfa/') === true
  return isSecondFactor
    ? { ...patientSettings, signIn: { ...signIn, secondFactor: 'code' } }
    : patientSettings
}

/** For calls of this operation, or of any that needs no settings of its own. */
export async function seedSampleCompany(app: TestApp, operation?: Operation): Promise<SampleCompany> {
  const { store } = app.database
  const host = `${randomUUID()}.example`
  const tenant = await seedTenant(store, { domains: [host], settings: settingsFor(operation) })
  const application = await seedApplication(store, tenant, ['all'], {
    id: samples.app_id,
    clientId: samples['X-client-id'],
  })
  await seedGateways(app, tenant)
  await seedPeople(app, tenant)
  await seedSampleAccounts(store, tenant)
  await seedCodes(app, tenant)
  await seedImport(app, tenant, application)
  await seedGivenUpDelivery(app, tenant)
  const place = { tenant, host, application, port: Number(new URL(app.url).port) }
  return {
    ...place,
    accessToken: (of = application) => fetchAccessToken(place, of),
    authorise: (called) => authorise(place, called),
    prepareBody: (called) => prepareBody(place, called),
  }
}

async function seedGateways(app: TestApp, tenant: Tenant): Promise<void> {
  const { store } = app.database
  const mail = { url: app.smtp.url, from: 'IT <it@acme.example>' }
  const sms = { url: app.sms.url, method: 'POST', headers: {}, body: '{"text":"{{ text }}"}' }
  await seedGateway(store, tenant, { name: 'mail', channel: 'EMAIL', kind: 'smtp', settings: mail })
  await seedGateway(store, tenant, { name: 'sms', channel: 'SMS', kind: 'sms-http', settings: sms })
}

/** The sample delivery, of a webhook that is off: nothing leaves. */
async function seedGivenUpDelivery({ app, database }: TestApp, tenant: Tenant): Promise<void> {
  const { store } = database
  const { key } = await seedWebhook({ store, seal: app.seal }, tenant, {
    name: 'hr',
    url: 'https://hr.example/hooks',
  })
  const now = Date.now()
  await store.transaction(async ({ webhooks, webhookDeliveries }) => {
    await webhooks.switchOff(key, 'gone', now)
    const ended = { state: 'given_up', dueAt: undefined, attempts: 10, removeAt: now + DAY_MS } as const
    const seen = { lastAttemptAt: now, lastStatus: 500, lastReason: 'status' }
    const event = { event: 'user.created', payload: '{}', occurredAt: now }
    const delivery = { tenantId: tenant.id, id: samples.delivery_id, webhook: key.name }
    await webhookDeliveries.insert([{ ...delivery, ...event, ...ended, ...seen }])
  })
}

/** The sample code, as if it had been sent to the sample user for everything. */
async function seedCodes(app: TestApp, tenant: Tenant): Promise<void> {
  const { purposes } = defaultTenantSettings.codes
  for (const channel of ['EMAIL', 'SMS'] as const) {
    for (const purpose of purposes) {
      const owner = { tenantId: tenant.id, userId: samples.user_id, channel, purpose }
      await app.database.store.transaction(({ codes }) =>
        codes.put({
          ...owner,
          codeMac: macOfCode(app.app.seal.mac, owner, new Secret(samples.verify_code)),
          credentialVersion: 1,
          expiresAt: Date.now() + DAY_MS,
        }),
      )
    }
  }
}

/** One that the sample application has started, and has sent no row to. */
async function seedImport(app: TestApp, tenant: Tenant, { id }: SeededApplication): Promise<void> {
  const at = Date.now()
  await app.database.store.transaction(({ userImports }) =>
    userImports.insert({
      ...{ tenantId: tenant.id, id: samples.import_id, fingerprint: undefined, applicationId: id },
      ...{ isUpdate: false, sendMode: undefined, perMinute: 60, rowsTotal: 3, position: 0, counts: noRows },
      ...{ createdAt: at, updatedAt: at, finishedAt: undefined, nextDeliveryAt: undefined },
    }),
  )
}

/** Two levels of organisations, the sample one empty, and the sample user with the sample password. */
async function seedPeople(app: TestApp, tenant: Tenant): Promise<void> {
  const { store } = app.database
  const now = Date.now()
  const organization = {
    tenantId: tenant.id,
    category: undefined,
    sequence: undefined,
    language: undefined,
    disabled: false,
    extension: {},
    createdAt: now,
    updatedAt: now,
  }
  await store.transaction(async ({ organizations }) => {
    const root = { ...organization, id: 'acme', code: 'acme', name: 'Acme', parentId: undefined }
    await organizations.insert(root)
    const sample = { id: samples.org_id, code: samples.org_code, name: 'IT', parentId: root.id }
    await organizations.insert({ ...organization, ...sample })
  })
  const salt = app.app.hasher.newSalt()
  const password = new Secret(samples.password)
  await seedUser(store, tenant, {
    id: samples.user_id,
    userName: samples.user_name,
    email: samples.email,
    mobile: samples.mobile,
    organizationId: 'acme',
    passwordChangedAt: now - 75 * DAY_MS,
    credential: {
      salt,
      parameters: cheapHashParameters,
      digest: await app.app.hasher.hash(password, salt, cheapHashParameters),
      resetId: undefined,
      version: 1,
    },
  })
}
