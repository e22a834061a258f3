import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { MINUTE_MS } from '../../src/core/clock.ts'
import type { Answer } from '../support/api-client.ts'
import { testDatabases } from '../support/databases.ts'
import { expectMustChange, expectRefused, expectSignsIn } from '../support/passwords.ts'
import type { SeededUser } from '../support/seed-tenant.ts'
import { readMailedPasswords } from '../support/start-app.ts'
import { waitUntil } from '../support/wait-until.ts'
import { outcomeOf, type ResetOutcome } from './outcome-of.ts'
import { type AppBehindProxy, startBehindProxy } from './start-behind-proxy.ts'

/** What becomes of a COMMIT when its line is lost: only its answer is, it is too, or it arrives when nobody waits for it. */
const fates = ['done', 'lost', 'late'] as const
type Fate = (typeof fates)[number]

const promotedOnce: ResetOutcome = {
  states: ['accepted'],
  attempts: ['accepted'],
  record: { 'reset.prepared': 1, 'reset.sending': 1, 'reset.accepted': 1 },
  mails: 1,
  passwordChanges: 1,
}
const nothing: ResetOutcome = { states: [], attempts: [], record: {}, mails: 0, passwordChanges: 0 }
const failedBeforeSending: ResetOutcome = {
  ...nothing,
  states: ['failed'],
  record: { 'reset.prepared': 1, 'reset.failed': 1 },
}
const failedAttempt: ResetOutcome = {
  ...nothing,
  states: ['failed'],
  attempts: ['refused'],
  record: { 'reset.prepared': 1, 'reset.sending': 1, 'reset.failed': 1 },
}

describe.runIf(testDatabases.includes('postgres'))('a COMMIT whose answer never came', () => {
  let app: AppBehindProxy
  beforeAll(async () => {
    app = await startBehindProxy()
  })
  afterEach(() => app.proxy.restore())
  afterAll(() => app.close())

  /**
   * Cuts the line at the COMMIT of the transaction that records this step, and lets new lines through at once. What it
   * resolves with lets a late COMMIT go on.
   */
  async function loseCommit(step: string, fate: Fate): Promise<() => void> {
    const { proxy } = app
    const watch = { done: proxy.cutAnswerOf, lost: proxy.cutBefore, late: proxy.holdBack }[fate]
    const release = await watch('COMMIT', { after: step })
    proxy.restore()
    return release ?? (() => undefined)
  }

  /** A transaction waits for the row that the late COMMIT holds. */
  async function somebodyWaits(): Promise<boolean> {
    const waiting = await app.database.query(
      `SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    )
    return waiting.length > 0
  }

  it.each(fates)('of `accepted`, %s, is found by reading: promoted once, 200', async (fate) => {
    const alice = await app.addUser()
    const lost = loseCommit('reset.accepted', fate)
    const answered = app.client.resetPassword(alice.id, 'EMAIL')
    const release = await lost
    if (fate === 'late') {
      await waitUntil(somebodyWaits)
      release()
    }
    expect((await answered).status).toBe(200)
    expect(await outcomeOf(app, alice)).toEqual(promotedOnce)
    await expectRefused(app.client, alice.userName, alice.password)
    await expectMustChange(app.client, alice.userName, await mailedPassword(alice))
  })

  it.each([
    ['done', failedAttempt],
    ['lost', failedBeforeSending],
    ['late', failedAttempt],
  ] as const)('of `sending`, %s, is found by reading: nothing is sent, 503', async (fate, outcome) => {
    const alice = await app.addUser()
    const lost = loseCommit('reset.sending', fate)
    const answered = app.client.resetPassword(alice.id, 'EMAIL')
    const release = await lost
    if (fate === 'late') {
      await waitUntil(somebodyWaits)
      release()
    }
    expectUnavailable(await answered)
    expect(await outcomeOf(app, alice)).toEqual(outcome)
    await expectSignsIn(app.client, alice.userName, alice.password)
    await expectRetryWorks(alice)
  })

  it('of `prepared`, done, is found by reading: the reset goes on, 200', async () => {
    const alice = await app.addUser()
    const [answer] = await Promise.all([
      app.client.resetPassword(alice.id, 'EMAIL'),
      loseCommit('reset.prepared', 'done'),
    ])
    expect(answer.status).toBe(200)
    expect(await outcomeOf(app, alice)).toEqual(promotedOnce)
    await expectMustChange(app.client, alice.userName, await mailedPassword(alice))
  })

  it('of `prepared`, lost, is found by reading: nothing happened, 503', async () => {
    const alice = await app.addUser()
    const [answer] = await Promise.all([
      app.client.resetPassword(alice.id, 'EMAIL'),
      loseCommit('reset.prepared', 'lost'),
    ])
    expectUnavailable(answer)
    expect(await outcomeOf(app, alice)).toEqual(nothing)
    await expectSignsIn(app.client, alice.userName, alice.password)
    await expectRetryWorks(alice)
  })

  it('of `prepared`, late, leaves a reset that sends nothing and that recovery ends', async () => {
    const alice = await app.addUser()
    const [answer, release] = await Promise.all([
      app.client.resetPassword(alice.id, 'EMAIL'),
      loseCommit('reset.prepared', 'late'),
    ])
    expectUnavailable(answer)
    release()
    await waitUntil(async () => (await outcomeOf(app, alice)).states[0] === 'prepared')
    await expectSignsIn(app.client, alice.userName, alice.password)
    app.clock.advance(MINUTE_MS)
    await expectRetryWorks(alice)
    expect((await outcomeOf(app, alice)).states).toEqual(['used', 'failed'])
  })

  it.each([
    ['failed', 'refused', { status: 500 }, undefined],
    ['unknown', 'unknown', { status: 200 }, { at: 'request', kind: 'reset' }],
  ] as const)('of `%s` is found by reading: recorded once, 400', async (state, attempt, answer, fault) => {
    const alice = await app.addUser()
    Object.assign(app.sms, { answer, fault })
    const [answered] = await Promise.all([
      app.client.resetPassword(alice.id, 'SMS'),
      loseCommit(`reset.${state}`, 'done'),
    ])
    expect(answered.status).toBe(400)
    expect(answered.body).toMatchObject({ error_code: 'MSG.0001' })
    expect(await outcomeOf(app, alice)).toEqual({
      ...nothing,
      states: [state],
      attempts: [attempt],
      record: { 'reset.prepared': 1, 'reset.sending': 1, [`reset.${state}`]: 1 },
    })
    await expectSignsIn(app.client, alice.userName, alice.password)
  })

  async function expectRetryWorks(user: SeededUser): Promise<void> {
    expect((await app.client.resetPassword(user.id, 'EMAIL')).status).toBe(200)
    await expectMustChange(app.client, user.userName, await mailedPassword(user))
  }

  async function mailedPassword(user: SeededUser): Promise<string> {
    const [password, ...others] = await readMailedPasswords(app.smtp, user.email ?? '')
    expect(others).toEqual([])
    return password ?? ''
  }
})

function expectUnavailable(answer: Answer): void {
  expect(answer.status).toBe(503)
  expect(answer.body).toMatchObject({ error_code: 'REQUEST.9012' })
  expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
}
