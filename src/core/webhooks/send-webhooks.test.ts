import { afterEach, beforeEach, expect, it } from 'vitest'
import { createGate } from '../../../test/races/gate.ts'
import { describeEachDatabase } from '../../../test/support/databases.ts'
import { startSmsSink } from '../../../test/support/sms-sink.ts'
import { waitUntil } from '../../../test/support/wait-until.ts'
import { newWebhookSecret, useWebhooks, verifyEvent } from '../../../test/support/webhook-fixture.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../clock.ts'
import { Secret } from '../secret.ts'
import { sweepExpired } from '../sweep-expired.ts'
import { resendGivenUp } from './resend-delivery.ts'
import { webhookContext } from './webhook.ts'

const operator = { actor: { kind: 'operator', id: undefined }, requestId: 'request-1' } as const

describeEachDatabase('the sender of webhooks', (kind) => {
  const fixture = useWebhooks(kind)
  beforeEach(() => {
    const { receiver, told } = fixture()
    told.length = 0
    receiver.answer = { status: 204 }
  })
  afterEach(async () => {
    await fixture().database.query('delete from webhooks where 1 = 1', [])
  })

  /** One webhook, with one event on its way. */
  async function oneEvent(change: Parameters<ReturnType<typeof fixture>['webhook']>[1] = {}) {
    const f = fixture()
    const tenant = await f.tenant()
    const hr = await f.webhook(tenant, change)
    await f.append(tenant, { action: 'user.created', targetId: 'u1', detail: {} })
    await f.walk()
    const before = f.receiver.requests.length
    const received = () => f.receiver.requests.slice(before)
    const delivery = async () => {
      const [one] = await f.deliveries(hr)
      if (one === undefined) throw new Error('there is no delivery')
      return one
    }
    return { ...f, acme: tenant, hr, received, delivery }
  }

  it('hands over a signed event that holds ids only, and notes the success', async () => {
    const { hr, send, received, delivery, find } = await oneEvent()
    await send()
    const [request, ...others] = received()
    if (request === undefined) throw new Error('nothing was received')
    expect(others).toEqual([])
    const event = verifyEvent(request, hr.secret)
    expect(event).toMatchObject({ type: 'user.created', data: { user_id: 'u1' } })
    expect(event.id).toBe((await delivery()).id)
    expect(Math.abs(Date.parse(event.timestamp) - (await delivery()).occurredAt)).toBe(0)
    expect(() => verifyEvent(request, newWebhookSecret())).toThrow('No matching signature')
    expect(await delivery()).toMatchObject({ state: 'delivered', lastStatus: 204, dueAt: undefined })
    expect((await find(hr)).lastSuccessAt).toBeGreaterThan(0)
  })

  it('signs with both secrets while the receiver changes from one to the other', async () => {
    const f = fixture()
    const previous = newWebhookSecret()
    const key = { tenantId: '', name: 'hr' }
    const tenant = await f.tenant()
    const context = webhookContext({ ...key, tenantId: tenant.id })
    const hr = await f.webhook(tenant, {
      name: 'hr',
      secretPreviousSealed: f.seal.seal(new Secret(previous), context),
    })
    await f.append(tenant, { action: 'user.created' })
    await f.walk()
    await f.send()
    const request = f.receiver.requests.at(-1)
    if (request === undefined) throw new Error('nothing was received')
    expect(verifyEvent(request, hr.secret).id).toBe(verifyEvent(request, previous).id)
  })

  it('tries ten times with the same id, ever later, then gives up on record and lists it', async () => {
    const { hr, acme, send, received, delivery, receiver, clock, told, database } = await oneEvent()
    receiver.answer = { status: 500, body: 'no' }
    for (let attempt = 1; attempt <= 10; attempt += 1) {
      await send()
      expect(received()).toHaveLength(attempt)
      await send()
      expect(received()).toHaveLength(attempt) // not due yet
      clock.advance(((await delivery()).dueAt ?? 0) - clock.now() + SECOND_MS)
    }
    expect(new Set(received().map(({ headers }) => headers['webhook-id'])).size).toBe(1)
    expect(await delivery()).toMatchObject({
      state: 'given_up',
      attempts: 10,
      lastReason: 'status',
      lastStatus: 500,
    })
    expect(told.slice(-2)).toEqual(['given_up', 'given up status'])
    const [row] = await database.store.read.audit.list(acme.id, 1)
    expect(row).toMatchObject({ action: 'webhook.given_up', targetId: hr.key.name })
    const counts = await database.store.read.webhookDeliveries.count(hr.key, 10)
    expect(counts).toEqual({ waiting: 0, givenUp: 1, oldestWaitingAt: undefined })
  })

  it('sends what was given up again when it is asked to, with the same id', async () => {
    const { hr, send, received, delivery, receiver, database } = await oneEvent()
    receiver.answer = { status: 500 }
    await database.query('update webhook_deliveries set attempts = 9 where webhook = $1 returning id', [
      hr.key.name,
    ])
    await send()
    expect((await delivery()).state).toBe('given_up')
    receiver.answer = { status: 200 }
    const call = { ...operator, tenantId: hr.key.tenantId, webhook: hr.key.name }
    expect([await resendGivenUp(database.store, call), await resendGivenUp(database.store, call)]).toEqual([
      1, 0,
    ])
    await send()
    expect((await delivery()).state).toBe('delivered')
    expect(new Set(received().map(({ headers }) => headers['webhook-id'])).size).toBe(1)
  })

  it('waits as long as 429 and 503 ask for, at most a day', async () => {
    const { send, delivery, receiver, clock } = await oneEvent()
    const waits: number[] = []
    for (const wanted of ['600', String(90 * 24 * 3600)]) {
      receiver.answer = { status: 503, headers: { 'retry-after': wanted } }
      await send()
      waits.push(((await delivery()).dueAt ?? 0) - clock.now())
      clock.advance(DAY_MS + MINUTE_MS)
    }
    expect(waits[0]).toBeGreaterThan(9 * MINUTE_MS)
    expect(waits[0]).toBeLessThanOrEqual(10 * MINUTE_MS)
    expect(waits[1]).toBeGreaterThan(DAY_MS - MINUTE_MS)
    expect(waits[1]).toBeLessThanOrEqual(DAY_MS)
  })

  it('switches a webhook off that answers 410, loses nothing, and goes on when it is on again', async () => {
    const { hr, send, delivery, received, receiver, find, told, database } = await oneEvent()
    receiver.answer = { status: 410 }
    await send()
    await send()
    expect(received()).toHaveLength(1)
    expect((await find(hr)).off).toMatchObject({ reason: 'gone' })
    expect(told).toContain('off gone')
    expect(await delivery()).toMatchObject({ state: 'waiting', attempts: 0, lastStatus: 410 })
    receiver.answer = { status: 200 }
    await database.store.transaction(({ webhooks }) => webhooks.switchOn(hr.key))
    await send()
    expect((await delivery()).state).toBe('delivered')
  })

  it('holds no webhook up for another whose receiver does not answer', async () => {
    const { send, delivery, acme, webhook, append, walk, deliveries } = await oneEvent()
    const gate = createGate()
    const slow = await startSmsSink()
    slow.beforeAnswer = gate.pass
    gate.shut()
    const hook = await webhook(acme, { url: slow.url, timeoutMs: 30_000 })
    await append(acme, ...Array.from({ length: 50 }, () => ({ action: 'user.updated' })))
    await walk()
    const sending = send()
    await waitUntil(async () => slow.requests.length === 8 && (await delivery()).state === 'delivered')
    expect((await deliveries(hook)).every(({ state }) => state === 'waiting')).toBe(true)
    gate.open()
    await sending
    expect(slow.requests).toHaveLength(50)
    await slow.close()
  })

  it('leaves a delivery alone that another process has claimed, until that one is dead', async () => {
    const { hr, send, received, clock, database } = await oneEvent()
    const now = clock.now()
    const p = { now, leaseUntil: now + 2 * MINUTE_MS, limit: 8 }
    expect(
      await database.store.transaction(({ webhookDeliveries }) => webhookDeliveries.claim(hr.key, p)),
    ).toHaveLength(1)
    await send()
    expect(received()).toEqual([])
    clock.advance(3 * MINUTE_MS)
    await send()
    expect(received()).toHaveLength(1)
  })

  it('sends each event once when several processes send at the same time', async () => {
    const { acme, append, walk, send, received, deliveries, hr } = await oneEvent()
    await append(acme, ...Array.from({ length: 60 }, () => ({ action: 'user.updated' })))
    await walk()
    await Promise.all([send(), send(), send()])
    expect(received()).toHaveLength(61)
    expect(new Set(received().map(({ headers }) => headers['webhook-id'])).size).toBe(61)
    expect((await deliveries(hr)).every(({ state }) => state === 'delivered')).toBe(true)
  })

  it('says so when the secret does not open, and sends nothing', async () => {
    const { send, received, delivery, told } = await oneEvent({ secretSealed: 'sealed:v1:other' })
    await send()
    expect(received()).toEqual([])
    expect(await delivery()).toMatchObject({ state: 'waiting', lastReason: 'secret_unreadable' })
    expect(told.some((one) => one.startsWith('trouble'))).toBe(true)
  })

  it('forgets what was delivered after a day, and what was given up when the tenant says', async () => {
    const { hr, acme, send, append, walk, receiver, deliveries, clock, database } = await oneEvent()
    await send()
    await append(acme, { action: 'user.updated' })
    await walk()
    receiver.answer = { status: 400 }
    await database.query(
      "update webhook_deliveries set attempts = 9 where webhook = $1 and state = 'waiting' returning id",
      [hr.key.name],
    )
    await send()
    const states = async () => (await deliveries(hr)).map(({ state }) => state)
    expect(await states()).toEqual(['given_up', 'delivered'])
    clock.advance(DAY_MS + HOUR_MS)
    await sweepExpired(database.store)
    expect(await states()).toEqual(['given_up'])
    clock.advance(30 * DAY_MS)
    await sweepExpired(database.store)
    expect(await states()).toEqual([])
  })
})
