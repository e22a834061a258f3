import { randomBytes } from 'node:crypto'
import { createPasswordHasher } from '../../src/core/password/create-password-hasher.ts'
import type { PasswordHasher } from '../../src/core/password/password-hasher.ts'
import { systemRandomBytes } from '../../src/core/randomness.ts'
import {
  type ApplyCall,
  type ApplyReport,
  applyTenantFile,
} from '../../src/core/tenant-file/apply-tenant-file.ts'
import type { ApplyTools } from '../../src/core/tenant-file/apply-tools.ts'
import { readConfiguration, readUsers } from '../../src/core/tenant-file/tenant-plan.ts'
import { sealContext, sealSettings, validateGatewaySettings } from '../../src/messaging/gateway-kinds.ts'
import { validateTemplate } from '../../src/messaging/validate-template.ts'
import { createSeal } from '../../src/store/seal.ts'
import type { Store } from '../../src/store/store.ts'
import { cheapHashParameters } from './seed-tenant.ts'
import { createTestClock } from './test-clock.ts'

/** What `apply` works with, real but for the sender of first passwords, which takes everything. */
export function createApplyTools(store: Store, change: Partial<ApplyTools> = {}): ApplyTools {
  return {
    store,
    seal: createSeal(randomBytes(32)),
    hasher: createCheapHasher(),
    clock: createTestClock(),
    random: systemRandomBytes,
    rules: { validateGatewaySettings, validateTemplate, sealSettings, sealContext },
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
