import { randomBytes, randomUUID } from 'node:crypto'
import { createPasswordHasher } from '../../src/core/password/create-password-hasher.ts'
import type { PasswordHasher } from '../../src/core/password/password-hasher.ts'
import { systemRandomBytes } from '../../src/core/randomness.ts'
import type { ResetState } from '../../src/core/reset/reset-state.ts'
import {
  type ApplyCall,
  type ApplyReport,
  applyTenantFile,
} from '../../src/core/tenant-file/apply-tenant-file.ts'
import type { ApplyTools } from '../../src/core/tenant-file/apply-tools.ts'
import { readConfiguration, readUsers } from '../../src/core/tenant-file/tenant-plan.ts'
import type { User } from '../../src/core/users/user.ts'
import { sealContext, sealSettings, validateGatewaySettings } from '../../src/messaging/gateway-kinds.ts'
import { measureLongestSms } from '../../src/messaging/measure-longest-sms.ts'
import { validateTemplate } from '../../src/messaging/validate-template.ts'
import { complainOfWebhookUrl } from '../../src/messaging/webhooks/judge-url.ts'
import { createSeal } from '../../src/store/seal.ts'
import type { Store } from '../../src/store/store.ts'
import { cheapHashParameters } from './seed-tenant.ts'
import { sharedStrengthJudge } from './shared-strength-judge.ts'
import { createTestClock } from './test-clock.ts'

/** What `apply` works with, real but for the sender of first passwords, which takes everything. */
export function createApplyTools(store: Store, change: Partial<ApplyTools> = {}): ApplyTools {
  return {
    store,
    seal: createSeal(randomBytes(32)),
    hasher: createCheapHasher(),
    judges: { strength: sharedStrengthJudge, breaches: undefined },
    clock: createTestClock(),
    random: systemRandomBytes,
    rules: {
      ...{ validateGatewaySettings, validateTemplate, measureLongestSms, sealSettings, sealContext },
      complainOfWebhookUrl: (url) => complainOfWebhookUrl(url, ['hooks.internal']),
    },
    deliverInitialPassword: async () => undefined,
    ...change,
  }
}

export function createCheapHasher(): PasswordHasher {
  return createPasswordHasher({
    random: systemRandomBytes,
    concurrencyMax: 2,
    queueMax: 100,
    parameters: cheapHashParameters,
  })
}

export async function applyText(
  tools: ApplyTools,
  text: string,
  call: Partial<ApplyCall> = {},
): Promise<ApplyReport> {
  const defaults = { file: 'tenant.yaml', environment: {}, isDryRun: false, isPruning: false }
  return await applyTenantFile(tools, { ...defaults, text, ...call })
}

/** `line:column path message` of each problem. */
export function problemLines(report: ApplyReport): readonly string[] {
  return report.problems.map(({ line, column, path, message }) => `${line}:${column} ${path} ${message}`)
}

/** `create user alice`, `update user bob: email` of each change, in order. */
export function changeLines(report: ApplyReport): readonly string[] {
  return report.tenants.flatMap(({ changes }) =>
    changes.map(({ kind, action, name, fields }) =>
      [`${action} ${kind} ${name}`, ...(fields.length > 0 ? [fields.join(', ')] : [])].join(': '),
    ),
  )
}

/** Everything that `apply` may write of a tenant, for comparison. */
export async function dumpTenant(store: Store, code: string): Promise<string> {
  const configuration = await readConfiguration(store.read, code)
  const tenantId = configuration.tenant?.id
  const users = await readUsers(store.read, tenantId)
  const audit = tenantId === undefined ? [] : await store.read.audit.list(tenantId, 100_000)
  return JSON.stringify({ configuration, users, audit }, undefined, 1)
}

/** What `fullTenantFile` needs. */
export const applyEnvironment = {
  ALICE_PASSWORD: 'Chosen-Own-2580',
  SECRET: 'a-secret-of-the-help-desk',
  SMTP_PASSWORD: 'smtp-s3cr3t',
}

/** One of everything, under a code of its own. */
export function fullTenantFile(code: string): string {
  return `
tenant: { code: ${code}, name: Acme, domains: [${code}.example], language: en, time_zone: UTC }
password_policy: { length_min: 10 }
reset: { send_modes: [EMAIL, SMS], lifetime_minutes: { SMS: 30 } }
gateways:
  - { name: mail, channel: EMAIL, kind: smtp, url: "smtp://127.0.0.1:2525", from: "IT <it@acme.example>", user: it, password: "\${SMTP_PASSWORD}" }
templates:
  - { event: reset-password, channel: EMAIL, language: en, subject: "Your new password", text: "Hello {{ name }}: {{ password }} until {{ expires_at }}" }
organizations: [ { code: it, name: IT, parent_code: root }, { code: root, name: Acme } ]
users:
  - { user_name: alice, name: Alice, email: alice@acme.example, mobile: "+86-13800000001", org_code: it, password: "\${ALICE_PASSWORD}" }
  - { user_name: Bob, org_code: root, language: zh }
permission_bundles: [ { code: accounts, name: Accounts, permissions: [account_read, app_org_read] } ]
applications:
  - { name: Help desk, client_id: helpdesk, client_secret: "\${SECRET}", permissions: [user_all, org_read, accounts], allowed_addresses: [192.0.2.*] }
administrators: [ { user_name: alice, role: owner } ]
`
}

/** A mail reset of the user, as the protocol would have left it in this state. */
export async function insertReset(store: Store, user: User, state: ResetState): Promise<void> {
  const now = Date.now()
  await store.transaction((repositories) =>
    repositories.resets.insert({
      tenantId: user.tenantId,
      id: randomUUID(),
      userId: user.id,
      sequence: 1,
      applicationId: undefined,
      sendMode: 'EMAIL',
      oldPasswordMode: 'keep-until-accepted',
      state,
      digest: state === 'failed' ? undefined : 'AAAA',
      destinationMac: 'mac',
      destinationMasked: 'a***@acme.example',
      leaseToken: undefined,
      leaseExpiresAt: undefined,
      detail: undefined,
      gateway: 'mail',
      preparedAt: now,
      settledAt: now,
      acceptedAt: undefined,
      promotedAt: undefined,
      usedAt: undefined,
      disownedAt: undefined,
      deadlineAt: now + 60_000,
    }),
  )
}
