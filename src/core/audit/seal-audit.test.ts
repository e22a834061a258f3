import { expect, it } from 'vitest'
import { anAuditRow, appendRows, useAudit } from '../../../test/support/audit-fixture.ts'
import { describeEachDatabase } from '../../../test/support/databases.ts'
import { connectStore } from '../../store/connect.ts'
import type { Store } from '../../store/store.ts'
import type { Tenant } from '../tenants/tenant.ts'
import { SEAL_LEASE_MS } from './seal-audit.ts'

describeEachDatabase('sealAudit', (kind) => {
  const fixture = useAudit(kind)

  const sealedOf = ({ id }: Tenant) => fixture().database.store.read.auditChain.listSealed(id, 0, 100_000)

  /** Another process over the same database. */
  async function withOtherStore<T>(
    options: { readonly onCommit?: () => void },
    work: (store: Store) => Promise<T>,
  ): Promise<T> {
    const f = fixture()
    const store = await connectStore(f.database.url, { clock: f.clock, migrate: 'never', ...options })
    try {
      return await work(store)
    } finally {
      await store.close()
    }
  }

  it('gives every row one place, oldest first, without gaps, however many there are', async () => {
    const f = fixture()
    const tenant = await f.tenant(450, false)
    const told: number[] = []
    expect(await f.seal({ onSealed: (rows) => void told.push(rows) })).toBe(450)
    expect(told).toEqual([450])
    const sealed = await sealedOf(tenant)
    expect(sealed.map(({ sequence }) => sequence)).toEqual([...Array(450).keys()].map((index) => index + 1))
    const ids = sealed.map(({ at, id }) => [at, id])
    expect(ids).toEqual(
      ids.toSorted(([at = 0, id = ''], [otherAt = 0, otherId = '']) =>
        at === otherAt ? (id < otherId ? -1 : 1) : Number(at) - Number(otherAt),
      ),
    )
    expect(await f.seal()).toBe(0)
  })

  it('keeps the chains of tenants apart, and passes over a tenant whose chain is broken', async () => {
    const f = fixture()
    const tenants = [await f.tenant(2), await f.tenant(2), await f.tenant(2)]
    const [, broken] = tenants
    await f.tamper(broken as Tenant, 'update audit_heads set sequence = 1 where tenant_id = $1')
    for (const tenant of tenants) {
      await f.append(tenant, 1)
    }
    f.troubles.length = 0
    expect(await f.seal()).toBe(2)
    expect(f.troubles.map(String)).toEqual(['BrokenChainError: the head of the audit chain was changed'])
    const counts = await Promise.all(tenants.map(async (tenant) => (await sealedOf(tenant)).length))
    expect(counts).toEqual([3, 2, 3])
    await f.tamper(broken as Tenant, 'update audit_heads set sequence = 2 where tenant_id = $1')
    expect(await f.seal()).toBe(1)
  })

  it('tells how long the oldest row waited', async () => {
    const f = fixture()
    await f.tenant(1, false)
    f.clock.advance(7_000)
    const ages: number[] = []
    const onOldestUnsealed = (ageMs: number) => void ages.push(ageMs)
    await f.seal({ onOldestUnsealed })
    await f.seal({ onOldestUnsealed })
    expect(ages[0]).toBeGreaterThanOrEqual(7_000)
    expect(ages[1]).toBe(0)
  })

  it('leaves a tenant to the process that leads it, until its lease is over', async () => {
    const f = fixture()
    const tenant = await f.tenant(1)
    await f.append(tenant, 2)
    expect(await f.seal({ holder: 'process-2' })).toBe(0)
    f.clock.advance(SEAL_LEASE_MS + 1_000)
    expect(await f.seal({ holder: 'process-2' })).toBe(2)
    await f.append(tenant, 1)
    expect(await f.seal()).toBe(0)
    expect(await f.verify(tenant)).toMatchObject({ rows: 3, fault: undefined, unsealed: { count: 1 } })
    const { store } = f.database
    await store.transaction(({ auditChain }) => auditChain.releaseLeasesOfAllTenants('process-2'))
    expect(await f.seal()).toBe(1)
  })

  it('is not harmed when the leader ends in the middle of a batch', async () => {
    const f = fixture()
    const tenant = await f.tenant(1)
    await f.append(tenant, 300)
    f.clock.advance(SEAL_LEASE_MS + 1_000)
    const dying = {
      onCommit: () => {
        throw new Error('ended here')
      },
    }
    await withOtherStore(dying, (store) => f.seal({ store, holder: 'process-2' }))
    expect(await f.verify(tenant)).toMatchObject({ rows: 1, fault: undefined, unsealed: { count: 300 } })
    expect(await f.seal()).toBe(300)
    expect(await f.verify(tenant)).toMatchObject({ rows: 301, fault: undefined, unsealed: { count: 0 } })
  })

  it('seals each row once when processes that believe to lead race, while others write', async () => {
    const f = fixture()
    const tenant = await f.tenant()
    const WRITERS = 4
    const TRANSACTIONS = 25
    let areWriting = true
    const write = async () => {
      for (let index = 0; index < TRANSACTIONS; index += 1) {
        await f.append(tenant, 3)
      }
    }
    await withOtherStore({}, async (other) => {
      // one holder for both: the lease keeps neither away
      const sealOn = async (store: Store) => {
        while (areWriting) {
          await f.seal({ store })
          await f.clock.wait(1)
        }
        await f.seal({ store })
      }
      const sealing = [sealOn(f.database.store), sealOn(other)]
      await Promise.all([...Array(WRITERS).keys()].map(write))
      areWriting = false
      await Promise.all(sealing)
    })
    const sealed = await sealedOf(tenant)
    const count = WRITERS * TRANSACTIONS * 3
    expect(sealed.map(({ sequence }) => sequence)).toEqual([...Array(count).keys()].map((index) => index + 1))
    expect(new Set(sealed.map(({ id }) => id)).size).toBe(count)
    expect(await f.verify(tenant)).toMatchObject({ rows: count, fault: undefined, unsealed: { count: 0 } })
  })

  it.runIf(kind === 'postgres')(
    'gives a row that is committed late a later place: nobody waits for a transaction that is open',
    async () => {
      const f = fixture()
      const tenant = await f.tenant()
      const { store } = f.database
      await store.transaction(async (late) => {
        await late.audit.append(anAuditRow(tenant.id, { targetId: 'late' }))
        await withOtherStore({}, (other) =>
          other.transaction((repositories) => appendRows(repositories, tenant.id, 2)),
        )
        expect(await f.seal()).toBe(2)
      })
      expect(await f.seal()).toBe(1)
      expect((await sealedOf(tenant)).at(-1)).toMatchObject({ sequence: 3, targetId: 'late' })
      expect(await f.verify(tenant)).toMatchObject({ rows: 3, fault: undefined })
    },
  )
})
