import { expect, it } from 'vitest'
import { describeEachDatabase } from '../../../test/support/databases.ts'
import { useResets } from '../../../test/support/reset-fixture.ts'
import type { TestClock } from '../../../test/support/test-clock.ts'
import { waitUntil } from '../../../test/support/wait-until.ts'
import { type Clock, SECOND_MS } from '../clock.ts'

describeEachDatabase('a reset that waits for its turn', (kind) => {
  const fixture = useResets(kind)

  /** A call by SMS that waits behind one by mail, which fails when the waiting call has `msLeft` of its 25 s left. */
  async function waitUntilLeft(msLeft: number) {
    const { clock, database, ...f } = fixture()
    const user = await f.user()
    const { flight } = await f.open(user)
    const watched = watch(clock)
    const waiting = f.reset(user, { clock: watched.clock, callDeadlineMs: 25 * SECOND_MS }, 'SMS')
    const ended = waiting.then(
      (answer) => answer,
      (error: unknown) => error,
    )
    await waitUntil(async () => watched.waits() > 0)
    const { tenantId, id, leaseToken } = flight.reset
    watched.hold()
    clock.advance(25 * SECOND_MS - msLeft)
    const failed = await database.store.transaction((repositories) =>
      repositories.resets.change(
        tenantId,
        id,
        { states: ['prepared'], leaseToken },
        { state: 'failed', digest: undefined, leaseToken: undefined, leaseExpiresAt: undefined },
      ),
    )
    expect(failed).toBe(true)
    watched.letGo()
    return { ended: await ended, resets: await f.resetsOf(user) }
  }

  it('starts when there is time for an attempt', async () => {
    const { ended, resets } = await waitUntilLeft(10 * SECOND_MS)
    expect(ended).toMatchObject({ resetId: resets[0]?.id })
    expect(resets.map((reset) => reset.state)).toEqual(['accepted', 'failed'])
  })

  it('is told to come again when its turn comes too late for one, instead of failing', async () => {
    const { ended, resets } = await waitUntilLeft(1_500)
    expect(ended).toMatchObject({ code: 'MSG.9002' })
    expect(resets.map((reset) => reset.state)).toEqual(['failed'])
  })
})

/** The clock, and how often somebody lets time pass by it; while it is held, nobody's time passes. */
function watch(clock: TestClock) {
  let waits = 0
  let held = Promise.resolve()
  let letGo: () => void = () => undefined
  const watched: Clock = {
    now: clock.now,
    monotonicMs: clock.monotonicMs,
    get shiftMs() {
      return clock.shiftMs
    },
    async wait(delayMs) {
      waits += 1
      await clock.wait(delayMs)
      await held
    },
  }
  return {
    clock: watched,
    waits: () => waits,
    hold() {
      held = new Promise((resolve) => {
        letGo = resolve
      })
    },
    letGo: () => letGo(),
  }
}
