import { describe, expect, it } from 'vitest'
import { describeEachDatabase } from '../../../test/support/databases.ts'
import { useResets } from '../../../test/support/reset-fixture.ts'
import type { SeededUser } from '../../../test/support/seed-tenant.ts'
import { type DeliveredReset, useSignIn } from '../../../test/support/sign-in-fixture.ts'
import { connectStore } from '../../store/connect.ts'
import { type Clock, HOUR_MS, MINUTE_MS, SECOND_MS } from '../clock.ts'
import { expireReset } from './expire-reset.ts'
import { recoverResets } from './recover-resets.ts'

// reset protocol, rules 13 and 14
describeEachDatabase('expireReset', (kind) => {
  const fixture = useSignIn(kind)

  /** Deadlines of this fixture are an hour away. */
  async function expireAt(
    user: SeededUser,
    { id }: DeliveredReset,
    msBeforeDeadline: number,
  ): Promise<boolean> {
    return await fixture().database.store.transaction(async (repositories) => {
      const locked = await repositories.users.lock(user.tenantId, user.id)
      const reset = await repositories.resets.find(user.tenantId, id)
      if (locked === undefined || reset === undefined) {
        throw new Error('no such user or reset')
      }
      const now = reset.deadlineAt - msBeforeDeadline
      return await expireReset(repositories, { user: locked, reset, requestId: undefined, now })
    })
  }

  const recordOf = async ({ id }: DeliveredReset) => {
    const rows = await fixture().database.store.read.audit.list(fixture().tenant.id, 1_000)
    return rows.find(({ action, targetId }) => action === 'reset.expired' && targetId === id)?.detail
  }

  it('does nothing before the deadline, to the millisecond', async () => {
    const f = fixture()
    const user = await f.user()
    const delivered = await f.reset(user, 'accepted')
    expect(await expireAt(user, delivered, 1)).toBe(false)
    expect(await f.findReset(delivered)).toMatchObject({ state: 'accepted' })
    expect(await expireAt(user, delivered, 0)).toBe(true)
  })

  it('of a delivered password leaves none: the old one is not revived, sessions end', async () => {
    const f = fixture()
    const user = await f.user()
    const delivered = await f.reset(user, 'accepted')
    expect(await expireAt(user, delivered, 0)).toBe(true)
    const after = await f.findUser(user)
    expect(after.credential).toEqual({
      ...user.credential,
      digest: undefined,
      resetId: undefined,
      version: 3,
    })
    expect(after.mustChangePassword).toBe(true)
    expect(await f.findReset(delivered)).toMatchObject({ state: 'expired', digest: expect.any(String) })
    expect(await recordOf(delivered)).toEqual({
      userId: user.id,
      wasUsed: false,
      voidedPassword: true,
      endedSessions: 0,
      endedStateTokens: 0,
    })
    expect(await f.actions(delivered.id)).toContain('reset.expired_unused')
    const gone = { code: 'SDK.LOGIN.9001' }
    await expect(f.signIn(user.userName, delivered.password)).rejects.toMatchObject(gone)
    await expect(f.signIn(user.userName, user.password)).rejects.toMatchObject({ code: 'SDK.LOGIN.1005' })
  })

  it('of a reset that nobody used or confirmed leaves the own password and its sessions', async () => {
    const f = fixture()
    const user = await f.user()
    await f.signIn(user.userName, user.password)
    const delivered = await f.reset(user, 'unknown')
    expect(await expireAt(user, delivered, 0)).toBe(true)
    expect((await f.findUser(user)).credential).toEqual(user.credential)
    expect(await recordOf(delivered)).toMatchObject({ voidedPassword: false, endedSessions: 0 })
    expect(await f.actions(delivered.id)).not.toContain('reset.expired_unused')
    const sessions = await f.database.query('select id from sessions where user_id = $1', [user.id])
    expect(sessions).toHaveLength(1)
    expect(await f.signIn(user.userName, user.password)).toMatchObject({ status: 'SUCCESS' })
    const refused = f.signIn(user.userName, delivered.password)
    await expect(refused).rejects.toMatchObject({ code: 'SDK.LOGIN.9001' })
  })

  it('of a used reset waits for its state token, then ends what it left', async () => {
    const f = fixture()
    const user = await f.user()
    const delivered = await f.reset(user, 'accepted')
    f.clock.advance(55 * MINUTE_MS)
    const stateToken = await f.stateToken(user.userName, delivered.password)
    f.clock.advance(14 * MINUTE_MS) // past the deadline, within the token's 15 minutes
    const recover = () => recoverResets(f.database.store, () => undefined)
    await recover()
    expect(await f.findReset(delivered)).toMatchObject({ state: 'used' })
    f.clock.advance(MINUTE_MS + SECOND_MS)
    await recover()
    expect(await f.findReset(delivered)).toMatchObject({ state: 'expired' })
    expect((await f.findUser(user)).credential).toMatchObject({ digest: undefined, resetId: undefined })
    expect(await recordOf(delivered)).toMatchObject({
      wasUsed: true,
      voidedPassword: true,
      endedStateTokens: 1,
    })
    expect(await f.actions(delivered.id)).not.toContain('reset.expired_unused')
    const late = f.update(stateToken, delivered.password, 'Chosen-by-myself-1')
    await expect(late).rejects.toMatchObject({ code: 'SDK.COMMON.1005' })
  })

  it('has nothing to end once the employee chose a password of their own: its hash is erased with that', async () => {
    const f = fixture()
    const user = await f.user()
    const delivered = await f.reset(user, 'accepted')
    const earlier = await f.reset(user, 'unknown')
    const stateToken = await f.stateToken(user.userName, delivered.password)
    await f.update(stateToken, delivered.password, 'Chosen-by-myself-1')
    expect(await f.findReset(delivered)).toMatchObject({ state: 'completed', digest: undefined })
    // the salt is another one: what else could be recognised no longer can
    expect(await f.findReset(earlier)).toMatchObject({ state: 'superseded', digest: undefined })
    f.clock.advance(2 * HOUR_MS)
    await recoverResets(f.database.store, () => undefined)
    expect(await f.findReset(delivered)).toMatchObject({ state: 'completed' })
    expect(await f.signIn(user.userName, 'Chosen-by-myself-1')).toMatchObject({ status: 'SUCCESS' })
  })

  it('leaves a reset that is being sent to its lease', async () => {
    const user = await fixture().user()
    const delivered = await fixture().reset(user, 'sending')
    expect(await expireAt(user, delivered, 0)).toBe(false)
    expect(await fixture().findReset(delivered)).toMatchObject({ state: 'sending' })
  })

  it('leaves a superseded reset as it is', async () => {
    const user = await fixture().user()
    const delivered = await fixture().reset(user, 'unknown')
    await fixture().supersede(user, delivered)
    expect(await expireAt(user, delivered, 0)).toBe(false)
    expect(await fixture().findReset(delivered)).toMatchObject({ state: 'superseded' })
  })

  it('on two nodes at once, or beside a sign-in, happens once', async () => {
    const f = fixture()
    const user = await f.user()
    const delivered = await f.reset(user, 'accepted')
    f.clock.advance(HOUR_MS + SECOND_MS)
    const recover = () => recoverResets(f.database.store, () => undefined)
    await Promise.all([
      recover(),
      recover(),
      f.signIn(user.userName, delivered.password).catch(() => undefined),
    ])
    expect((await f.actions(delivered.id)).filter((action) => action === 'reset.expired')).toHaveLength(1)
    expect((await f.findUser(user)).credential).toMatchObject({ digest: undefined, version: 3 })
  })
})

// reset protocol, rule 15
describeEachDatabase('the clock that deadlines live on', (kind) => {
  const fixture = useResets(kind)

  /** A process whose wall clock is off by this much, over the same database. */
  async function connectNode(offByMs: number) {
    const f = fixture()
    const clock: Clock = {
      now: () => f.clock.now() + offByMs,
      monotonicMs: () => f.clock.monotonicMs(),
      wait: (delayMs) => f.clock.wait(delayMs),
      get shiftMs() {
        return f.clock.shiftMs
      },
    }
    const store = await connectStore(f.database.url, { clock, migrate: 'never' })
    return { clock, store }
  }

  const ownerOfTime = { sqlite: 'process', postgres: 'database' }[kind]

  describe(`is that of the ${ownerOfTime}`, () => {
    it('when a reset is made by a node that is an hour ahead', async () => {
      const f = fixture()
      const node = await connectNode(HOUR_MS)
      const user = await f.user()
      const before = await f.database.store.read.now()
      await f.reset(user, { store: node.store, clock: node.clock }, 'SMS')
      const [reset] = await f.resetsOf(user)
      const aheadMs = (reset?.preparedAt ?? 0) - before
      expect(Math.round(aheadMs / MINUTE_MS)).toBe(kind === 'postgres' ? 0 : 60)
      expect((reset?.deadlineAt ?? 0) - (reset?.preparedAt ?? 0)).toBe(HOUR_MS)
      await node.store.close()
    })

    it.each([
      ['an hour ahead', HOUR_MS, 30, { sqlite: 'expired', postgres: 'accepted' }],
      ['an hour behind', -HOUR_MS, 61, { sqlite: 'accepted', postgres: 'expired' }],
    ] as const)('when a node that is %s looks for what is over', async (_what, offByMs, minutes, found) => {
      const f = fixture()
      const user = await f.user()
      await f.reset(user, {}, 'SMS')
      const node = await connectNode(offByMs)
      f.clock.advance(minutes * MINUTE_MS)
      await recoverResets(node.store, () => undefined)
      expect(await f.resetsOf(user)).toMatchObject([{ state: found[kind] }])
      expect((await f.findUser(user)).credential.digest !== undefined).toBe(found[kind] === 'accepted')
      await node.store.close()
    })

    it('when a lease is judged by a node that is an hour ahead: on PostgreSQL it still holds', async () => {
      const f = fixture()
      const user = await f.user()
      await f.open(user)
      const node = await connectNode(HOUR_MS)
      await recoverResets(node.store, () => undefined)
      expect(await f.resetsOf(user)).toMatchObject([{ state: kind === 'postgres' ? 'prepared' : 'failed' }])
      await node.store.close()
    })

    it('which a node knows that it is off from', async () => {
      const node = await connectNode(HOUR_MS)
      const { skewMs } = await node.store.measureClock()
      expect(Math.round(skewMs / SECOND_MS)).toBeCloseTo(kind === 'postgres' ? -3_600 : 0, 0)
      await node.store.close()
    })
  })
})
