import { afterAll, beforeAll, expect, it } from 'vitest'
import { createApiClient } from '../support/api-client.ts'
import { describeEachDatabase } from '../support/databases.ts'
import { seedApplication } from '../support/seed-tenant.ts'
import { expectOneInFlightAtATime, expectOnlyNewestWorks } from './expect-newest-works.ts'
import { listResets, type RaceApp, readDelivered, startRaceApp } from './race-app.ts'

describeEachDatabase('ten calls of different modes and applications at once in one process', (kind) => {
  let app: RaceApp
  beforeAll(async () => {
    app = await startRaceApp(kind)
  })
  afterAll(() => app.close())

  it('take turns, and leave exactly the newest accepted password working', async () => {
    const alice = await app.addUser()
    const applications = await Promise.all(
      [1, 2, 3].map(() => seedApplication(app.database.store, app.tenant)),
    )
    const clients = applications.map((application) => createApiClient(app.url, application))
    await Promise.all(clients.map((client) => client.token()))
    const calls = Array.from({ length: 10 }, async (_call, at) =>
      clients[at % 3]?.resetPassword(alice.id, at % 2 === 0 ? 'EMAIL' : 'SMS'),
    )
    const answers = await Promise.all(calls)
    expect(answers.map((answer) => answer?.text)).toEqual(calls.map(() => `{"user_id":"${alice.id}"}`))

    const resets = await listResets(app.database.store, alice)
    // three applications by two modes: at least one reset each, and at most one a call
    expect(resets.length).toBeGreaterThanOrEqual(6)
    expect(resets.length).toBeLessThanOrEqual(10)
    expect(new Set(answers.map((answer) => answer?.headers.get('x-reset-id')))).toEqual(
      new Set(resets.map((reset) => reset.id)),
    )
    expectOneInFlightAtATime(resets)
    await expectOnlyNewestWorks(app.client, alice, resets, await readDelivered(app, alice))
  })
})
