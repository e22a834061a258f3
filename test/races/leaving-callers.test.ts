import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Answer } from '../support/api-client.ts'
import { describeEachDatabase } from '../support/databases.ts'
import { expectMustChange, expectRefused } from '../support/passwords.ts'
import type { SeededUser } from '../support/seed-tenant.ts'
import { waitUntil } from '../support/wait-until.ts'
import { comeBack, listResets, type RaceApp, startRaceApp } from './race-app.ts'

const MSG_9002 = '{"error_code":"MSG.9002","error_msg":"Another reset of this user is in progress"}'

describeEachDatabase('a caller that does not wait for the end', (kind) => {
  let app: RaceApp
  beforeAll(async () => {
    app = await startRaceApp(kind)
  })
  afterAll(() => app.close())

  /** A call that shares the reset that the gateway holds. */
  async function share(
    alice: SeededUser,
    signal?: AbortSignal,
  ): Promise<{ readonly answer: Promise<Answer> }> {
    const answer = reset(alice, signal)
    await waitUntil(async () => app.sharingClock.sharing === 1)
    return { answer }
  }

  async function reset(alice: SeededUser, signal?: AbortSignal): Promise<Answer> {
    const headers = { authorization: `Bearer ${await app.client.token()}` }
    const path = `/api/v2/tenant/users/${alice.id}/rest-password?send_mode=EMAIL`
    return await app.client.call('PUT', path, { headers, ...(signal === undefined ? {} : { signal }) })
  }

  async function expectDone(alice: SeededUser): Promise<void> {
    const isAccepted = async () => (await listResets(app.database.store, alice))[0]?.state === 'accepted'
    await waitUntil(isAccepted)
    expect(await listResets(app.database.store, alice)).toHaveLength(1)
    await expectRefused(app.client, alice.userName, alice.password)
    await expectMustChange(app.client, alice.userName, await app.readMailedPassword())
  }

  it('shares until its own deadline and is told to come again; the leading call gets its answer', async () => {
    const alice = await app.addUser()
    const leading = await app.startHeldReset(alice)
    const sharing = await share(alice)
    app.sharingClock.endSharing()
    const late = await sharing.answer
    expect(late.status).toBe(400)
    expect(late.text).toBe(MSG_9002)
    expect(late.headers.get('x-error-detail')).toBe('reset_in_progress')
    expect(Number(late.headers.get('retry-after'))).toBeGreaterThanOrEqual(1)
    app.decide('accepts')
    expect((await leading.answer).text).toBe(`{"user_id":"${alice.id}"}`)
    await expectDone(alice)
  })

  it('hangs up while it leads: the reset completes, and who shared it is answered', async () => {
    const alice = await app.addUser()
    app.gate.shut()
    const caller = new AbortController()
    const lost = expect(reset(alice, caller.signal)).rejects.toThrow('aborted')
    await waitUntil(async () => app.gate.held === 1)
    const sharing = await share(alice)
    caller.abort()
    await lost
    await comeBack([app.client], alice)
    app.decide('accepts')
    const answer = await sharing.answer
    expect(answer.status).toBe(200)
    expect(answer.text).toBe(`{"user_id":"${alice.id}"}`)
    await expectDone(alice)
  })

  it('hangs up while it shares, or alone: the reset completes all the same', async () => {
    const alice = await app.addUser()
    app.gate.shut()
    const callers = [new AbortController(), new AbortController()] as const
    const lost = callers.map(async (caller, at) => {
      const call = at === 0 ? reset(alice, caller.signal) : (await share(alice, caller.signal)).answer
      await expect(call).rejects.toThrow('aborted')
    })
    await waitUntil(async () => app.gate.held === 1 && app.sharingClock.sharing === 1)
    for (const caller of callers) {
      caller.abort()
    }
    await Promise.all(lost)
    await comeBack([app.client], alice)
    app.decide('accepts')
    await expectDone(alice)
  })
})
