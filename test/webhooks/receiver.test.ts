import { beforeAll, expect, it, vi } from 'vitest'
import { Secret } from '../../src/core/secret.ts'
import { webhookContext } from '../../src/core/webhooks/webhook.ts'
import { createApiClient } from '../support/api-client.ts'
import { describeEachDatabase } from '../support/databases.ts'
import { chosenPassword, expectMustChange } from '../support/passwords.ts'
import { seedApplication } from '../support/seed-tenant.ts'
import { useApp } from '../support/start-app.ts'
import { waitUntil } from '../support/wait-until.ts'
import { type SeededWebhook, seedWebhook, verifyEvent } from '../support/webhook-fixture.ts'

vi.setConfig({ testTimeout: 60_000 })

describeEachDatabase('a receiver of events', (kind) => {
  const app = useApp(kind, { env: { REKEY_WEBHOOK_PRIVATE_HOSTS: '127.0.0.1' } })
  let hr: SeededWebhook
  beforeAll(async () => {
    const { database, tenant, sms } = app()
    hr = await seedWebhook({ store: database.store, seal: app().app.seal }, tenant, {
      name: 'hr',
      url: sms.url.replace('/send', '/hooks'),
    })
    expect(app().app.seal.open((await stored()).secretSealed, webhookContext(hr.key))).toBeInstanceOf(Secret)
  })
  async function stored() {
    const found = await app().database.store.read.webhooks.find(hr.key)
    if (found === undefined) throw new Error('no webhook')
    return found
  }
  const requests = () => app().sms.requests.filter((request) => request.path === '/hooks')
  const events = () => requests().map((request) => verifyEvent(request, hr.secret))
  const typesAbout = (userId: string) =>
    events()
      .filter(({ data }) => data.user_id === userId)
      .map(({ type }) => type)

  it('is told of a whole reset, in ids that name nobody, with signatures that the library verifies', async () => {
    const { client, addUser, readMailedPassword } = app()
    const alice = await addUser()
    expect((await client.resetPassword(alice.id, 'EMAIL')).status).toBe(200)
    const delivered = await readMailedPassword()
    const stateToken = await expectMustChange(client, alice.userName, delivered)
    const chosen = chosenPassword()
    expect((await client.updatePassword(stateToken, delivered, chosen)).status).toBe(200)
    await waitUntil(async () => typesAbout(alice.id).length >= 7)
    expect(typesAbout(alice.id).toSorted()).toEqual([
      'credential.changed',
      'credential.changed',
      'reset.accepted',
      'reset.completed',
      'reset.requested',
      'reset.sending',
      'reset.used',
    ])
    const changes = events().filter(({ type }) => type === 'credential.changed')
    expect(changes.map(({ data }) => data.by).toSorted()).toEqual(['reset', 'self'])
    const everything = requests()
      .map(({ body, headers }) => body + JSON.stringify(headers))
      .join()
    for (const secret of [alice.userName, alice.email, alice.mobile, delivered, chosen, hr.secret]) {
      expect(everything).not.toContain(secret)
    }
    expect(new Set(events().map(({ id }) => id)).size).toBe(events().length)
    await waitUntil(async () => (await stored()).lastSuccessAt !== undefined) // noted after the answer
  })

  it('is told of users that applications make, change, disable and delete', async () => {
    const { database, tenant, url } = app()
    const application = await seedApplication(database.store, tenant, ['all'])
    const client = createApiClient(url, application)
    const headers = {
      authorization: `Bearer ${await client.token()}`,
      'content-type': 'application/json',
    }
    const call = async (method: string, path: string, body?: object) =>
      await client.call(method, `/api/v2/tenant/${path}`, {
        headers,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
    await call('POST', 'organizations', { code: 'root', name: 'Root' })
    const made = await call('POST', 'users', {
      user_name: 'bob',
      org_code: 'root',
      email: 'bob@acme.example',
    })
    const id = String(made.body.user_id)
    await call('PUT', `users/${id}`, { email: 'robert@acme.example' })
    await call('PUT', `users/${id}/disable`)
    await call('PUT', `users/${id}/enable`)
    await call('DELETE', `users/${id}`)
    const told = ['user.created', 'user.deleted', 'user.disabled', 'user.enabled', 'user.updated']
    // in whatever order
    await waitUntil(async () => told.every((type) => typesAbout(id).includes(type)))
    expect(typesAbout(id)).toHaveLength(new Set(typesAbout(id)).size)
    const [created] = events().filter(({ type, data }) => type === 'user.created' && data.user_id === id)
    expect(created?.data.actor).toEqual({ kind: 'application', id: application.id })
    const metrics = await (await fetch(`${url}/metrics`)).text()
    expect(metrics).toMatch(/rekey_webhook_attempts_total\{outcome="delivered"\} [1-9]/)
    const delivered = () => call('GET', 'webhooks/deliveries?state=delivered&offset=0&limit=100')
    await waitUntil(async () => (await delivered()).body.total === events().length) // settled after the answer
  })
})
