import { describe, expect, it } from 'vitest'
import { describeEachDatabase } from '../../../test/support/databases.ts'
import { useResets } from '../../../test/support/reset-fixture.ts'
import type { SeededUser } from '../../../test/support/seed-tenant.ts'
import { connectStore } from '../../store/connect.ts'
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../clock.ts'
import { readSettled } from './follow-reset.ts'
import { recordAttempt } from './record-attempt.ts'
import { recoverResets, releaseExpiredLease } from './recover-resets.ts'
import type { Reset } from './reset-state.ts'

// reset protocol, rules 4, 6 and 14
describeEachDatabase('recoverResets', (kind) => {
  const fixture = useResets(kind)

  /** As a process leaves it that stops there. */
  async function leaveIn(state: 'prepared' | 'sending', user: SeededUser): Promise<Reset> {
    const f = fixture()
    const { flight } = await f.open(user)
    if (state === 'sending') {
      await recordAttempt(f.deps, flight, 'mail', undefined)
    }
    return flight.reset
  }

  async function recover(): Promise<{ readonly told: readonly Reset[]; readonly counts: object }> {
    const told: Reset[] = []
    const counts = await recoverResets(fixture().database.store, (reset) => told.push(reset))
    return { told, counts }
  }

  const server = { kind: 'server', id: undefined }

  describe('when the lease is over', () => {
    it('fails what was only prepared, and forgets its secret', async () => {
      const f = fixture()
      const user = await f.user()
      const left = await leaveIn('prepared', user)
      f.clock.advance(MINUTE_MS)
      const { told, counts } = await recover()
      expect(counts).toMatchObject({ released: 1 })
      const [reset] = await f.resetsOf(user)
      expect(reset).toMatchObject({
        state: 'failed',
        digest: undefined,
        leaseToken: undefined,
        leaseExpiresAt: undefined,
        settledAt: expect.any(Number),
        detail: 'interrupted',
      })
      expect(told).toEqual([reset])
      expect((await f.recordOf(left.id)).at(-1)).toMatchObject({
        action: 'reset.failed',
        actor: server,
        detail: { userId: user.id, reason: 'interrupted' },
      })
      expect((await f.findUser(user)).credential).toEqual(user.credential)
    })

    it('calls what was being sent unknown, keeps its secret, and its token for a late outcome', async () => {
      const f = fixture()
      const user = await f.user()
      const left = await leaveIn('sending', user)
      f.clock.advance(MINUTE_MS)
      const { told } = await recover()
      const [reset] = await f.resetsOf(user)
      expect(reset).toMatchObject({
        state: 'unknown',
        digest: left.digest,
        leaseToken: left.leaseToken,
        leaseExpiresAt: undefined,
        detail: 'interrupted',
      })
      expect(told).toEqual([reset])
      expect((await f.recordOf(left.id)).at(-1)).toMatchObject({ action: 'reset.unknown', actor: server })
      expect((await f.findUser(user)).credential).toEqual(user.credential)
    })

    it('takes the token away before anybody is told `unknown`, and once only', async () => {
      const f = fixture()
      const user = await f.user()
      const left = await leaveIn('sending', user)
      expect(await readSettled(f.deps, left)).toBeUndefined()
      f.clock.advance(MINUTE_MS)
      await recover()
      const told = await Promise.all([readSettled(f.deps, left), readSettled(f.deps, left)])
      expect(told.some((reset) => reset?.state === 'unknown')).toBe(true)
      expect(await f.resetsOf(user)).toMatchObject([{ state: 'unknown', leaseToken: undefined }])
      expect(await readSettled(f.deps, left)).toMatchObject({ state: 'unknown' })
    })

    it.each(['prepared', 'sending'] as const)('on many nodes at once settles %s once', async (state) => {
      const f = fixture()
      const user = await f.user()
      const left = await leaveIn(state, user)
      f.clock.advance(MINUTE_MS)
      const other = await connectStore(f.database.url, { clock: f.clock, migrate: 'never' })
      const told: Reset[] = []
      const nodes = [f.database.store, other, f.database.store, other]
      await Promise.all(nodes.map((store) => recoverResets(store, (reset) => told.push(reset))))
      await other.close()
      expect(told.map(({ id }) => id)).toEqual([left.id])
      const settled = (await f.recordOf(left.id)).filter(({ actor }) => actor.kind === 'server')
      expect(settled).toHaveLength(1)
    })

    it('supersedes the oldest of four unknown ones in the same transaction', async () => {
      const f = fixture()
      const user = await f.user()
      for (let count = 0; count < 4; count += 1) {
        await leaveIn('sending', user)
        f.clock.advance(MINUTE_MS)
        await recover()
      }
      const resets = await f.resetsOf(user)
      expect(resets.map(({ sequence, state }) => [sequence, state])).toEqual([
        [4, 'unknown'],
        [3, 'unknown'],
        [2, 'unknown'],
        [1, 'superseded'],
      ])
      expect(resets.at(-1)).toMatchObject({ detail: 'too_many_unknown', leaseToken: undefined })
    })
  })

  it('leaves alone what still has its lease, and what was settled meanwhile', async () => {
    const f = fixture()
    const [busy, settled] = [await f.user(), await f.user()]
    await leaveIn('sending', busy)
    await f.reset(settled)
    f.clock.advance(54 * SECOND_MS)
    const before = [await f.resetsOf(busy), await f.resetsOf(settled)]
    expect((await recover()).told).toEqual([])
    expect([await f.resetsOf(busy), await f.resetsOf(settled)]).toEqual(before)
    // the list it works through may be older than the row
    const [reset] = before[0] ?? []
    const released = await f.database.store.transaction(async (repositories) => {
      const user = await repositories.users.lock(busy.tenantId, busy.id)
      const stale = { ...(reset as Reset), leaseToken: 'of-an-attempt-before', leaseExpiresAt: 1 }
      return await releaseExpiredLease(repositories, user, stale, await repositories.now())
    })
    expect(released).toBe(false)
    expect(await f.resetsOf(busy)).toEqual(before[0])
    f.clock.advance(MINUTE_MS)
    await recover()
  })

  it('forgets superseded and expired secrets 24 hours after their deadline, and no others', async () => {
    const f = fixture()
    const user = await f.user()
    await f.reset(user)
    await f.reset(user)
    const digests = async () =>
      (await f.resetsOf(user)).map(({ state, digest }) => [state, digest !== undefined])
    expect(await digests()).toEqual([
      ['accepted', true],
      ['superseded', true],
    ])
    f.clock.advance(24 * HOUR_MS + SECOND_MS)
    await recover()
    expect(await digests()).toEqual([
      ['expired', true],
      ['superseded', true],
    ])
    f.clock.advance(24 * HOUR_MS - MINUTE_MS)
    await recover()
    expect(await digests()).toEqual([
      ['expired', true],
      ['superseded', true],
    ])
    f.clock.advance(2 * MINUTE_MS)
    expect((await recover()).counts).toMatchObject({ forgotten: 2 })
    expect(await digests()).toEqual([
      ['expired', false],
      ['superseded', false],
    ])
  })

  it('forgets the secret of a reset that every gateway refused, with its failure', async () => {
    const f = fixture()
    const user = await f.user()
    f.sms.answer = { status: 500 }
    await expect(f.reset(user, {}, 'SMS')).rejects.toMatchObject({ code: 'MSG.0001' })
    f.sms.answer = { status: 200, body: '{}' }
    expect(await f.resetsOf(user)).toMatchObject([{ state: 'failed', digest: undefined }])
  })
})
