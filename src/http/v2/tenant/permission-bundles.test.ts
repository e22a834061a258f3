import { decodeJwt } from 'jose'
import { expect, it } from 'vitest'
import { createApiClient } from '../../../../test/support/api-client.ts'
import { describeEachDatabase } from '../../../../test/support/databases.ts'
import { useHttp } from '../../../../test/support/http-fixture.ts'
import { seedApplication, seedPermissionBundle } from '../../../../test/support/seed-tenant.ts'
import type { PermissionCode } from '../../../core/permissions/permission-codes.ts'

const USERS = '/api/v2/tenant/users?limit=10&offset=0'

describeEachDatabase('an application with a bundle', (kind) => {
  const http = useHttp(kind)

  async function start(permissions: readonly PermissionCode[], codes: readonly PermissionCode[] = []) {
    const { database, tenant, server, clock } = http()
    const { store } = database
    const bundle = await seedPermissionBundle(store, tenant, permissions)
    const { clientSecret, ...application } = await seedApplication(store, tenant, codes, {
      grants: { codes, bundles: [bundle] },
    })
    const client = createApiClient(server.url, { clientId: application.clientId, clientSecret })
    return {
      client,
      async status() {
        const authorization = `Bearer ${await client.token()}`
        return (await client.call('GET', USERS, { headers: { authorization } })).status
      },
      setBundle: (changed: readonly PermissionCode[]) =>
        store.transaction(({ permissionBundles }) =>
          permissionBundles.put({ tenantId: tenant.id, code: bundle, name: 'B', permissions: changed }),
        ),
      takeAway: () =>
        store.transaction(({ applications }) =>
          applications.update({ ...application, grants: { codes, bundles: [] } }, clock.now()),
        ),
      async claimed() {
        const { body } = await createApiClient(server.url, { clientId: '', clientSecret: '' }).call(
          'POST',
          '/api/v2/tenant/token',
          {
            headers: { 'content-type': 'application/x-www-form-urlencoded' },
            body: `grant_type=client_credentials&client_id=${application.clientId}&client_secret=${clientSecret}`,
          },
        )
        return decodeJwt(String(body.id_token)).api
      },
    }
  }

  it('may with the token that it has what the bundle holds now, within 5 s of a change', async () => {
    const { clock } = http()
    const { status, setBundle, takeAway } = await start(['org_read'])
    expect(await status()).toBe(403)
    await setBundle(['org_read', 'user_read'])
    clock.advance(5_000)
    expect(await status()).toBe(200)
    await setBundle(['org_read'])
    clock.advance(5_000)
    expect(await status()).toBe(403)
    await setBundle(['read'])
    clock.advance(5_000)
    expect(await status()).toBe(200)
    await takeAway()
    clock.advance(5_000)
    expect(await status()).toBe(403)
  })

  it('is told in its id_token which built-in codes it has, each once', async () => {
    const { claimed, setBundle } = await start(['user_read', 'user_reset'], ['org_read', 'user_read'])
    expect(await claimed()).toEqual(['org_read', 'user_read', 'user_reset'])
    await setBundle(['account_all'])
    expect(await claimed()).toEqual(['org_read', 'user_read', 'account_all'])
  })
})
