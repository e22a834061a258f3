import { expect, it } from 'vitest'
import { useAudit } from '../../test/support/audit-fixture.ts'
import { describeEachDatabase } from '../../test/support/databases.ts'
import { aReset } from '../../test/support/sample-rows.ts'
import { seedUser } from '../../test/support/seed-tenant.ts'
import { DAY_MS, HOUR_MS } from './clock.ts'
import type { Reset } from './reset/reset-state.ts'
import { sweepRetained } from './sweep-retained.ts'
import { defaultTenantSettings, type RetentionSettings, type Tenant } from './tenants/tenant.ts'

const FOREVER = { auditDays: 0, resetsDays: 0, webhooksDays: 30 }

describeEachDatabase('sweepRetained', (kind) => {
  const fixture = useAudit(kind)

  const keep = (tenant: Tenant, retention: RetentionSettings) =>
    fixture().database.store.transaction(({ tenants }) =>
      tenants.update({ ...tenant, settings: { ...defaultTenantSettings, retention } }),
    )
  /** Other tests' tenants keep theirs, so that each counts its own. */
  async function sweep(tenant: Tenant, retention: Omit<RetentionSettings, 'webhooksDays'>) {
    const f = fixture()
    const troubles: unknown[] = []
    await keep(tenant, { ...FOREVER, ...retention })
    const removed = await sweepRetained({
      store: f.database.store,
      mac: f.mac,
      onTrouble: ({ cause }) => void troubles.push(cause),
    })
    await keep(tenant, FOREVER)
    return { ...removed, troubles }
  }
  async function tenantOf(rows: number): Promise<Tenant> {
    const tenant = await fixture().tenant(rows)
    await keep(tenant, FOREVER)
    return tenant
  }

  it('removes audit rows that are too old, over several batches, and what is left still verifies', async () => {
    const f = fixture()
    const tenant = await tenantOf(1_203)
    f.clock.advance(31 * DAY_MS)
    await f.append(tenant, 4)
    await f.seal()
    expect(await sweep(tenant, { auditDays: 30, resetsDays: 0 })).toMatchObject({ auditRows: 1_203 })
    const report = await f.verify(tenant)
    expect(report).toMatchObject({ rows: 4, fault: undefined })
    expect(report.head).toMatchObject({ sequence: 1_207, removedSequence: 1_203 })
    await f.append(tenant, 1)
    await f.seal()
    expect(await f.verify(tenant)).toMatchObject({ rows: 5, fault: undefined })
  })

  it('removes them all when all are too old, and goes on counting', async () => {
    const f = fixture()
    const tenant = await tenantOf(3)
    f.clock.advance(31 * DAY_MS)
    await sweep(tenant, { auditDays: 30, resetsDays: 0 })
    expect(await f.verify(tenant)).toMatchObject({ rows: 0, fault: undefined, head: { sequence: 3 } })
    await f.append(tenant, 1)
    await f.seal()
    expect(await f.verify(tenant)).toMatchObject({ rows: 1, fault: undefined, head: { sequence: 4 } })
  })

  it('keeps rows that are not sealed, ones that are not old, and everything when the setting is 0', async () => {
    const f = fixture()
    const tenant = await tenantOf(3)
    f.clock.advance(29 * DAY_MS)
    expect(await sweep(tenant, { auditDays: 30, resetsDays: 0 })).toMatchObject({ auditRows: 0 })
    await f.append(tenant, 1)
    f.clock.advance(31 * DAY_MS)
    expect(await sweep(tenant, FOREVER)).toMatchObject({ auditRows: 0 })
    expect(await sweep(tenant, { auditDays: 30, resetsDays: 0 })).toMatchObject({ auditRows: 3 })
    expect(await f.verify(tenant)).toMatchObject({ unsealed: { count: 1 }, fault: undefined })
    await f.seal()
  })

  it('does not let a row that was tampered with be forgotten', async () => {
    const f = fixture()
    const tenant = await tenantOf(3)
    await f.tamper(tenant, "update audit_rows set actor_id = 'x' where tenant_id = $1 and sequence = 2")
    f.clock.advance(31 * DAY_MS)
    const { auditRows, troubles } = await sweep(tenant, { auditDays: 30, resetsDays: 0 })
    expect([auditRows, troubles.map(String)]).toEqual([
      0,
      ['BrokenChainError: the audit chain is broken at row 2'],
    ])
    expect((await f.verify(tenant)).fault).toMatchObject({ kind: 'row_changed', sequence: 2 })
  })

  it('tells an older head that was kept elsewhere apart from a wrong one', async () => {
    const f = fixture()
    const tenant = await tenantOf(2)
    const older = (await f.verify(tenant)).head
    await f.append(tenant, 2)
    await f.seal()
    const atBeginning = (await f.verify(tenant)).head
    f.clock.advance(31 * DAY_MS)
    await sweep(tenant, { auditDays: 30, resetsDays: 0 })
    expect(await f.verify(tenant, older)).toMatchObject({ anchor: 'too_old', fault: undefined })
    expect(await f.verify(tenant, atBeginning)).toMatchObject({ anchor: 'matches', fault: undefined })
    const wrong = { sequence: 4, digest: 'another' }
    expect((await f.verify(tenant, wrong)).fault).toMatchObject({ kind: 'anchor_differs', sequence: 4 })
  })

  it('removes finished resets with their attempts, never one that is open, known or the password', async () => {
    const f = fixture()
    const { store } = f.database
    const tenant = await tenantOf(0)
    const now = await store.read.now()
    const user = await seedUser(store, tenant)
    const old = now - 31 * DAY_MS
    const finished = { digest: undefined, state: 'completed', preparedAt: old } as const
    const resets: Record<string, Partial<Reset>> = {
      completed: finished,
      failed: { ...finished, state: 'failed' },
      expired: { ...finished, state: 'expired' },
      superseded: { ...finished, state: 'superseded' },
      recognised: { ...finished, state: 'superseded', digest: 'd' },
      unknown: { ...finished, state: 'unknown', digest: 'd' },
      accepted: { ...finished, state: 'accepted' },
      used: { ...finished, state: 'used' },
      password: finished,
      younger: { ...finished, preparedAt: now - 30 * DAY_MS + HOUR_MS },
    }
    const ids = new Map<string, string>()
    await store.transaction(async (repositories) => {
      for (const [index, [name, change]] of Object.entries(resets).entries()) {
        const reset = aReset(user, { ...change, sequence: index + 1 })
        ids.set(reset.id, name)
        await repositories.resets.insert(reset)
        await repositories.resets.insertAttempt({
          ...{ tenantId: tenant.id, resetId: reset.id, ordinal: 1, gateway: 'mail', startedAt: old },
          ...{ endedAt: old, outcome: 'accepted', reason: undefined, reply: undefined },
        })
        if (name === 'password') {
          const change = { digest: 'd', resetId: reset.id, mustChangePassword: true, changedAt: now }
          await repositories.users.replaceCredential(tenant.id, user.id, change)
        }
      }
    })
    expect(await sweep(tenant, { auditDays: 0, resetsDays: 30 })).toMatchObject({ resets: 4 })
    const left = await store.read.resets.list(tenant.id, user.id, 100)
    expect(left.map(({ id }) => ids.get(id)).toReversed()).toEqual([
      ...['recognised', 'unknown', 'accepted', 'used', 'password', 'younger'],
    ])
    const attempts = await f.database.query('select reset_id from reset_attempts where tenant_id = $1', [
      tenant.id,
    ])
    expect(attempts).toHaveLength(6)
  })

  it('reads settings that were stored before there was retention', async () => {
    const f = fixture()
    const tenant = await tenantOf(0)
    await f.tamper(tenant, "update tenants set settings_json = '{}' where id = $1")
    const stored = await f.database.store.read.tenants.findByCode(tenant.code)
    expect(stored?.settings).toEqual(defaultTenantSettings)
    await keep(tenant, FOREVER)
  })
})
