import { describe, expect, it } from 'vitest'
import { describeEachDatabase } from '../../../test/support/databases.ts'
import { aSession, aStateToken } from '../../../test/support/sample-rows.ts'
import type { SeededUser } from '../../../test/support/seed-tenant.ts'
import { type DeliveredReset, useSignIn } from '../../../test/support/sign-in-fixture.ts'
import type { Repositories } from '../../store/store.ts'
import { HOUR_MS } from '../clock.ts'
import { promoteReset } from './promote-reset.ts'

// reset protocol, rules 6 and 9
describeEachDatabase('promoteReset', (kind) => {
  const fixture = useSignIn(kind)

  async function promote(
    repositories: Repositories,
    user: SeededUser,
    { id }: DeliveredReset,
    change: { readonly to?: 'accepted' | 'used'; readonly leaseToken?: string } = {},
  ): Promise<{ readonly credentialVersion: number } | undefined> {
    const { to = 'accepted', ...lease } = change
    const locked = await repositories.users.lock(user.tenantId, user.id)
    const reset = await repositories.resets.find(user.tenantId, id)
    if (locked === undefined || reset === undefined) {
      throw new Error('no such user or reset')
    }
    const now = await repositories.now()
    return await promoteReset(repositories, {
      user: locked,
      reset: { ...reset, ...lease },
      to,
      historyLength: 5,
      notices: { ...fixture().deps, settings: fixture().tenant.settings.notices },
      actor: { kind: 'application', id: 'app-1' },
      requestId: 'request-1',
      now,
    })
  }

  const promoteInOne = (
    user: SeededUser,
    reset: DeliveredReset,
    change?: Parameters<typeof promote>[3],
  ): ReturnType<typeof promote> =>
    fixture().database.store.transaction((repositories) => promote(repositories, user, reset, change))

  async function historyOf(user: SeededUser): Promise<readonly unknown[]> {
    const rows = await fixture().database.query(
      'select digest, salt, parameters from password_history where user_id = $1',
      [user.id],
    )
    return rows.map(({ digest, salt, parameters }) => [digest, salt, parameters])
  }

  async function insertSessions(user: SeededUser): Promise<void> {
    await fixture().database.store.transaction(async ({ sessions }) => {
      await sessions.insert(aSession(user))
      await sessions.insert(aSession(user))
      await sessions.insertStateToken(aStateToken(user))
    })
  }

  describe.each(['accepted', 'used'] as const)('to %s', (to) => {
    it('makes the secret the password, which must be changed, and the old hash history', async () => {
      const f = fixture()
      const user = await f.user()
      const delivered = await f.reset(user, 'sending')
      const { digest } = await f.findReset(delivered)
      expect(await promoteInOne(user, delivered, { to })).toEqual({ credentialVersion: 2 })
      const after = await f.findUser(user)
      expect(after.credential).toEqual({ ...user.credential, digest, resetId: delivered.id, version: 2 })
      expect(after.mustChangePassword).toBe(true)
      expect(after.passwordChangedAt).toBeGreaterThan(0)
      const { salt, parameters, digest: oldDigest } = user.credential
      expect(await historyOf(user)).toEqual([[oldDigest, salt, parameters]])
      expect(await f.findReset(delivered)).toMatchObject({
        state: to,
        promotedAt: expect.any(Number),
        usedAt: to === 'used' ? expect.any(Number) : undefined,
        settledAt: expect.any(Number),
        leaseToken: undefined,
        leaseExpiresAt: undefined,
        detail: undefined,
      })
    })

    it('ends sessions and open sign-ins, and tells in the record how many', async () => {
      const f = fixture()
      const [user, bystander] = [await f.user(), await f.user()]
      await insertSessions(user)
      await insertSessions(bystander)
      const earlier = await f.reset(user, 'unknown')
      const delivered = await f.reset(user, 'sending')
      await promoteInOne(user, delivered, { to })
      const rows = await f.database.store.read.audit.list(f.tenant.id, 100)
      expect(rows.filter(({ targetId }) => targetId === delivered.id)).toMatchObject([
        {
          action: `reset.${to}`,
          actor: { kind: 'application', id: 'app-1' },
          requestId: 'request-1',
          detail: { endedSessions: 2, endedStateTokens: 1, supersededResets: [earlier.id] },
        },
      ])
      const left = await f.database.query(
        'select user_id from sessions union all select user_id from state_tokens',
      )
      expect(left.map((row) => row.user_id)).not.toContain(user.id)
      expect(left.filter((row) => row.user_id === bystander.id)).toHaveLength(3)
    })
  })

  it('happens whole or not at all', async () => {
    const f = fixture()
    const user = await f.user()
    await insertSessions(user)
    const earlier = await f.reset(user, 'unknown')
    const delivered = await f.reset(user, 'sending')
    const dump = async () => [
      await f.findUser(user),
      await f.findReset(earlier),
      await f.findReset(delivered),
      await historyOf(user),
      await f.actions(delivered.id),
      await f.database.query('select id from sessions where user_id = $1', [user.id]),
    ]
    const before = await dump()
    const failing = f.database.store.transaction(async (repositories) => {
      await promote(repositories, user, delivered)
      throw new Error('the disk is full')
    })
    await expect(failing).rejects.toThrow('the disk is full')
    expect(await dump()).toEqual(before)
  })

  it('happens once: a second one finds that and changes nothing', async () => {
    const f = fixture()
    const user = await f.user()
    const delivered = await f.reset(user, 'sending')
    const outcomes = await Promise.all([promoteInOne(user, delivered), promoteInOne(user, delivered)])
    expect(outcomes.filter((outcome) => outcome !== undefined)).toEqual([{ credentialVersion: 2 }])
    expect((await f.findUser(user)).credential.version).toBe(2)
    expect(await f.actions(delivered.id)).toEqual(['reset.accepted'])
    expect(await historyOf(user)).toHaveLength(1)
  })

  it('needs the lease token of the attempt that was accepted', async () => {
    const f = fixture()
    const user = await f.user()
    const delivered = await f.reset(user, 'sending')
    const before = await f.findReset(delivered)
    expect(await promoteInOne(user, delivered, { leaseToken: 'of-another-attempt' })).toBeUndefined()
    expect(await f.findReset(delivered)).toEqual(before)
    expect((await f.findUser(user)).credential).toEqual(user.credential)
  })

  it('supersedes what is earlier by number, whatever the times say, and leaves what is later', async () => {
    const f = fixture()
    const user = await f.user()
    const first = await f.reset(user, 'unknown')
    const second = await f.reset(user, 'unknown')
    const third = await f.reset(user, 'unknown')
    // clocks that ran backwards: the earlier, the later
    const { database } = f
    for (const [index, { id }] of [first, second, third].entries()) {
      await database.store.transaction((repositories) =>
        repositories.resets.change(user.tenantId, id, { states: ['unknown'] }, { settledAt: 9_000 - index }),
      )
    }
    await promoteInOne(user, second, { to: 'used' })
    expect(await f.findReset(first)).toMatchObject({ state: 'superseded', detail: 'newer_reset' })
    expect(await f.findReset(second)).toMatchObject({ state: 'used' })
    expect(await f.findReset(third)).toMatchObject({ state: 'unknown' })
    await promoteInOne(user, third, { to: 'used' })
    expect(await f.findReset(second)).toMatchObject({ state: 'superseded', detail: 'newer_reset' })
    await expect(f.signIn(user.userName, second.password)).rejects.toMatchObject({ code: 'SDK.LOGIN.1005' })
    expect(await f.signIn(user.userName, third.password)).toMatchObject({ status: 'PASSWORD_EXPIRED' })
  })

  it('keeps of superseded secrets the newest three, so that they are recognised', async () => {
    const f = fixture()
    const user = await f.user()
    const delivered: DeliveredReset[] = []
    for (let count = 0; count < 6; count += 1) {
      delivered.push(await f.reset(user, 'accepted'))
    }
    const rows = await Promise.all(delivered.map((reset) => f.findReset(reset)))
    expect(rows.map(({ state, digest }) => [state, digest !== undefined])).toEqual([
      ['superseded', false],
      ['superseded', false],
      ['superseded', true],
      ['superseded', true],
      ['superseded', true],
      ['accepted', true],
    ])
    f.clock.advance(HOUR_MS / 2)
    // recognised: like a wrong password, but not counted; forgotten: counted
    const failedCount = async () =>
      (await f.database.store.read.signInFailures.find(f.tenant.id, `user:${user.id}`))?.failedCount ?? 0
    const trying = async (reset: DeliveredReset | undefined) => {
      const refused = f.signIn(user.userName, reset?.password ?? '')
      await expect(refused).rejects.toMatchObject({ code: 'SDK.LOGIN.1005' })
    }
    await trying(delivered[4])
    await trying(delivered[2])
    expect(await failedCount()).toBe(0)
    await trying(delivered[0])
    expect(await failedCount()).toBe(1)
  })
})
