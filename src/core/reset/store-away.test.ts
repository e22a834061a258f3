import { expect, it } from 'vitest'
import { describeEachDatabase } from '../../../test/support/databases.ts'
import { useResets } from '../../../test/support/reset-fixture.ts'
import { StoreUnavailableError } from '../../errors/store-error.ts'
import type { Store } from '../../store/store.ts'

describeEachDatabase('a store that is away while an outcome is to be written down', (kind) => {
  const fixture = useResets(kind)

  it('is told of once, however often it is tried, and the reset is promoted when it is back', async () => {
    const { database, ...f } = fixture()
    const user = await f.user()
    let failuresLeft = 0
    let tries = 0
    const store: Store = {
      ...database.store,
      async transaction(work) {
        tries += 1
        if (failuresLeft > 0) {
          failuresLeft -= 1
          throw new StoreUnavailableError('away')
        }
        return await database.store.transaction(work)
      },
    }
    const troubles: unknown[] = []
    const answer = await f.reset(user, {
      store,
      reached(point) {
        if (point === 'gateway-answered') {
          failuresLeft = 3
          tries = 0
        }
      },
      onTrouble: ({ cause }) => troubles.push(cause),
    })
    expect(tries).toBe(4)
    expect(troubles).toHaveLength(1)
    expect((await f.resetsOf(user))[0]).toMatchObject({ id: answer.resetId, state: 'accepted' })
  })
})
