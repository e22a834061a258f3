import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeEachDatabase, openTestDatabase, type TestDatabase } from '../../test/support/databases.ts'
import { seedTenant } from '../../test/support/seed-tenant.ts'
import { defaultTenantSettings, type TenantSettings } from '../core/tenants/tenant.ts'

describeEachDatabase('tenants', (kind) => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await openTestDatabase(kind)
  })
  afterAll(() => database.close())

  it('gives back every field, the domains in their order', async () => {
    const { store } = database
    const domains = [`z-${randomUUID()}.example`, `a-${randomUUID()}.example`]
    const tenant = await seedTenant(store, {
      domains,
      language: 'zh',
      timeZone: 'Asia/Shanghai',
      name: '示例',
    })
    const bare = await seedTenant(store, { domains: [] })
    expect(await store.read.tenants.findByCode(tenant.code.toUpperCase())).toEqual(tenant)
    expect(await store.read.tenants.list()).toEqual(expect.arrayContaining([tenant, bare]))
    expect(await store.read.tenants.findByCode('none')).toBeUndefined()
  })

  it('replaces everything but id and code', async () => {
    const { store } = database
    const tenant = await seedTenant(store)
    const changed = {
      ...tenant,
      name: 'Acme 2',
      domains: [`new-${randomUUID()}.example`, ...tenant.domains],
      language: 'zh',
      timeZone: 'Europe/Berlin',
      settings: {
        ...tenant.settings,
        signIn: { attemptsMax: 3, lockMinutes: 1, perAddressPerMinute: 2, secondFactor: 'code' },
      },
    } as const
    await store.transaction(({ tenants }) => tenants.update(changed))
    expect(await store.read.tenants.findByCode(tenant.code)).toEqual(changed)
  })

  it('completes settings that an earlier release stored, and keeps what they say', async () => {
    const { store } = database
    const { warnDays: _, ...older } = defaultTenantSettings.passwordPolicy
    const passwordPolicy = { ...older, lengthMin: 20 }
    const settings = { ...defaultTenantSettings, passwordPolicy } as TenantSettings
    const tenant = await seedTenant(store, { settings })
    expect((await store.read.tenants.findByCode(tenant.code))?.settings).toEqual({
      ...defaultTenantSettings,
      passwordPolicy: { ...defaultTenantSettings.passwordPolicy, lengthMin: 20 },
    })
  })

  it('refuses a code or a domain that another tenant has, and keeps nothing of it', async () => {
    const { store } = database
    const tenant = await seedTenant(store)
    const code = `t-${randomUUID()}`
    await expect(seedTenant(store, { code: tenant.code.toUpperCase(), domains: [] })).rejects.toMatchObject({
      constraint: 'tenants_code',
    })
    await expect(seedTenant(store, { code, domains: tenant.domains })).rejects.toMatchObject({
      constraint: 'tenant_domains_domain',
    })
    expect(await store.read.tenants.findByCode(code)).toBeUndefined()
  })

  it('lets one transaction at a time hold a tenant, and says when there is none', async () => {
    const { store } = database
    const tenant = await seedTenant(store)
    const order: string[] = []
    const hold = (name: string) =>
      store.transaction(async ({ tenants, now }) => {
        expect(await tenants.lock(tenant.id)).toBe(true)
        order.push(`${name} in`)
        await now()
        await new Promise((resolve) => setImmediate(resolve))
        order.push(`${name} out`)
      })
    await Promise.all([hold('a'), hold('b'), hold('c')])
    for (let index = 0; index < order.length; index += 2) {
      expect(order[index]?.replace('in', 'out')).toBe(order[index + 1])
    }
    expect(await store.transaction(({ tenants }) => tenants.lock('none'))).toBe(false)
  })
})
