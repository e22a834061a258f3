import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import type { Answer } from '../support/api-client.ts'
import { describeEachDatabase } from '../support/databases.ts'
import { expectMustChange, expectRefused, expectSignsIn } from '../support/passwords.ts'
import type { SeededUser } from '../support/seed-tenant.ts'
import { waitUntil } from '../support/wait-until.ts'
import { listResets, type RaceApp, readDelivered, startRaceApp } from './race-app.ts'

describeEachDatabase('ten equal calls at once in one process', (kind) => {
  let app: RaceApp
  beforeAll(async () => {
    app = await startRaceApp(kind)
  })
  afterAll(() => app.close())

  /** Ten calls that are all under way before the gateway answers the first. */
  async function callTenTimes(alice: SeededUser, sendMode: string): Promise<readonly Promise<Answer>[]> {
    app.gate.shut()
    await app.client.token()
    const calls = Array.from({ length: 10 }, () => app.client.resetPassword(alice.id, sendMode))
    await waitUntil(async () => app.gate.held === 1 && app.sharingClock.sharing === 9)
    return calls
  }

  it.each(['EMAIL', 'SMS'])('send one message by %s, hash once, and are answered alike', async (sendMode) => {
    const alice = await app.addUser()
    const hash = vi.spyOn(app.app.hasher, 'hash')
    const calls = await callTenTimes(alice, sendMode)
    app.gate.open()
    const answers = await Promise.all(calls)
    expect(hash).toHaveBeenCalledTimes(1)
    hash.mockRestore()

    const [reset, ...others] = await listResets(app.database.store, alice)
    expect(others).toEqual([])
    expect(reset?.state).toBe('accepted')
    for (const answer of answers) {
      expect(answer.status).toBe(200)
      expect(answer.text).toBe(`{"user_id":"${alice.id}"}`)
      expect(answer.headers.get('x-reset-id')).toBe(reset?.id)
    }
    const delivered = await readDelivered(app, alice)
    expect([...delivered.keys()]).toEqual([reset?.id])
    await expectRefused(app.client, alice.userName, alice.password)
    await expectMustChange(app.client, alice.userName, delivered.get(reset?.id ?? '') ?? '')
  })

  it('are all told of a refusal, which only one of them met', async () => {
    const alice = await app.addUser()
    const calls = await callTenTimes(alice, 'EMAIL')
    app.decide('refuses with 554')
    for (const answer of await Promise.all(calls)) {
      expect(answer.status).toBe(400)
      expect(answer.text).toBe('{"error_code":"MSG.0001","error_msg":"Message sending failed"}')
      expect(answer.headers.get('x-error-detail')).toBe('message_refused')
    }
    const resets = await listResets(app.database.store, alice)
    expect(resets.map((reset) => reset.state)).toEqual(['failed'])
    expect((await readDelivered(app, alice)).size).toBe(1)
    await expectSignsIn(app.client, alice.userName, alice.password)
  })
})
