import { expect, it } from 'vitest'
import { describeEachDatabase } from '../../../test/support/databases.ts'
import type { SeededUser } from '../../../test/support/seed-tenant.ts'
import { useSignIn } from '../../../test/support/sign-in-fixture.ts'
import { removeUser } from './remove-user.ts'

// reset protocol, rules 8, 9 and 14
describeEachDatabase('removeUser', (kind) => {
  const fixture = useSignIn(kind)

  const remove = (user: SeededUser): Promise<void> =>
    fixture().database.store.transaction(async (repositories) => {
      const locked = await repositories.users.lock(user.tenantId, user.id)
      if (locked === undefined) {
        throw new Error('no such user')
      }
      const actor = { kind: 'operator', id: undefined } as const
      const now = await repositories.now()
      await removeUser(repositories, { user: locked, actor, requestId: 'request-1', now })
    })

  it.each(['sending', 'unknown', 'accepted'] as const)(
    'supersedes a reset that is %s and erases its secret: nobody signs in any more',
    async (state) => {
      const f = fixture()
      const user = await f.user()
      const earlier = await f.reset(user, 'unknown')
      const delivered = await f.reset(user, state)
      await remove(user)
      const gone = { state: 'superseded', digest: undefined, leaseToken: undefined }
      expect(await f.findReset(delivered)).toMatchObject({ ...gone, detail: 'user_removed' })
      expect(await f.findReset(earlier)).toMatchObject(gone)
      for (const password of [delivered.password, user.password]) {
        const refused = f.signIn(user.userName, password)
        await expect(refused).rejects.toMatchObject({ code: 'SDK.LOGIN.1005' })
      }
    },
  )

  it('removes everything that was the user’s, and keeps what the record says', async () => {
    const f = fixture()
    const [user, bystander] = [await f.user(), await f.user()]
    for (const { userName, password } of [user, bystander]) {
      await f.signIn(userName, password)
      await f.signIn(userName, 'wrong').catch(() => undefined)
    }
    const delivered = await f.reset(user, 'unknown')
    await remove(user)
    const tables = ['users', 'sessions', 'state_tokens', 'password_history', 'sign_in_failures']
    for (const table of tables) {
      const key = { users: 'id', sign_in_failures: 'subject' }[table] ?? 'user_id'
      const value = (one: SeededUser) => (key === 'subject' ? `user:${one.id}` : one.id)
      const rows = await f.database.query(`select * from ${table} where ${key} = $1`, [value(user)])
      expect([table, rows]).toEqual([table, []])
    }
    const counts = [
      await f.database.query('select id from sessions where user_id = $1', [bystander.id]),
      await f.database.query('select subject from sign_in_failures where subject = $1', [
        `user:${bystander.id}`,
      ]),
    ]
    expect(counts.map((rows) => rows.length)).toEqual([1, 1])
    const rows = await f.database.store.read.audit.list(f.tenant.id, 100)
    const [removed, ...earlier] = rows.filter(({ targetId }) => targetId === user.id)
    expect(removed).toMatchObject({
      action: 'user.removed',
      actor: { kind: 'operator' },
      requestId: 'request-1',
      detail: { supersededResets: [delivered.id], endedSessions: 1, endedStateTokens: 0 },
    })
    expect(earlier.map(({ action }) => action)).toContain('sign_in.succeeded')
  })
})
