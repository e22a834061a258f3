import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeEachDatabase, openTestDatabase, type TestDatabase } from '../../test/support/databases.ts'
import { seedApplication, seedPermissionBundle, seedTenant } from '../../test/support/seed-tenant.ts'
import { createTestClock } from '../../test/support/test-clock.ts'
import type { Tenant } from '../core/tenants/tenant.ts'

const clock = createTestClock()

describeEachDatabase('applications and their access tokens', (kind) => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await openTestDatabase(kind, { clock })
  })
  afterAll(() => database.close())

  async function seed(tenant: Tenant) {
    const { clientSecret: _, ...application } = await seedApplication(database.store, tenant, [
      'user_all',
      'org_read',
    ])
    return application
  }

  async function issue(application: { tenantId: string; id: string; version: number }, expiresAt: number) {
    const token = {
      tenantId: application.tenantId,
      tokenDigest: randomUUID(),
      applicationId: application.id,
      applicationVersion: application.version,
      issuedAt: 1_700_000_000_000,
      expiresAt,
    }
    await database.store.transaction(({ accessTokens }) => accessTokens.insert(token))
    return token
  }

  it('finds an application by id and by client id, and only in its tenant', async () => {
    const { applications } = database.store.read
    const tenant = await seedTenant(database.store)
    const application = await seed(tenant)
    expect(await applications.find(tenant.id, application.id)).toEqual(application)
    expect(await applications.findByClientId(tenant.id, application.clientId)).toEqual(application)
    expect(await applications.list(tenant.id)).toEqual([application])
    const other = await seedTenant(database.store)
    expect(await applications.find(other.id, application.id)).toBeUndefined()
    expect(await applications.findByClientId(other.id, application.clientId)).toBeUndefined()
  })

  it('stops the resets of an application, and no update of it lets them go on', async () => {
    const { store } = database
    const tenant = await seedTenant(store)
    const application = await seed(tenant)
    const stop = (at: number | undefined) =>
      store.transaction(({ applications }) => applications.stopResets(tenant.id, application.id, at))
    await stop(1_700_000_000_001)
    const changed = { ...application, mayChangeAdministrators: true }
    await store.transaction(({ applications }) => applications.update(changed, 1))
    const stopped = { ...changed, resetsStoppedAt: 1_700_000_000_001 }
    expect(await store.read.applications.find(tenant.id, application.id)).toEqual(stopped)
    await stop(undefined)
    expect(await store.read.applications.find(tenant.id, application.id)).toEqual(changed)
  })

  it('updates an application, and refuses a client id that is taken', async () => {
    const { store } = database
    const tenant = await seedTenant(store)
    const [first, second] = [await seed(tenant), await seed(tenant)]
    const changed = {
      ...first,
      name: 'New',
      permissions: [],
      grants: { codes: [], bundles: [] },
      allowedAddresses: ['192.0.2.0/24', '2001:db8::1'],
      disabled: true,
      version: 2,
      tokenLifetimeSeconds: 60,
    }
    await store.transaction(({ applications }) => applications.update(changed, 5))
    expect(await store.read.applications.find(tenant.id, first.id)).toEqual(changed)
    await expect(
      store.transaction(({ applications }) =>
        applications.update({ ...second, clientId: first.clientId }, 5),
      ),
    ).rejects.toMatchObject({ constraint: 'applications_client_id' })
  })

  it('adds what the bundles of an application hold now, wherever it is read', async () => {
    const { store } = database
    const tenant = await seedTenant(store)
    const bundles = [
      await seedPermissionBundle(store, tenant, ['user_read', 'user_reset']),
      await seedPermissionBundle(store, tenant, ['org_read']),
    ].toSorted()
    const grants = { codes: ['org_read', 'read'], bundles } as const
    const application = { ...(await seed(tenant)), grants }
    await store.transaction(({ applications }) => applications.update(application, 1))
    const token = await issue(application, 1_900_000_000_000)
    const expectPermissions = async (...permissions: readonly string[]) => {
      const { applications, accessTokens } = store.read
      const found = [
        await applications.find(tenant.id, application.id),
        await applications.findByClientId(tenant.id, application.clientId),
        ...(await applications.list(tenant.id)),
        (await accessTokens.findWithApplication(tenant.id, token.tokenDigest))?.application,
        await store.transaction((repositories) => repositories.applications.keep(tenant.id, application.id)),
        await store.transaction((repositories) => repositories.applications.lock(tenant.id, application.id)),
      ]
      const sorted = found.map((one) => one && { ...one, permissions: one.permissions.toSorted() })
      expect(sorted).toEqual(Array(6).fill({ ...application, permissions: permissions.toSorted() }))
    }
    await expectPermissions('org_read', 'read', 'user_read', 'user_reset')
    await store.transaction(async ({ permissionBundles }) => {
      const [one, two] = await permissionBundles.list(tenant.id)
      if (one !== undefined) await permissionBundles.put({ ...one, permissions: [] })
      if (two !== undefined)
        await permissionBundles.put({ ...two, name: 'Two', permissions: ['app_org_all'] })
    })
    await expectPermissions('org_read', 'read', 'app_org_all')
  })

  it('keeps a bundle for as long as an application has it', async () => {
    const { store } = database
    const tenant = await seedTenant(store)
    const code = await seedPermissionBundle(store, tenant, ['user_read'])
    const application = await seedApplication(store, tenant, [], { grants: { codes: [], bundles: [code] } })
    const remove = () =>
      store.transaction(({ permissionBundles }) => permissionBundles.delete(tenant.id, code))
    await expect(remove()).rejects.toThrow(/foreign key/i)
    await store.transaction(({ applications }) => applications.delete(tenant.id, application.id))
    await remove()
    expect(await store.read.permissionBundles.list(tenant.id)).toEqual([])
  })

  it('finds a token with its application as it is now, and the clock', async () => {
    const { store } = database
    const tenant = await seedTenant(store)
    const application = await seed(tenant)
    const token = await issue(application, 1_700_000_000_001)
    const changed = { ...application, disabled: true, version: 2 }
    await store.transaction(({ applications }) => applications.update(changed, 5))
    const found = await store.read.accessTokens.findWithApplication(tenant.id, token.tokenDigest)
    expect(found).toEqual({ token, application: changed, now: expect.any(Number) })
    expect(Math.abs((found?.now ?? 0) - clock.now())).toBeLessThan(5_000)
    const other = await seedTenant(store)
    expect(await store.read.accessTokens.findWithApplication(other.id, token.tokenDigest)).toBeUndefined()
  })

  it('ends the tokens of an application that is deleted', async () => {
    const { store } = database
    const tenant = await seedTenant(store)
    const application = await seed(tenant)
    const token = await issue(application, 1_900_000_000_000)
    await store.transaction(({ applications }) => applications.delete(tenant.id, application.id))
    expect(await store.read.applications.list(tenant.id)).toEqual([])
    expect(await store.read.accessTokens.findWithApplication(tenant.id, token.tokenDigest)).toBeUndefined()
  })

  it('sweeps expired tokens, a bounded number at a time', async () => {
    const { store } = database
    const tenant = await seedTenant(store)
    const application = await seed(tenant)
    await issue(application, 101)
    await issue(application, 102)
    const living = await issue(application, 103)
    const sweep = () =>
      store.transaction(({ accessTokens }) => accessTokens.deleteExpiredOfAllTenants(103, 1))
    expect([await sweep(), await sweep(), await sweep()]).toEqual([1, 1, 0])
    expect(await store.read.accessTokens.findWithApplication(tenant.id, living.tokenDigest)).toBeDefined()
  })
})
