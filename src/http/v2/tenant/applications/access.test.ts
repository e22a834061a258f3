import { beforeAll, describe, expect, it } from 'vitest'
import { createApiClient } from '../../../../../test/support/api-client.ts'
import { newName, useApplications } from '../../../../../test/support/application-fixture.ts'
import { describeEachDatabase } from '../../../../../test/support/databases.ts'
import { seedApplication, seedTenant, seedUser } from '../../../../../test/support/seed-tenant.ts'
import { type PermissionCode, permissionCodes } from '../../../../core/permissions/permission-codes.ts'
import { addAccount } from '../users/add-account.ts'
import { listAccountsOfUser } from '../users/list-accounts.ts'
import { applicationRoutes } from './index.ts'

const routes = [
  ...applicationRoutes.map((route) => ({ ...route, path: `/applications${route.path}` })),
  ...[addAccount, listAccountsOfUser].map((route) => ({ ...route, path: `/users${route.path}` })),
]

/** Which codes let somebody call (contract, section 1). */
const sufficient: Partial<Record<string, readonly PermissionCode[]>> = {
  account_all: ['account_all', 'all'],
  account_read: ['account_all', 'account_read', 'all', 'read'],
  app_org_all: ['app_org_all', 'all'],
  app_org_read: ['app_org_all', 'app_org_read', 'all', 'read'],
  user_all: ['user_all', 'all'],
  user_read: ['user_all', 'user_read', 'all', 'read'],
}

describeEachDatabase('who may call about applications', (kind) => {
  const fixture = useApplications(kind)
  /** What stands in the paths: of the tenant that is called, and of another one. */
  const own: Record<string, string> = {}
  const theirs: Record<string, string> = {}
  let token = ''
  const tokens: Partial<Record<PermissionCode, string>> = {}

  beforeAll(async () => {
    const { application, user, create, call, database, tokenWith, clock, server } = fixture()
    const [app, someone] = [await application(), await user()]
    theirs.app_id = app.split('/').at(-1) ?? ''
    theirs.user_id = someone.id
    theirs.user_name = someone.userName
    theirs.account_id = await create(`${app}/accounts/public-account`, { account_name: newName() })
    theirs.org_id = await create(`${app}/organizations`, { org_code: 'it', name: 'IT' })
    theirs.role_id = await create(`${app}/role`, { code: 'admin' })
    await create(`${app}/accounts/basic-account`, { user_id: someone.id })
    await call('POST', `${app}/role-member`, { role_id: theirs.role_id, account_Ids: [theirs.account_id] })
    for (const code of permissionCodes) tokens[code] = await tokenWith([code])
    const other = await seedTenant(database.store, { domains: ['localhost'] })
    own.app_id = (await seedApplication(database.store, other, [])).id
    own.user_id = (await seedUser(database.store, other)).id
    clock.advance(5_000) // tenants are known for so long
    const caller = await seedApplication(database.store, other, ['all'])
    token = await createApiClient(server.url.replace('127.0.0.1', 'localhost'), caller).token()
  })

  async function send(at: string, bearer: string | undefined, method: string, path: string) {
    const body = JSON.stringify({
      ...{ user_id: theirs.user_id, account_name: newName(), name: 'New', user_names: [theirs.user_name] },
      ...{ role_ids: [theirs.role_id], role_id: theirs.role_id, account_Ids: [theirs.account_id] },
      ...{ org_code: newName(), code: newName() },
    })
    const response = await fetch(`${at}/api/v2/tenant${path}?offset=0&limit=10`, {
      method,
      headers: {
        'content-type': 'application/json',
        ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
      },
      ...(method === 'GET' ? {} : { body }),
    })
    const text = await response.text()
    return { status: response.status, text }
  }
  const fill = (path: string, ids: Record<string, string>) =>
    path.replace(/:(\w+)/g, (_match, name: string) => ids[name] ?? 'x')

  describe.each(routes.map((route) => [`${route.method} ${route.path}`, route] as const))(
    '%s',
    (_name, route) => {
      const { method, permission } = route
      const path = fill(route.path, {})

      it('refuses who brings no token, or one that nobody gave', async () => {
        for (const bearer of [undefined, 'nobody-gave-this']) {
          expect((await send(fixture().server.url, bearer, method, path)).status).toBe(401)
        }
      })

      it('refuses every permission that does not include its own, and no other', async () => {
        const refused: PermissionCode[] = []
        for (const code of permissionCodes) {
          const { status } = await send(fixture().server.url, tokens[code], method, path)
          if (status === 403) refused.push(code)
          else expect([code, status]).toEqual([code, 400]) // there is no application x
        }
        expect(refused).toEqual(permissionCodes.filter((code) => !sufficient[permission]?.includes(code)))
      })

      it('shows and changes nothing of another tenant', async () => {
        const { server, database, tenant } = fixture()
        const at = server.url.replace('127.0.0.1', 'localhost')
        const before = await database.store.read.audit.list(tenant.id, 1)
        const foreign = await send(at, token, method, fill(route.path, theirs))
        expect([foreign.status, foreign.text]).toEqual([400, expect.stringMatching(/"(APP|USER)\.0001"/)])
        // its own application, or its own user, with everything else of the other tenant
        const mixed = await send(at, token, method, fill(route.path, { ...theirs, app_id: own.app_id ?? '' }))
        for (const id of ['account_id', 'org_id', 'role_id', 'user_id', 'user_name']) {
          expect(mixed.text).not.toContain(`"id":"${theirs[id]}"`)
        }
        expect(await database.store.read.audit.list(tenant.id, 1)).toEqual(before)
      })
    },
  )
})
