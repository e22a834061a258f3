import { expect, test } from 'vitest'
import { describeEachDatabase } from '../../../test/support/databases.ts'
import { seedApplication, seedTenant } from '../../../test/support/seed-tenant.ts'
import { useSignIn } from '../../../test/support/sign-in-fixture.ts'
import { createSignInApplicationFinder } from './find-sign-in-application.ts'

const unknown = { code: 'SDK.COMMON.1012' }

describeEachDatabase('createSignInApplicationFinder', (kind) => {
  const fixture = useSignIn(kind)

  test('lets a disabled application go on for less than 5 s', async () => {
    const { database, clock, tenant } = fixture()
    const find = createSignInApplicationFinder({ store: database.store, clock })
    const application = await seedApplication(database.store, tenant)
    expect(await find(tenant, application.clientId)).toMatchObject({ id: application.id })
    await database.store.transaction((repositories) =>
      repositories.applications.update({ ...application, disabled: true }, clock.now()),
    )
    clock.advance(5_000)
    await expect(find(tenant, application.clientId)).rejects.toMatchObject(unknown)
  })

  test('knows a new application at once, and none of another tenant', async () => {
    const { database, clock, tenant } = fixture()
    const find = createSignInApplicationFinder({ store: database.store, clock })
    await expect(find(tenant, 'not yet \0')).rejects.toMatchObject(unknown)
    const application = await seedApplication(database.store, tenant)
    expect(await find(tenant, application.clientId)).toMatchObject({ id: application.id })
    const other = await seedTenant(database.store)
    await expect(find(other, application.clientId)).rejects.toMatchObject(unknown)
  })
})
