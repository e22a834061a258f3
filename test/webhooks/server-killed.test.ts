import { randomBytes } from 'node:crypto'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createSeal } from '../../src/store/seal.ts'
import { createApiClient } from '../support/api-client.ts'
import { describeEachDatabase, openTestDatabase, type TestDatabase } from '../support/databases.ts'
import { type SeededApplication, type SeededUser, seedApplication, seedUser } from '../support/seed-tenant.ts'
import { type ServerProcess, startServerProcess } from '../support/server-process.ts'
import { type SmsSink, startSmsSink } from '../support/sms-sink.ts'
import { seedDeliverableTenant } from '../support/start-app.ts'
import { waitUntil } from '../support/wait-until.ts'
import { type SeededWebhook, seedWebhook, verifyEvent } from '../support/webhook-fixture.ts'

// each of these starts the server several times, on whatever machine runs the tests
vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 })

describeEachDatabase('webhooks of servers in processes of their own', (kind) => {
  const key = randomBytes(32)
  const seal = createSeal(key)
  let database: TestDatabase
  let receiver: SmsSink
  let application: SeededApplication
  let hr: SeededWebhook
  let addUser: () => Promise<SeededUser>
  const servers: ServerProcess[] = []

  beforeEach(async () => {
    database = await openTestDatabase(kind)
    receiver = await startSmsSink()
    const tenant = await seedDeliverableTenant(database, 'smtp://127.0.0.1:1', receiver.url)
    application = await seedApplication(database.store, tenant, ['all'])
    addUser = () => seedUser(database.store, tenant)
    hr = await seedWebhook({ store: database.store, seal }, tenant, {
      name: 'hr',
      url: receiver.url.replace('/send', '/hooks'),
    })
  })
  afterEach(async () => {
    await Promise.all(servers.splice(0).map((server) => server.close()))
    await receiver.close()
    await database.close()
  })

  async function startServer(point?: 'webhook-handed-over'): Promise<ServerProcess> {
    const server = await startServerProcess({
      databaseUrl: database.url,
      masterKey: key.toString('base64'),
      env: { REKEY_WEBHOOK_PRIVATE_HOSTS: '127.0.0.1' },
      ...(point === undefined ? {} : { point }),
    })
    servers.push(server)
    return server
  }
  const events = () =>
    receiver.requests
      .filter(({ path }) => path === '/hooks')
      .map((request) => verifyEvent(request, hr.secret))
  async function disable({ url }: ServerProcess, user: SeededUser): Promise<void> {
    const client = createApiClient(url, application)
    const headers = { authorization: `Bearer ${await client.token()}` }
    const answer = await client.call('PUT', `/api/v2/tenant/users/${user.id}/disable`, { headers })
    expect(answer.status).toBe(200)
  }
  const states = async () =>
    (await database.query('select state, attempts from webhook_deliveries order by id', [])).map(
      ({ state, attempts }) => `${String(state)} ${String(attempts)}`,
    )

  it('killed between hand-over and record, the next server sends the event again with the same id', async () => {
    const alice = await addUser()
    const first = await startServer('webhook-handed-over')
    await disable(first, alice)
    expect(await first.ended).toBe('SIGKILL')
    expect(first.firedPoint()).toBe('webhook-handed-over')
    expect(events().map(({ type }) => type)).toEqual(['user.disabled'])
    expect(await states()).toEqual(['waiting 1'])

    await startServer()
    // as if the two minutes were over that a process has for it
    await database.query('update webhook_deliveries set due_at = 1 where state = $1 returning id', [
      'waiting',
    ])
    await waitUntil(async () => (await states()).join() === 'delivered 2')
    const [once, again, ...others] = events()
    expect(others).toEqual([])
    expect(again).toEqual(once)
    expect(again?.data.user_id).toBe(alice.id)
  })

  it('of two at once, every event comes once', async () => {
    const [one, other] = [await startServer(), await startServer()]
    const users = await Promise.all(Array.from({ length: 20 }, addUser))
    await Promise.all(users.map((user, index) => disable(index % 2 === 0 ? one : other, user)))
    await waitUntil(async () => events().length >= 20)
    const stopped = [one, other].map((server) => {
      server.kill('SIGTERM')
      return server.ended
    })
    expect(await Promise.all(stopped)).toEqual(['0', '0'])
    expect(
      events()
        .map(({ data }) => data.user_id)
        .toSorted(),
    ).toEqual(users.map(({ id }) => id).toSorted())
    expect(new Set(await states())).toEqual(new Set(['delivered 1']))
  })

  it('a stop waits a moment for a receiver, and what it did not answer is due again at once', async () => {
    const alice = await addUser()
    const first = await startServer()
    receiver.fault = { at: 'request', kind: 'hang' }
    await database.query('update webhooks set timeout_ms = 30000 where name = $1 returning name', ['hr'])
    await disable(first, alice)
    await waitUntil(async () => events().length === 1)
    first.kill('SIGTERM')
    expect(await first.ended).toBe('0')
    expect(await states()).toEqual(['waiting 0'])
    receiver.fault = undefined
    await startServer()
    await waitUntil(async () => (await states()).join() === 'delivered 1')
    expect(new Set(events().map(({ id }) => id)).size).toBe(1)
  })
})
