import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { anAuditRow, useAudit } from '../../../test/support/audit-fixture.ts'
import { describeEachDatabase } from '../../../test/support/databases.ts'
import { createSeal } from '../../store/seal.ts'
import type { AuditTable } from '../../store/tables.ts'

const ROWS = 6
const row = (sequence: number) => `tenant_id = $1 and sequence = ${sequence}`
/** Each in a statement of its own, upwards: the unique index allows no two of one number on the way. */
const shiftFrom = (sequence: number) =>
  [...Array(ROWS - sequence + 1).keys()].map(
    (index) => `update audit_rows set sequence = sequence + 1 where ${row(ROWS - index)}`,
  )

/** What somebody with the database alone can do to a column. The type names them all: a new column needs its line. */
const changes: Record<Exclude<keyof AuditTable, 'sequence' | 'digest'>, string> = {
  tenant_id: `'somebody-else'`,
  at: 'at + 1',
  id: `'another-id'`,
  action: `'user.enabled'`,
  actor_kind: `'operator'`,
  actor_id: `'app-2'`,
  target_kind: `'reset'`,
  target_id: 'null',
  request_id: `''`,
  detail_json: `'{"reason":"test","count":2}'`,
}

describeEachDatabase('verifyAudit', (kind) => {
  const fixture = useAudit(kind)

  it('finds a chain sound that nobody touched, over pages of rows, and says where it ends', async () => {
    const f = fixture()
    const tenant = await f.tenant(2_100)
    const report = await f.verify(tenant)
    const sealed = await f.database.store.read.auditChain.listSealed(tenant.id, 2_099, 10)
    expect(report).toMatchObject({ rows: 2_100, fault: undefined, unsealed: { count: 0 } })
    expect(report.head).toMatchObject({ sequence: 2_100, digest: sealed[0]?.digest })
  })

  it('finds nothing wrong with a tenant without rows, and counts rows that wait', async () => {
    const f = fixture()
    const tenant = await f.tenant()
    expect(await f.verify(tenant)).toMatchObject({ rows: 0, head: undefined, fault: undefined })
    await f.append(tenant, 3)
    f.clock.advance(5_000)
    const { unsealed, fault } = await f.verify(tenant)
    expect([unsealed.count, fault]).toEqual([3, undefined])
    expect(unsealed.oldestAgeMs).toBeGreaterThanOrEqual(5_000)
  })

  it('knows no list of actions: what a later release writes is sealed and verified', async () => {
    const f = fixture()
    const tenant = await f.tenant()
    const later = { action: 'robot.greeted', targetKind: 'robot', detail: { words: ['"', '爱', ''] } }
    await f.database.store.transaction(({ audit }) =>
      audit.append(anAuditRow(tenant.id, later as unknown as Parameters<typeof anAuditRow>[1])),
    )
    await f.seal()
    expect(await f.verify(tenant)).toMatchObject({ rows: 1, fault: undefined })
  })

  describe('reports the first row that is not what was sealed', () => {
    it.each(Object.entries(changes))('when %s was changed', async (column, value) => {
      const f = fixture()
      const tenant = await f.tenant(ROWS)
      await f.tamper(tenant, `update audit_rows set ${column} = ${value} where ${row(3)}`)
      const { fault, rows } = await f.verify(tenant)
      const isGone = column === 'tenant_id'
      expect([fault?.kind, fault?.sequence, rows]).toEqual([isGone ? 'rows_removed' : 'row_changed', 3, 2])
    })

    it.each([1, ROWS])('when it is row %i of 6', async (sequence) => {
      const f = fixture()
      const tenant = await f.tenant(ROWS)
      await f.tamper(tenant, `update audit_rows set actor_id = 'x' where ${row(sequence)}`)
      expect((await f.verify(tenant)).fault).toMatchObject({ kind: 'row_changed', sequence })
    })

    it('when two rows have changed places', async () => {
      const f = fixture()
      const tenant = await f.tenant(ROWS)
      const move = (from: number, to: number) => `update audit_rows set sequence = ${to} where ${row(from)}`
      await f.tamper(tenant, move(2, 99), move(4, 2), move(99, 4))
      expect((await f.verify(tenant)).fault).toMatchObject({ kind: 'row_changed', sequence: 2 })
    })

    it('when its digest was changed', async () => {
      const f = fixture()
      const tenant = await f.tenant(ROWS)
      await f.tamper(tenant, `update audit_rows set digest = 'x' where ${row(4)}`)
      expect((await f.verify(tenant)).fault).toMatchObject({ kind: 'row_changed', sequence: 4 })
    })
  })

  describe('reports rows that are missing', () => {
    it.each([
      ['at the beginning', 'sequence <= 2', 1, 2],
      ['in the middle', 'sequence in (3, 4)', 3, 4],
      ['at the end', 'sequence >= 5', 5, 6],
      ['all of them', 'sequence > 0', 1, 6],
    ] as const)('%s', async (_where, condition, sequence, lastSequence) => {
      const f = fixture()
      const tenant = await f.tenant(ROWS)
      await f.tamper(tenant, `delete from audit_rows where tenant_id = $1 and ${condition}`)
      expect((await f.verify(tenant)).fault).toMatchObject({ kind: 'rows_removed', sequence, lastSequence })
    })

    it('at the end, also after rows were sealed since', async () => {
      const f = fixture()
      const tenant = await f.tenant(ROWS)
      await f.tamper(tenant, `delete from audit_rows where ${row(ROWS)}`)
      await f.append(tenant, 2)
      await f.seal()
      expect((await f.verify(tenant)).fault).toMatchObject({ kind: 'rows_removed', sequence: ROWS })
    })

    it('when one was marked unsealed, to be sealed again later', async () => {
      const f = fixture()
      const tenant = await f.tenant(ROWS)
      await f.tamper(tenant, `update audit_rows set sequence = null, digest = null where ${row(2)}`)
      await f.seal()
      expect((await f.verify(tenant)).fault).toMatchObject({ kind: 'rows_removed', sequence: 2 })
    })

    it('when the head was moved back with them', async () => {
      const f = fixture()
      const tenant = await f.tenant(ROWS)
      await f.tamper(
        tenant,
        `update audit_heads set sequence = 4, digest = (select digest from audit_rows where ${row(4)})
          where tenant_id = $1`,
        'delete from audit_rows where tenant_id = $1 and sequence > 4',
      )
      expect((await f.verify(tenant)).fault).toMatchObject({ kind: 'head_changed' })
    })

    it('when the beginning was moved on, as retention moves it', async () => {
      const f = fixture()
      const tenant = await f.tenant(ROWS)
      await f.tamper(
        tenant,
        `update audit_heads set removed_sequence = 2,
          removed_digest = (select digest from audit_rows where ${row(2)}) where tenant_id = $1`,
        'delete from audit_rows where tenant_id = $1 and sequence <= 2',
      )
      expect((await f.verify(tenant)).fault).toMatchObject({ kind: 'head_changed' })
    })

    it('when the head itself is gone', async () => {
      const f = fixture()
      const tenant = await f.tenant(ROWS)
      await f.tamper(tenant, 'delete from audit_heads where tenant_id = $1')
      expect((await f.verify(tenant)).fault).toMatchObject({ kind: 'head_missing' })
    })
  })

  describe('reports a row that was put in', () => {
    const columns = 'tenant_id, at, id, action, actor_kind, target_kind, detail_json, sequence, digest'
    const insert = (sequence: number, digest = `'forged'`) =>
      `insert into audit_rows (${columns})
        values ($1, 1, 'forged', 'user.enabled', 'server', 'user', '{}', ${sequence}, ${digest})`

    it.each([
      ['before the first', 0],
      ['after the last', ROWS + 1],
    ])('%s', async (_where, sequence) => {
      const f = fixture()
      const tenant = await f.tenant(ROWS)
      await f.tamper(tenant, insert(sequence))
      expect((await f.verify(tenant)).fault).toMatchObject({
        kind: 'row_inserted',
        sequence,
        rowId: 'forged',
      })
    })

    it('between two, with all that follow moved on', async () => {
      const f = fixture()
      const tenant = await f.tenant(ROWS)
      await f.tamper(tenant, ...shiftFrom(3), insert(3))
      expect((await f.verify(tenant)).fault).toMatchObject({
        kind: 'row_inserted',
        sequence: 3,
        rowId: 'forged',
      })
    })
  })

  it('tells another master key from a changed row', async () => {
    const f = fixture()
    const tenant = await f.tenant(ROWS)
    const { mac } = createSeal(randomBytes(32))
    expect((await f.verify(tenant, undefined, mac)).fault).toMatchObject({ kind: 'other_key' })
  })

  describe('compares with a head that was kept elsewhere', () => {
    it('and agrees while rows are only added', async () => {
      const f = fixture()
      const tenant = await f.tenant(ROWS)
      const anchor = (await f.verify(tenant)).head
      await f.append(tenant, 3)
      await f.seal()
      expect(await f.verify(tenant, anchor)).toMatchObject({ anchor: 'matches', fault: undefined })
    })

    it('and finds that the whole database was put back to an earlier day', async () => {
      const f = fixture()
      const tenant = await f.tenant(ROWS)
      const earlier = await f.database.query('select * from audit_heads where tenant_id = $1', [tenant.id])
      await f.append(tenant, 2)
      await f.seal()
      const anchor = (await f.verify(tenant)).head
      const { mac, digest } = earlier[0] ?? {}
      await f.tamper(
        tenant,
        'delete from audit_rows where tenant_id = $1 and sequence > 6',
        `update audit_heads set sequence = 6, digest = '${digest}', mac = '${mac}',
          sealed_at = ${earlier[0]?.sealed_at} where tenant_id = $1`,
      )
      expect((await f.verify(tenant)).fault).toBeUndefined()
      expect(await f.verify(tenant, anchor)).toMatchObject({
        anchor: undefined,
        fault: { kind: 'rows_removed', sequence: 7, lastSequence: 8 },
      })
    })

    it('and finds that it is of another chain', async () => {
      const f = fixture()
      const [tenant, other] = [await f.tenant(ROWS), await f.tenant(ROWS)]
      const anchor = (await f.verify(other)).head
      expect((await f.verify(tenant, anchor)).fault).toMatchObject({
        kind: 'anchor_differs',
        sequence: ROWS,
      })
    })
  })
})
