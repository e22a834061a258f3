import { randomUUID } from 'node:crypto'
import { DAY_MS } from '../../src/core/clock.ts'
import { macOfCode } from '../../src/core/codes/code.ts'
import type { PermissionCode } from '../../src/core/permissions/permission-codes.ts'
import { Secret } from '../../src/core/secret.ts'
import { defaultTenantSettings, type Tenant, type TenantSettings } from '../../src/core/tenants/tenant.ts'
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
import type { Operation } from './document.ts'
import { parse } from './find-fault.ts'
import { send } from './send.ts'

/** A company of its own, in which everything is that the examples of the API description name. */
export interface SampleCompany {
  readonly tenant: Tenant
  readonly host: string
  readonly application: SeededApplication
  readonly port: number
  /** Headers that let a call through: what its security schemes want, fresh. */
  authorise(operation: Operation): Promise<Readonly<Record<string, string>>>
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
  codes: {
    ...defaultTenantSettings.codes,
    captcha: 'none', // a solved one is good once, so no example could show it
    limits: { perContactPerHour: 1e9, perAddressPerHour: 1e9, perUserPerDay: 1e9, perTenantPerHour: 1e9 },
  },
}

export async function seedSampleCompany(
  app: TestApp,
  permissions: readonly PermissionCode[] = ['all'],
): Promise<SampleCompany> {
  const { store } = app.database
  const host = `${randomUUID()}.example`
  const tenant = await seedTenant(store, { domains: [host], settings: patientSettings })
  const application = await seedApplication(store, tenant, permissions, {
    id: samples.app_id,
    clientId: samples['X-client-id'],
  })
  await seedGateways(app, tenant)
  await seedPeople(app, tenant)
  await seedCodes(app, tenant)
  const port = Number(new URL(app.url).port)
  const company = { tenant, host, application, port }
  const accessToken = (of: SeededApplication = application) => fetchAccessToken(company, of)
  return {
    ...company,
    accessToken,
    authorise: async (operation) => ({
      ...(await credentialsFor(company, operation, accessToken)),
      ...(takesStateToken(operation) ? { 'X-state-token': await signIn(company) } : {}),
    }),
  }
}

type Company = Pick<SampleCompany, 'tenant' | 'host' | 'application' | 'port'>

function takesStateToken(operation: Operation): boolean {
  return operation.parameters.some(({ name }) => name === 'X-state-token')
}

async function credentialsFor(
  company: Company,
  { security }: Operation,
  accessToken: () => Promise<string>,
): Promise<Readonly<Record<string, string>>> {
  if (security.includes('application')) return { authorization: `Bearer ${await accessToken()}` }
  if (security.includes('clientSecret')) return { authorization: basicOf(company.application) }
  if (security.includes('idToken')) return { authorization: `Bearer ${await fetchIdToken(company)}` }
  return {}
}

function basicOf({ clientId, clientSecret }: SeededApplication): string {
  return `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`
}

async function fetchAccessToken({ host, port }: Company, application: SeededApplication): Promise<string> {
  const answer = await send(port, {
    method: 'POST',
    target: '/api/v2/tenant/token',
    headers: {
      host,
      authorization: basicOf(application),
      'content-type': 'application/x-www-form-urlencoded',
    },
    body: 'grant_type=client_credentials',
  })
  return field(answer.text, 'access_token')
}

export const deviceHeaders = {
  'X-client-id': samples['X-client-id'],
  'X-operating-sys-version': samples['X-operating-sys-version'],
  'X-device-fingerprint': samples['X-device-fingerprint'],
  'X-agent': samples['X-agent'],
}

async function signIn({ host, port }: Company): Promise<string> {
  const answer = await send(port, {
    method: 'POST',
    target: '/api/v2/sdk/login',
    headers: { host, 'content-type': 'application/json', ...deviceHeaders },
    body: JSON.stringify({ user_name: samples.user_name, password: samples.password }),
  })
  return field(answer.text, 'state_token')
}

async function fetchIdToken(company: Company): Promise<string> {
  const answer = await send(company.port, {
    method: 'GET',
    target: '/api/v2/sdk/pwd/skip-update',
    headers: { host: company.host, ...deviceHeaders, 'X-state-token': await signIn(company) },
  })
  return field(answer.text, 'id_token')
}

function field(text: string, name: string): string {
  const body = parse(text)
  const value = typeof body === 'object' && body !== null ? Reflect.get(body, name) : undefined
  if (typeof value !== 'string') throw new Error(`no ${name} in ${text}`)
  return value
}

async function seedGateways(app: TestApp, tenant: Tenant): Promise<void> {
  const { store } = app.database
  const mail = { url: app.smtp.url, from: 'IT <it@acme.example>' }
  const sms = { url: app.sms.url, method: 'POST', headers: {}, body: '{"text":"{{ text }}"}' }
  await seedGateway(store, tenant, { name: 'mail', channel: 'EMAIL', kind: 'smtp', settings: mail })
  await seedGateway(store, tenant, { name: 'sms', channel: 'SMS', kind: 'sms-http', settings: sms })
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
    const sample = { id: samples.org_id, code: 'support', name: 'Support', parentId: root.id }
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
