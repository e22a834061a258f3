import { describe, expect, it } from 'vitest'
import { describeEachDatabase } from '../../../test/support/databases.ts'
import { type OpenedFlight, type ResetFixture, useResets } from '../../../test/support/reset-fixture.ts'
import type { HandOver } from '../../messaging/gateway.ts'
import type { Repositories, ResetAttempt } from '../../store/store.ts'
import { MINUTE_MS, SECOND_MS } from '../clock.ts'
import { disableUser } from '../users/change-user-state.ts'
import type { UserWithCredential } from '../users/user.ts'
import { promoteReset } from './promote-reset.ts'
import { recordAttempt } from './record-attempt.ts'
import { recoverResets } from './recover-resets.ts'
import type { ResetFlight } from './reset-run.ts'
import { type WithdrawalReason, withdrawResets } from './withdraw-resets.ts'

const refused = { kind: 'refused-here', reason: 'gateway_unreachable', reply: 'nobody there' } as const

// reset protocol, rules 2 and 4
describeEachDatabase('recordAttempt', (kind) => {
  const fixture = useResets(kind)

  async function start(
    change: Parameters<ResetFixture['open']>[1] = {},
  ): Promise<OpenedFlight & { readonly handOver: HandOver; readonly user: UserWithCredential }> {
    const f = fixture()
    const user = await f.user()
    const opened = await f.open(user, change)
    const handOver = await recordAttempt(f.deps, opened.flight, 'mail', undefined)
    if (handOver === undefined) {
      throw new Error('the attempt was not recorded')
    }
    return { ...opened, user, handOver }
  }

  const attemptsOf = ({ reset }: ResetFlight): Promise<readonly ResetAttempt[]> =>
    fixture().database.store.read.resets.listAttempts(reset.tenantId, reset.id)
  const rowOf = ({ reset }: ResetFlight) =>
    fixture().database.store.read.resets.find(reset.tenantId, reset.id)

  it('takes a lease token of its own for each attempt, and writes how the one before ended', async () => {
    const { flight, handOver } = await start()
    const first = await rowOf(flight)
    expect(first).toMatchObject({ state: 'sending', gateway: 'mail', leaseToken: flight.reset.leaseToken })
    expect(first?.leaseToken).not.toBe(flight.opened.reset.leaseToken)
    expect(await attemptsOf(flight)).toMatchObject([{ ordinal: 1, gateway: 'mail', endedAt: undefined }])

    const next = await recordAttempt(fixture().deps, flight, 'mail-2', refused)
    const second = await rowOf(flight)
    expect(second).toMatchObject({ state: 'sending', gateway: 'mail-2', leaseToken: flight.reset.leaseToken })
    expect(second?.leaseToken).not.toBe(first?.leaseToken)
    expect(await attemptsOf(flight)).toMatchObject([
      { ordinal: 1, outcome: 'refused-here', reason: 'gateway_unreachable', reply: 'nobody there' },
      { ordinal: 2, gateway: 'mail-2', endedAt: undefined },
    ])
    // the token is a fence: the attempt before may not send any more
    expect([await handOver.mayHandOver(), await next?.mayHandOver()]).toEqual([false, true])
  })

  describe('lets the body leave', () => {
    it('while call, lease and reset are as they were', async () => {
      const { handOver, flight } = await start()
      expect(handOver.deadlineMonotonicMs).toBe(flight.run.deadlineMonotonicMs)
      expect(await handOver.mayHandOver()).toBe(true)
      fixture().clock.advance(24 * SECOND_MS)
      expect(await handOver.mayHandOver()).toBe(true)
    })

    it('not after the deadline of the call, though the lease still holds', async () => {
      const { handOver } = await start({ callDeadlineMs: 25_000, leaseGraceMs: 30_000 })
      fixture().clock.advance(25 * SECOND_MS)
      expect(await handOver.mayHandOver()).toBe(false)
    })

    it('not in the last second of the lease, though the call still has time', async () => {
      const { handOver } = await start({ callDeadlineMs: 25_000, leaseGraceMs: 0 })
      fixture().clock.advance(22 * SECOND_MS)
      expect(await handOver.mayHandOver()).toBe(true)
      fixture().clock.advance(2 * SECOND_MS)
      expect(await handOver.mayHandOver()).toBe(false)
    })

    it('not when the wall clock alone would allow it', async () => {
      const { flight } = await start()
      const f = fixture()
      const clock = { ...f.clock, now: () => 0, monotonicMs: () => f.clock.monotonicMs() + MINUTE_MS }
      const handOver = await recordAttempt({ ...f.deps, clock }, flight, 'mail', refused)
      expect(await handOver?.mayHandOver()).toBe(false)
    })

    it('not after recovery has taken the reset for lost', async () => {
      const { handOver, flight } = await start()
      fixture().clock.advance(MINUTE_MS)
      await recoverResets(fixture().database.store, () => undefined)
      fixture().clock.advance(-MINUTE_MS)
      expect(await rowOf(flight)).toMatchObject({ state: 'unknown' })
      expect(await handOver.mayHandOver()).toBe(false)
    })
  })

  const withdraw =
    (reason: WithdrawalReason) =>
    (repositories: Repositories, user: UserWithCredential): Promise<unknown> =>
      withdrawResets(repositories, { user, reason })
  const use = async (repositories: Repositories, user: UserWithCredential): Promise<unknown> => {
    const [reset] = await repositories.resets.listOpen(user.tenantId, user.id)
    const actor = { kind: 'user', id: user.id } as const
    return (
      reset &&
      promoteReset(repositories, {
        user,
        reset,
        to: 'used',
        historyLength: 5,
        notices: { ...fixture().deps, settings: fixture().tenant.settings.notices },
        actor,
        requestId: undefined,
        now: 1,
      })
    )
  }

  describe.each([
    ['was used to sign in', use],
    ['was superseded by another password', withdraw('password_changed')],
    ['was superseded by another contact', withdraw('contact_changed')],
  ])('of a reset that %s', (_what, change) => {
    it('sends nothing: neither this attempt nor the next', async () => {
      const { handOver, flight, user } = await start()
      await fixture().database.store.transaction((repositories) => change(repositories, user))
      const moved = await rowOf(flight)
      expect(await handOver.mayHandOver()).toBe(false)
      expect(await recordAttempt(fixture().deps, flight, 'mail-2', refused)).toBeUndefined()
      expect(await rowOf(flight)).toEqual(moved)
      expect(await attemptsOf(flight)).toMatchObject([{ ordinal: 1, outcome: 'refused-here' }])
    })
  })

  it('of a reset whose user was disabled while it was prepared sends nothing', async () => {
    const f = fixture()
    const user = await f.user()
    const { flight } = await f.open(user)
    const caller = { tenant: f.tenant, application: f.application, requestId: 'request-1' }
    await disableUser(f.database.store, caller, user.id)
    expect(await recordAttempt(f.deps, flight, 'mail', undefined)).toBeUndefined()
    expect(await attemptsOf(flight)).toEqual([])
  })
})
