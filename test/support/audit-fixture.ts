import { randomBytes, randomUUID } from 'node:crypto'
import { afterAll, beforeAll } from 'vitest'
import type { AuditRow } from '../../src/audit/audit-row.ts'
import type { Mac } from '../../src/core/audit/audit-chain.ts'
import { type SealDeps, sealAudit } from '../../src/core/audit/seal-audit.ts'
import { type AuditAnchor, type AuditReport, verifyAudit } from '../../src/core/audit/verify-audit.ts'
import type { Tenant } from '../../src/core/tenants/tenant.ts'
import { createSeal } from '../../src/store/seal.ts'
import type { Repositories, Store } from '../../src/store/store.ts'
import { openTestDatabase, type TestDatabase, type TestDatabaseKind } from './databases.ts'
import { seedTenant } from './seed-tenant.ts'
import { createTestClock, type TestClock } from './test-clock.ts'

export interface AuditFixture {
  readonly clock: TestClock
  readonly database: TestDatabase
  readonly mac: Mac
  /** A tenant of its own, with this many rows on record, sealed unless said otherwise. */
  tenant(rows?: number, isSealed?: boolean): Promise<Tenant>
  append(tenant: Tenant, count: number): Promise<void>
  /** As the job of one process does; `change` replaces dependencies. */
  seal(change?: Partial<SealDeps>): Promise<number>
  verify(tenant: Tenant, anchor?: AuditAnchor, mac?: Mac): Promise<AuditReport>
  /** Changes the database behind Rekey's back; `$1` is the tenant. */
  tamper(tenant: Tenant, ...statements: readonly string[]): Promise<void>
  /** Troubles that sealing told of. */
  readonly troubles: unknown[]
}

/** An audit row of which every column is filled. */
export function anAuditRow(tenantId: string, change: Partial<AuditRow> = {}): AuditRow {
  return {
    tenantId,
    action: 'user.disabled',
    actor: { kind: 'application', id: 'app-1' },
    targetKind: 'user',
    targetId: randomUUID(),
    requestId: randomUUID(),
    detail: { reason: 'test', count: 1 },
    ...change,
  }
}

export async function appendRows(repositories: Repositories, tenantId: string, count: number): Promise<void> {
  for (let index = 0; index < count; index += 1) {
    await repositories.audit.append(anAuditRow(tenantId))
  }
}

/** Audit rows over a real store, for the tests of the surrounding `describe`. */
export function useAudit(kind: TestDatabaseKind): () => AuditFixture {
  let fixture: AuditFixture | undefined
  beforeAll(async () => {
    fixture = await createFixture(kind)
  })
  afterAll(() => fixture?.database.close())
  return () => {
    if (fixture === undefined) {
      throw new Error('the database is not open yet')
    }
    return fixture
  }
}

async function createFixture(kind: TestDatabaseKind): Promise<AuditFixture> {
  const clock = createTestClock()
  const database = await openTestDatabase(kind, { clock })
  const { store } = database
  const { mac } = createSeal(randomBytes(32))
  const troubles: unknown[] = []
  const seal = (change: Partial<SealDeps> = {}) =>
    sealAudit({ ...sealDeps(store, clock, mac, troubles), ...change })
  const append = (tenant: Tenant, count: number) =>
    store.transaction((repositories) => appendRows(repositories, tenant.id, count))
  return {
    clock,
    database,
    mac,
    troubles,
    append,
    seal,
    async tenant(rows = 0, isSealed = true) {
      const tenant = await seedTenant(store)
      await append(tenant, rows)
      if (isSealed) {
        await seal()
      }
      return tenant
    },
    verify: (tenant, anchor, otherMac = mac) => verifyAudit({ store, mac: otherMac }, tenant.id, anchor),
    async tamper(tenant, ...statements) {
      for (const statement of statements) {
        await database.query(statement, [tenant.id])
      }
    },
  }
}

function sealDeps(store: Store, clock: TestClock, mac: Mac, troubles: unknown[]): SealDeps {
  return {
    store,
    clock,
    mac,
    holder: 'process-1',
    onSealed: () => undefined,
    onOldestUnsealed: () => undefined,
    onTrouble: ({ cause }) => void troubles.push(cause),
  }
}
