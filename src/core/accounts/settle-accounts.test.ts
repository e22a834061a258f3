import { describe, expect, it } from 'vitest'
import { newName, useApplications } from '../../../test/support/application-fixture.ts'
import { describeEachDatabase } from '../../../test/support/databases.ts'
import type { SeededUser } from '../../../test/support/seed-tenant.ts'
import { eraseUser } from '../users/erase-user.ts'
import { removeUser } from '../users/remove-user.ts'

const actor = { kind: 'operator', id: undefined } as const

describeEachDatabase('what becomes of accounts', (kind) => {
  const fixture = useApplications(kind)

  async function remove(user: SeededUser): Promise<void> {
    await fixture().database.store.transaction(async (repositories) => {
      const locked = await repositories.users.lock(user.tenantId, user.id)
      const now = await repositories.now()
      if (locked !== undefined) await removeUser(repositories, { user: locked, actor, requestId: 'r-1', now })
    })
  }
  const erase = (user: SeededUser) => {
    const { database, tenant } = fixture()
    return eraseUser(database.store, { tenant, userId: user.id, actor, requestId: 'r-2' })
  }
  const totalOf = async (app: string, type: string) =>
    (await fixture().get(`${app}/accounts?account_type=${type}&offset=0&limit=10`)).total

  /** Own accounts in two applications, and a use of a public one. */
  async function aUserWithAccounts() {
    const { application, user, create, call } = fixture()
    const [one, two, someone] = [await application(), await application(), await user()]
    const ids = [
      await create(`${one}/accounts/basic-account`, { user_id: someone.id, name: 'Okapi' }),
      await create(`${two}/accounts/basic-account`, { user_id: someone.id, name: 'Okapi' }),
    ]
    const roleId = await create(`${one}/role`, { code: 'admin' })
    await call('POST', `${one}/accounts/${ids[0]}/member-role`, { role_ids: [roleId] })
    const publicId = await create(`${one}/accounts/public-account`, { account_name: newName() })
    const users = `${one}/accounts/public-account/${publicId}/users`
    await call('POST', `${users}/bind`, { user_names: [someone.userName] })
    return { one, two, someone, ids, users }
  }

  describe('of a removed user', () => {
    it('own ones are orphans, disabled, on record and counted as such; public ones lose the user', async () => {
      const { get, database, tenant } = fixture()
      const { one, two, someone, ids, users } = await aUserWithAccounts()
      const before = await get(`${one}/accounts/${ids[0]}`)
      await remove(someone)
      const orphan = { account_type: 'ORPHAN_ACCOUNT', disabled: true, attr_manager_id: null }
      expect(await get(`${one}/accounts/${ids[0]}`)).toEqual({ ...before, ...orphan })
      for (const app of [one, two]) {
        expect([await totalOf(app, 'BASIC_ACCOUNT'), await totalOf(app, 'ORPHAN_ACCOUNT')]).toEqual([0, 1])
      }
      expect(await get(`${users}?offset=0&limit=10`)).toEqual({ total: 0, associated_users: [] })
      const rows = await database.store.read.audit.list(tenant.id, 3)
      expect(rows.map(({ action }) => action)).toEqual([
        'user.removed',
        'account.orphaned',
        'account.orphaned',
      ])
      expect(
        rows
          .slice(1)
          .map(({ targetId }) => targetId)
          .toSorted(),
      ).toEqual(ids.toSorted())
      expect(rows[1]).toMatchObject({ detail: { userId: someone.id }, actor, requestId: 'r-1' })
    })

    it('can be looked at, enabled and deleted, and keep their name until then', async () => {
      const { call, outcome, user } = fixture()
      const { one, someone, ids } = await aUserWithAccounts()
      await remove(someone)
      const body = { user_id: (await user()).id, account_name: someone.userName }
      expect(await outcome('POST', `${one}/accounts/basic-account`, body)).toBe('APP.ACC.0013')
      expect((await call('PUT', `${one}/accounts/${ids[0]}/enable`)).status).toBe(200)
      expect((await call('DELETE', `${one}/accounts/${ids[0]}`)).status).toBe(204)
      expect(await totalOf(one, 'ORPHAN_ACCOUNT')).toBe(0)
      expect(await outcome('POST', `${one}/accounts/basic-account`, body)).toBe(201)
    })

    it('leave none behind when one is made, or used, at the same time', async () => {
      const { application, user, create, outcome, database } = fixture()
      const app = await application()
      const publicId = await create(`${app}/accounts/public-account`, { account_name: newName() })
      for (let round = 0; round < 8; round += 1) {
        const someone = await user()
        const names = { user_names: [someone.userName] }
        const [made, bound] = await Promise.all([
          outcome('POST', `${app}/accounts/basic-account`, { user_id: someone.id }),
          outcome('POST', `${app}/accounts/public-account/${publicId}/users/bind`, names),
          remove(someone),
        ])
        expect([201, 'USER.0001']).toContain(made)
        expect([200, 'USER.0001']).toContain(bound)
        const left = await database.query('select id from accounts where user_id = $1', [someone.id])
        expect(left).toEqual([])
      }
      const uses = await database.query('select user_id from account_users where account_id = $1', [publicId])
      expect(uses).toEqual([])
    })
  })

  describe('of an erased user', () => {
    it('are gone, whenever the user was removed, and the record says so without a name', async () => {
      const { database, tenant } = fixture()
      for (const isRemovedBefore of [false, true]) {
        const { one, two, someone, ids } = await aUserWithAccounts()
        if (isRemovedBefore) await remove(someone)
        expect(await erase(someone)).toEqual({ wasRemovedNow: !isRemovedBefore, resets: 0 })
        for (const app of [one, two]) {
          expect([await totalOf(app, 'BASIC_ACCOUNT'), await totalOf(app, 'ORPHAN_ACCOUNT')]).toEqual([0, 0])
        }
        const rows = await database.store.read.audit.list(tenant.id, 3)
        expect(rows[0]).toMatchObject({ action: 'user.erased', detail: { accounts: 2 } })
        expect(
          rows
            .slice(1)
            .map(({ targetId }) => targetId)
            .toSorted(),
        ).toEqual(ids.toSorted())
        expect(await erase(someone)).toBe(undefined)
        const left = 'select id from accounts where account_name = $1'
        expect(await database.query(left, [someone.userName])).toEqual([])
      }
    })
  })

  it('of a removed application nothing is left, nor anything else that was the application’s', async () => {
    const { create, database, tenant, get } = fixture()
    const { one, someone, two } = await aUserWithAccounts()
    const parentId = await create(`${one}/organizations`, { org_code: 'it', name: 'IT' })
    await create(`${one}/organizations`, { org_code: 'dev', name: 'Dev', parent_id: parentId })
    await create(`${one}/accounts/public-account`, { account_name: newName(), org_code: 'dev' })
    const applicationId = one.split('/').at(-1) ?? ''
    await database.store.transaction(({ applications }) => applications.delete(tenant.id, applicationId))
    for (const table of [
      ...['accounts', 'account_users', 'account_roles', 'application_roles', 'application_organizations'],
    ]) {
      const rows = await database.query(`select * from ${table} where application_id = $1`, [applicationId])
      expect([table, rows]).toEqual([table, []])
    }
    const counts = await database.query('select kind from counts where kind like $1', [
      `account/${applicationId}/%`,
    ])
    expect(counts).toEqual([])
    expect((await get(`/users/${someone.id}/accounts`)).total).toBe(1)
    expect(await totalOf(two, 'BASIC_ACCOUNT')).toBe(1)
  })

  it('leaves nothing uncounted when an application goes while accounts are made', async () => {
    const { application, outcome, database, tenant } = fixture()
    for (let round = 0; round < 5; round += 1) {
      const app = await application()
      const applicationId = app.split('/').at(-1) ?? ''
      const outcomes = await Promise.all([
        ...Array.from({ length: 4 }, () =>
          outcome('POST', `${app}/accounts/public-account`, { account_name: newName() }),
        ),
        database.store.transaction(({ applications }) => applications.delete(tenant.id, applicationId)),
      ])
      expect(outcomes.filter((each) => ![201, 'APP.0001', undefined].includes(each as never))).toEqual([])
      const kinds = [`account/${applicationId}/%`]
      expect(await database.query('select kind from counts where kind like $1', kinds)).toEqual([])
    }
  })
})
