import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeEachDatabase, openTestDatabase, type TestDatabase } from '../../test/support/databases.ts'
import { seedTenant } from '../../test/support/seed-tenant.ts'
import type { AuditRow } from '../audit/audit-row.ts'
import type { GatewayRow, TemplateRow } from './store.ts'

describeEachDatabase('gateways, templates, keys and the record', (kind) => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await openTestDatabase(kind)
  })
  afterAll(() => database.close())

  it('lists gateways by priority, then name, and replaces one of the same name', async () => {
    const { store } = database
    const tenant = await seedTenant(store)
    const row = (name: string, priority: number): GatewayRow => ({
      tenantId: tenant.id,
      name,
      channel: 'EMAIL',
      kind: 'smtp',
      priority,
      settings: '{"url":"smtp://127.0.0.1"}',
      disabled: false,
      version: 1,
    })
    const replaced: GatewayRow = {
      ...row('b', 1),
      channel: 'SMS',
      kind: 'sms-http',
      disabled: true,
      version: 2,
    }
    await store.transaction(async ({ gateways }) => {
      await gateways.put(row('c', 2))
      await gateways.put(row('b', 9))
      await gateways.put(row('a', 1))
      await gateways.put(row('gone', 1))
      await gateways.put(replaced)
      await gateways.delete(tenant.id, 'gone')
    })
    expect(await store.read.gateways.list(tenant.id)).toEqual([row('a', 1), replaced, row('c', 2)])
    expect(await store.read.gateways.list((await seedTenant(store)).id)).toEqual([])
  })

  it('keeps one template for each event, channel and language', async () => {
    const { store } = database
    const tenant = await seedTenant(store)
    const row: TemplateRow = {
      tenantId: tenant.id,
      event: 'reset-password',
      channel: 'EMAIL',
      language: 'en',
      subject: 'Your new password',
      text: 'It is {{ password }}',
      html: '<p>',
    }
    const sms: TemplateRow = { ...row, channel: 'SMS', language: 'zh', subject: undefined, html: undefined }
    await store.transaction(async ({ templates }) => {
      await templates.put(sms)
      await templates.put({ ...row, text: 'old', html: undefined })
      await templates.put(row)
      await templates.put({ ...row, language: 'zh' })
      await templates.delete(tenant.id, { event: row.event, channel: 'EMAIL', language: 'zh' })
    })
    expect(await store.read.templates.list(tenant.id)).toEqual([row, sms])
  })

  it('lists signing keys, the newest first', async () => {
    const { store } = database
    const tenant = await seedTenant(store)
    const key = (keyId: string, createdAt: number) => ({
      tenantId: tenant.id,
      keyId,
      privateKeySealed: 'sealed:v1:x',
      publicKeyJwk: '{}',
      createdAt,
    })
    await store.transaction(async ({ signingKeys }) => {
      await signingKeys.insert(key('k-1', 1))
      await signingKeys.insert(key('k-3', 3))
      await signingKeys.insert(key('k-2', 2))
    })
    expect(await store.read.signingKeys.list(tenant.id)).toEqual([
      key('k-3', 3),
      key('k-2', 2),
      key('k-1', 1),
    ])
  })

  it('records facts in the order in which they happened, even within a millisecond', async () => {
    const { store } = database
    const tenant = await seedTenant(store)
    const row = (index: number): AuditRow => ({
      tenantId: tenant.id,
      action: `test.n${index}`,
      actor: { kind: 'application', id: index % 2 === 0 ? 'app-1' : undefined },
      targetKind: 'user',
      targetId: index % 3 === 0 ? 'u-1' : undefined,
      requestId: index % 5 === 0 ? 'r-1' : undefined,
      detail: { index, words: ['a', 'b'], done: true },
    })
    const rows = Array.from({ length: 30 }, (_, index) => row(index))
    await store.transaction(async ({ audit }) => {
      for (const each of rows) {
        await audit.append(each)
      }
    })
    const listed = await store.read.audit.list(tenant.id, 100)
    expect(listed.map(({ id: _id, at: _at, ...each }) => each)).toEqual(rows.toReversed())
    expect(new Set(listed.map(({ id }) => id)).size).toBe(30)
    expect(listed[0]?.id).toMatch(/^\d{17}-[0-9A-F]{4}-[0-9A-F]{9}$/)
    expect(Math.abs((listed[0]?.at ?? 0) - Date.now())).toBeLessThan(5_000)
    expect(await store.read.audit.list(tenant.id, 2)).toEqual(listed.slice(0, 2))
  })

  it('records nothing of a transaction that did not commit', async () => {
    const { store } = database
    const tenant = await seedTenant(store)
    const failing = store.transaction(async ({ audit }) => {
      await audit.append({
        tenantId: tenant.id,
        action: 'test.undone',
        actor: { kind: 'server', id: undefined },
        targetKind: 'tenant',
        targetId: undefined,
        requestId: undefined,
        detail: {},
      })
      throw new Error('changed my mind')
    })
    await expect(failing).rejects.toThrow('changed my mind')
    expect(await store.read.audit.list(tenant.id, 9)).toEqual([])
  })
})
