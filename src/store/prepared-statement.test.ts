import { expect, it } from 'vitest'
import { describeEachDatabase, openTestDatabase } from '../../test/support/databases.ts'
import { seedTenant } from '../../test/support/seed-tenant.ts'
import { createTestClock } from '../../test/support/test-clock.ts'
import { HOUR_MS } from '../core/clock.ts'
import { connectStore } from './connect.ts'

describeEachDatabase('a statement that is built once', (kind) => {
  it('reads the clock of the store that runs it, each time it runs', async () => {
    const clock = createTestClock()
    const database = await openTestDatabase(kind, { clock })
    const tenant = await seedTenant(database.store)
    const laterClock = createTestClock()
    laterClock.advance(5 * HOUR_MS)
    const later = await connectStore(database.url, { clock: laterClock, migrate: 'never' })
    const append = (store: typeof later, requestId: string) =>
      store.transaction(({ audit }) =>
        audit.append({
          tenantId: tenant.id,
          action: 'user.removed',
          actor: { kind: 'server', id: undefined },
          targetKind: 'user',
          targetId: 'u',
          requestId,
          detail: {},
        }),
      )
    await append(database.store, 'now')
    await append(later, 'five hours later')
    clock.advance(HOUR_MS)
    await append(database.store, 'an hour later')
    const rows = await database.store.read.audit.list(tenant.id, 10)
    expect(rows.map(({ requestId }) => requestId)).toEqual(['five hours later', 'an hour later', 'now'])
    const [fifth, first, now] = rows.map(({ at }) => Math.round(at / HOUR_MS))
    expect([(fifth ?? 0) - (now ?? 0), (first ?? 0) - (now ?? 0)]).toEqual([5, 1])
    await later.close()
    await database.close()
  })
})
