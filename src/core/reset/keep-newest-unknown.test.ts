import { expect, it } from 'vitest'
import { describeEachDatabase } from '../../../test/support/databases.ts'
import { useSignIn } from '../../../test/support/sign-in-fixture.ts'
import { keepNewestUnknown } from './recover-resets.ts'

describeEachDatabase('keepNewestUnknown', (kind) => {
  const fixture = useSignIn(kind)

  async function keepNewest(userId: string): Promise<void> {
    const { database, tenant } = fixture()
    await database.store.transaction(async (repositories) => {
      const user = await repositories.users.lock(tenant.id, userId)
      expect(user).toBeDefined()
      if (user !== undefined) {
        await keepNewestUnknown(repositories, user)
      }
    })
  }

  it('supersedes the oldest beyond three, and the record names it', async () => {
    const { database, tenant, ...f } = fixture()
    const alice = await f.user()
    const resets = []
    for (let count = 0; count < 4; count += 1) {
      resets.push(await f.reset(alice, 'unknown'))
    }
    await keepNewest(alice.id)
    const states = await Promise.all(resets.map(async (reset) => (await f.findReset(reset)).state))
    expect(states).toEqual(['superseded', 'unknown', 'unknown', 'unknown'])
    const rows = await database.store.read.audit.list(tenant.id, 1_000)
    expect(rows.filter((row) => row.targetId === alice.id)).toMatchObject([
      {
        action: 'reset.superseded',
        detail: { reason: 'too_many_unknown', supersededResets: [resets[0]?.id] },
      },
    ])
  })

  it('leaves three, and no trace in the record', async () => {
    const { ...f } = fixture()
    const alice = await f.user()
    for (let count = 0; count < 3; count += 1) {
      await f.reset(alice, 'unknown')
    }
    await keepNewest(alice.id)
    expect(await f.actions(alice.id)).toEqual([])
  })
})
