import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeEachDatabase } from '../support/databases.ts'
import { expectMustChange, expectRefused, expectSignsIn } from '../support/passwords.ts'
import type { SeededUser } from '../support/seed-tenant.ts'
import { expectOneInFlightAtATime, expectOnlyNewestWorks } from './expect-newest-works.ts'
import { listResets, type RaceApp, readDelivered, startRaceApp } from './race-app.ts'

describeEachDatabase('resets of one user after another', (kind) => {
  let app: RaceApp
  beforeAll(async () => {
    app = await startRaceApp(kind)
  })
  afterAll(() => app.close())

  it('leave of ten accepted ones only the newest working', async () => {
    const alice = await app.addUser()
    for (let count = 0; count < 10; count += 1) {
      const answer = await app.client.resetPassword(alice.id, count % 3 === 2 ? 'SMS' : 'EMAIL')
      expect(answer.status).toBe(200)
    }
    const resets = await listResets(app.database.store, alice)
    expect(resets).toHaveLength(10)
    expectOneInFlightAtATime(resets)
    await expectOnlyNewestWorks(app.client, alice, resets, await readDelivered(app, alice))
  })

  /** The passwords of four resets of unknown outcome, oldest first. */
  async function resetFourTimesUnknown(alice: SeededUser): Promise<readonly string[]> {
    const passwords: string[] = []
    for (let count = 0; count < 4; count += 1) {
      const held = await app.startHeldReset(alice)
      app.decide('drops')
      const answer = await held.answer
      expect(answer.text).toBe('{"error_code":"MSG.0001","error_msg":"Message sending failed"}')
      expect(answer.headers.get('x-error-detail')).toBe('delivery_unknown')
      passwords.push(held.password)
    }
    const resets = await listResets(app.database.store, alice)
    expect(resets.map(({ state, detail }) => [state, detail])).toEqual([
      ['superseded', 'too_many_unknown'],
      ...Array.from({ length: 3 }, () => ['unknown', 'gateway_connection_lost']),
    ])
    return passwords
  }

  it('leave of four unknown ones the newest three working, each until a newer one is used', async () => {
    const alice = await app.addUser()
    const [oldest = '', ...newest] = await resetFourTimesUnknown(alice)
    await expectRefused(app.client, alice.userName, oldest)
    await expectSignsIn(app.client, alice.userName, alice.password)
    for (const [at, password] of newest.entries()) {
      await expectMustChange(app.client, alice.userName, password)
      for (const earlier of [alice.password, oldest, ...newest.slice(0, at)]) {
        await expectRefused(app.client, alice.userName, earlier)
      }
    }
  })

  it('leave of four unknown ones none but the newest working once that is used', async () => {
    const alice = await app.addUser()
    const passwords = await resetFourTimesUnknown(alice)
    await expectMustChange(app.client, alice.userName, passwords[3] ?? '')
    for (const earlier of [alice.password, ...passwords.slice(0, 3)]) {
      await expectRefused(app.client, alice.userName, earlier)
    }
    const states = (await listResets(app.database.store, alice)).map((reset) => reset.state)
    expect(states).toEqual(['superseded', 'superseded', 'superseded', 'used'])
  })
})
