import { randomBytes } from 'node:crypto'
import { beforeEach, describe, expect, it } from 'vitest'
import { createApiClient } from '../../../../../test/support/api-client.ts'
import { describeEachDatabase } from '../../../../../test/support/databases.ts'
import { useHttp } from '../../../../../test/support/http-fixture.ts'
import { seedTenant } from '../../../../../test/support/seed-tenant.ts'
import { type SeededWebhook, seedWebhook } from '../../../../../test/support/webhook-fixture.ts'
import type { PermissionCode } from '../../../../core/permissions/permission-codes.ts'
import type { Delivery } from '../../../../core/webhooks/webhook.ts'
import { createSeal } from '../../../../store/seal.ts'

const seal = createSeal(randomBytes(32))
const path = '/api/v2/tenant/webhooks/deliveries'

describeEachDatabase('deliveries of webhooks', (kind) => {
  const http = useHttp(kind)
  let hr: SeededWebhook
  beforeEach(async () => {
    const { database, tenant } = http()
    await database.query('delete from webhooks where 1 = 1', [])
    hr = await seedWebhook({ store: database.store, seal }, tenant, {
      name: 'hr',
      url: 'https://hr.example/',
    })
  })

  const aDelivery = (id: string, change: Partial<Delivery> = {}): Delivery => ({
    ...{ ...hr.key, id, webhook: hr.key.name, event: 'user.created', payload: '{"type":"user.created"}' },
    ...{ occurredAt: 1_700_000_000_000, state: 'given_up', dueAt: undefined, attempts: 10 },
    ...{ lastAttemptAt: 1_700_000_100_000, lastStatus: 500, lastReason: 'status', removeAt: 9e12, ...change },
  })
  const add = (...deliveries: readonly Delivery[]) =>
    http().database.store.transaction(({ webhookDeliveries }) => webhookDeliveries.insert(deliveries))

  async function call(method: string, rest: string, permissions: readonly PermissionCode[] = ['all']) {
    const { server, tokenWith } = http()
    const headers = { authorization: `Bearer ${await tokenWith(permissions)}` }
    return await createApiClient(server.url, { clientId: '', clientSecret: '' }).call(
      method,
      `${path}${rest}`,
      {
        headers,
      },
    )
  }
  const idsOf = (answer: { readonly body: Record<string, unknown> }) =>
    (answer.body.deliveries as { readonly id: string }[]).map(({ id }) => id)

  describe('GET /api/v2/tenant/webhooks/deliveries', () => {
    it('lists what was given up, newest first, with the reason and without the payload', async () => {
      await add(
        aDelivery('d1'),
        aDelivery('d2'),
        aDelivery('d3', { state: 'waiting', dueAt: 5, removeAt: undefined }),
      )
      const answer = await call('GET', '?offset=0&limit=10', ['read'])
      expect(answer.status).toBe(200)
      expect([answer.body.total, idsOf(answer)]).toEqual([2, ['d2', 'd1']])
      expect((answer.body.deliveries as object[])[0]).toEqual({
        id: 'd2',
        webhook: 'hr',
        event: 'user.created',
        occurred_at: '2023-11-14 22:13:20.000',
        state: 'given_up',
        attempts: 10,
        last_attempt_at: '2023-11-14 22:15:00.000',
        last_status: 500,
        last_reason: 'status',
        next_attempt_at: null,
      })
    })

    it('lists one state, a page at a time', async () => {
      await add(
        ...Array.from({ length: 12 }, (_, index) =>
          aDelivery(`w${10 + index}`, { state: 'waiting', dueAt: 5 }),
        ),
      )
      const second = await call('GET', '?state=waiting&offset=1&limit=10')
      expect([second.body.total, idsOf(second)]).toEqual([12, ['w11', 'w10']])
      expect((await call('GET', '?state=delivered&offset=0&limit=10')).body).toEqual({
        total: 0,
        deliveries: [],
      })
    })

    it.each([
      ['state=lost&offset=0&limit=10', 'REQUEST.9002'],
      ['state=waiting&state=delivered&offset=0&limit=10', 'REQUEST.9002'],
      ['offset=0&limit=9', 'OAP.PAGE.0002'],
      ['offset=-1&limit=10', 'OAP.PAGE.0003'],
    ])('answers %s with %s', async (query, code) => {
      const answer = await call('GET', `?${query}`)
      expect([answer.status, answer.body.error_code]).toEqual([400, code])
    })

    it('shows nothing of another tenant', async () => {
      const { database } = http()
      const other = await seedTenant(database.store)
      const theirs = await seedWebhook({ store: database.store, seal }, other, { url: 'https://hr.example/' })
      await add({ ...aDelivery('d1'), ...theirs.key, webhook: theirs.key.name })
      expect((await call('GET', '?offset=0&limit=10')).body.total).toBe(0)
      expect((await call('POST', '/d1/resend')).status).toBe(404)
    })

    it('wants a token, and all or read', async () => {
      expect((await fetch(`${http().server.url}${path}?offset=0&limit=10`)).status).toBe(401)
      expect((await call('GET', '?offset=0&limit=10', ['user_all'])).status).toBe(403)
    })
  })

  describe('POST /api/v2/tenant/webhooks/deliveries/{delivery_id}/resend', () => {
    it.each(['given_up', 'delivered'] as const)('sends what was %s again, on record', async (state) => {
      const { database, tenant } = http()
      await add(aDelivery('d1', { state }))
      const answer = await call('POST', '/d1/resend')
      expect([answer.status, answer.body.state, answer.body.attempts]).toEqual([200, 'waiting', 0])
      const stored = await database.store.read.webhookDeliveries.find(tenant.id, 'd1')
      expect(stored).toMatchObject({ state: 'waiting', attempts: 0, removeAt: undefined })
      const [row] = await database.store.read.audit.list(tenant.id, 1)
      expect(row).toMatchObject({ action: 'webhook.resent', targetId: 'hr', actor: { kind: 'application' } })
    })

    it('leaves one alone that still waits', async () => {
      await add(aDelivery('d1', { state: 'waiting', dueAt: 9e12, attempts: 3, removeAt: undefined }))
      const answer = await call('POST', '/d1/resend')
      expect([answer.status, answer.body.attempts]).toEqual([200, 3])
    })

    it.each(['nobody', 'a%00b', '%2F'])('answers %s with WEBHOOK.9001', async (id) => {
      const answer = await call('POST', `/${id}/resend`)
      expect([answer.status, answer.body.error_code]).toEqual([404, 'WEBHOOK.9001'])
    })

    it('wants a token, and all', async () => {
      expect((await fetch(`${http().server.url}${path}/d1/resend`, { method: 'POST' })).status).toBe(401)
      expect((await call('POST', '/d1/resend', ['read'])).status).toBe(403)
    })
  })
})
