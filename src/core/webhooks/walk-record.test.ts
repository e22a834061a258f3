import { beforeEach, describe, expect, it } from 'vitest'
import { describeEachDatabase } from '../../../test/support/databases.ts'
import { useWebhooks } from '../../../test/support/webhook-fixture.ts'
import { removeOldAudit } from '../audit/remove-old-audit.ts'
import { DAY_MS } from '../clock.ts'

describeEachDatabase('walkRecord', (kind) => {
  const fixture = useWebhooks(kind)
  beforeEach(() => {
    fixture().told.length = 0
  })

  it('puts each event on its way once, to each webhook that wants it, in the order of the record', async () => {
    const { tenant, webhook, append, walk, deliveries, find } = fixture()
    const acme = await tenant()
    const hr = await webhook(acme)
    const desk = await webhook(acme, { events: ['reset.*', 'user.deleted'] })
    await append(
      acme,
      { action: 'user.created', targetId: 'u1', detail: {} },
      { action: 'sign_in.succeeded' },
      { action: 'reset.prepared', targetKind: 'reset', targetId: 'r1', detail: { userId: 'u1' } },
      { action: 'user.removed', targetId: 'u1', detail: {} },
    )
    await walk()
    expect(await walk()).toBe(0)
    const eventsOf = async (one: typeof hr) =>
      (await deliveries(one)).map(({ event, state }) => `${event} ${state}`).toSorted()
    expect(await eventsOf(hr)).toEqual([
      'reset.requested waiting',
      'user.created waiting',
      'user.deleted waiting',
    ])
    expect(await eventsOf(desk)).toEqual(['reset.requested waiting', 'user.deleted waiting'])
    expect((await find(hr)).walkedSequence).toBe(4)
    const ids = [...(await deliveries(hr)), ...(await deliveries(desk))].map(({ id }) => id)
    expect(new Set(ids).size).toBe(5)
  })

  it('begins for a new webhook with what is sealed from then on', async () => {
    const { tenant, webhook, append, walk, deliveries } = fixture()
    const acme = await tenant()
    await append(acme, { action: 'user.created', targetId: 'before' })
    const hr = await webhook(acme)
    await append(acme, { action: 'user.created', targetId: 'after' })
    await walk()
    expect((await deliveries(hr)).map(({ payload }) => JSON.parse(payload).data.user_id)).toEqual(['after'])
  })

  it('adds each event once when several processes walk at the same time', async () => {
    const { tenant, webhook, append, walk, deliveries } = fixture()
    const acme = await tenant()
    const hr = await webhook(acme)
    await append(acme, ...Array.from({ length: 450 }, () => ({ action: 'user.updated' })))
    const added = await Promise.all([walk(), walk(), walk()])
    while ((await walk()) > 0);
    expect(added.reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(450)
    expect(await deliveries(hr)).toHaveLength(450)
  })

  it('keeps a webhook at its place while too much waits for it, and holds up no other', async () => {
    const { tenant, webhook, append, walk, deliveries, find, database } = fixture()
    const acme = await tenant()
    const slow = await webhook(acme, { name: 'a-slow' })
    const hr = await webhook(acme, { name: 'b-fast' })
    await append(acme, { action: 'user.created', targetId: 'u1' })
    await walk()
    const [row] = await deliveries(slow)
    if (row === undefined) throw new Error('no delivery')
    await database.store.transaction(async ({ webhookDeliveries }) => {
      for (let index = 1; index < 10_000; index += 500) {
        const many = Array.from({ length: 500 }, (_, each) => ({ ...row, id: `w${index + each}` }))
        await webhookDeliveries.insert(many)
      }
    })
    await append(acme, { action: 'user.created', targetId: 'u2' })
    await walk()
    const places = [(await find(slow)).walkedSequence, (await find(hr)).walkedSequence]
    expect(places).toEqual([1, 2])
    await database.query('delete from webhook_deliveries where webhook = $1 returning id', ['a-slow'])
    await walk()
    const names = (await deliveries(slow)).map(({ payload }) => JSON.parse(payload).data.user_id)
    expect([names, (await find(slow)).walkedSequence]).toEqual([['u2'], 2])
  })

  it('stands still while the webhook is off, and goes on from there', async () => {
    const { tenant, webhook, append, walk, deliveries, database } = fixture()
    const acme = await tenant()
    const hr = await webhook(acme)
    await database.store.transaction(({ webhooks }) => webhooks.switchOff(hr.key, 'gone', 1))
    await append(acme, { action: 'user.created' })
    await walk()
    expect(await deliveries(hr)).toEqual([])
    await database.store.transaction(({ webhooks }) => webhooks.switchOn(hr.key))
    await walk()
    expect(await deliveries(hr)).toHaveLength(1)
  })

  it('says how many rows retention removed before it had looked at them, and goes on behind them', async () => {
    const { tenant, webhook, append, walk, deliveries, find, told, database, seal, clock } = fixture()
    const acme = await tenant()
    const hr = await webhook(acme)
    await append(acme, { action: 'user.created' }, { action: 'user.updated' })
    const until = clock.now() + DAY_MS
    await removeOldAudit({ store: database.store, mac: seal.mac }, acme.id, until)
    await append(acme, { action: 'user.removed', targetId: 'u3' })
    await walk()
    expect((await deliveries(hr)).map(({ event }) => event)).toEqual(['user.deleted'])
    expect([told, (await find(hr)).missedRows]).toEqual([['missed 2'], 2])
    const record = await database.store.read.audit.list(acme.id, 10)
    expect(record.filter(({ action }) => action === 'webhook.missed').map(({ detail }) => detail)).toEqual([
      { rows: 2 },
    ])
  })

  describe('without a webhook', () => {
    it('reads nothing of a tenant’s record', async () => {
      const { tenant, append, walk, database } = fixture()
      const acme = await tenant()
      await append(acme, { action: 'user.created' })
      let reads = 0
      const { read } = database.store
      const counting = {
        ...read,
        webhooks: {
          ...read.webhooks,
          listSealed: (...args: Parameters<typeof read.webhooks.listSealed>) => {
            reads += args[0] === acme.id ? 1 : 0
            return read.webhooks.listSealed(...args)
          },
        },
      }
      await walk({ store: { ...database.store, read: counting } })
      expect(reads).toBe(0)
    })
  })
})
