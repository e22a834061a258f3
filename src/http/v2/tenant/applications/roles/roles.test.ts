import { describe, expect, it } from 'vitest'
import { newName, nobodysIds, useApplications } from '../../../../../../test/support/application-fixture.ts'
import { describeEachDatabase } from '../../../../../../test/support/databases.ts'

const time = expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}$/)

describeEachDatabase('/api/v2/tenant/applications/{app_id}/role', (kind) => {
  const fixture = useApplications(kind, { timeZone: 'Asia/Shanghai' })

  describe('POST …/role', () => {
    it('200 makes a role, and answers its id alone', async () => {
      const { application, call, get, newestRow } = fixture()
      const app = await application()
      const answer = await call('POST', `${app}/role`, { code: 'Admin', name: '管理员' })
      expect([answer.status, Object.keys(answer.body)]).toEqual([200, ['role_id']])
      const id = String(answer.body.role_id)
      const row = await newestRow()
      const detail = { applicationId: app.split('/').at(-1) }
      expect(row).toMatchObject({ action: 'application_role.created', targetId: id, detail })
      const record = await get(`${app}/role/${id}`)
      expect(record).toEqual({
        id,
        code: 'Admin',
        name: '管理员',
        createdAt: time,
        updatedAt: record.createdAt,
      })
    })

    it.each([{}, { name: '' }, { name: null }])('200 makes a role without a name of %j', async (more) => {
      const { application, create, get } = fixture()
      const app = await application()
      const id = await create(`${app}/role`, { code: 'a', ...more })
      expect((await get(`${app}/role/${id}`)).name).toBe(null)
    })

    it('APP.ROLE.9002 answers a code that is taken; one of many at once has it; another application too', async () => {
      const { application, outcome } = fixture()
      const [app, other] = [await application(), await application()]
      const outcomes = await Promise.all(
        Array.from({ length: 6 }, (_, index) =>
          outcome('POST', `${app}/role`, { code: index % 2 === 0 ? 'admin' : 'ADMIN' }),
        ),
      )
      expect(outcomes.toSorted()).toEqual([200, ...Array(5).fill('APP.ROLE.9002')])
      expect(await outcome('POST', `${other}/role`, { code: 'admin' })).toBe(200)
    })

    it('APP.0001 and APP.OBJECTMODEL.0006 answer where there are no roles', async () => {
      const { application, outcome } = fixture()
      const objectModels = { organizations: true, roles: false, severalRoles: true }
      expect(await outcome('POST', '/applications/nobody/role', { code: 'a' })).toBe('APP.0001')
      const path = `${await application({ objectModels })}/role`
      expect(await outcome('POST', path, { code: 'a' })).toBe('APP.OBJECTMODEL.0006')
    })

    it.each([
      [{ code: '' }, 'APP.ROLE.9003'],
      [{ code: ' a' }, 'APP.ROLE.9003'],
      [{ code: 'a\0' }, 'APP.ROLE.9003'],
      [{ code: 'x'.repeat(101) }, 'APP.ROLE.9003'],
      [{ code: 'a', name: 'a\n' }, 'APP.ROLE.9004'],
      [{ code: 'a', name: 'x'.repeat(256) }, 'APP.ROLE.9004'],
      [{}, 'REQUEST.9002'],
      [{ code: null }, 'REQUEST.9002'],
      [{ code: 'a', name: 1 }, 'REQUEST.9002'],
    ])('answers %j with %s', async (body, code) => {
      const { application, outcome } = fixture()
      expect(await outcome('POST', `${await application()}/role`, body)).toBe(code)
    })
  })

  describe('PUT …/role/{role_id}', () => {
    it('200 renames a role; the same name is no change', async () => {
      const { application, create, call, get, newestRow } = fixture()
      const app = await application()
      const id = await create(`${app}/role`, { code: 'a', name: 'A' })
      const path = `${app}/role/${id}`
      const before = await get(path)
      const answer = await call('PUT', path, { name: 'B', code: 'passed-over' })
      expect([answer.status, answer.text]).toEqual([200, `{"role_id":"${id}"}`])
      const after = await get(path)
      expect(after).toEqual({ ...before, name: 'B', updatedAt: time })
      const row = await newestRow()
      expect(row).toMatchObject({ action: 'application_role.updated', detail: { fields: ['name'] } })
      await call('PUT', path, { name: 'B' })
      expect([await get(path), await newestRow()]).toEqual([after, row])
      await call('PUT', path, { name: null })
      expect((await get(path)).name).toBe(null)
    })

    it('APP.ROLE.9004 and REQUEST.9002 answer names that are none', async () => {
      const { application, create, outcome } = fixture()
      const app = await application()
      const path = `${app}/role/${await create(`${app}/role`, { code: 'a' })}`
      expect(await outcome('PUT', path, { name: ' b' })).toBe('APP.ROLE.9004')
      for (const body of [{}, { name: 1 }]) {
        expect(await outcome('PUT', path, body)).toBe('REQUEST.9002')
      }
    })
  })

  describe('DELETE …/role/{role_id}', () => {
    it('200 removes a role that no account has, and frees its code', async () => {
      const { application, create, call, outcome, newestRow } = fixture()
      const app = await application()
      const id = await create(`${app}/role`, { code: 'a' })
      const answer = await call('DELETE', `${app}/role/${id}`)
      expect([answer.status, answer.text]).toEqual([200, ''])
      expect(await newestRow()).toMatchObject({ action: 'application_role.removed', targetId: id })
      expect(await outcome('GET', `${app}/role/${id}`)).toBe('APP.ROLE.9001')
      await create(`${app}/role`, { code: 'a' })
    })

    it('APP.ROLE.9005 answers while an account has it', async () => {
      const { application, create, call, outcome } = fixture()
      const app = await application()
      const id = await create(`${app}/role`, { code: 'a' })
      const account = await create(`${app}/accounts/public-account`, { account_name: newName() })
      await call('POST', `${app}/accounts/${account}/member-role`, { role_ids: [id] })
      expect(await outcome('DELETE', `${app}/role/${id}`)).toBe('APP.ROLE.9005')
      await call('DELETE', `${app}/role-member`, { role_id: id, account_ids: [account] })
      expect(await outcome('DELETE', `${app}/role/${id}`)).toBe(200)
    })
  })

  it.each([['GET'], ['PUT', { name: 'B' }], ['DELETE']])(
    'APP.0001 and APP.ROLE.9001 answer %s of what is not there, in this application',
    async (method, body?: object) => {
      const { application, create, outcome } = fixture()
      const [app, other] = [await application(), await application()]
      const id = await create(`${app}/role`, { code: 'a' })
      expect(await outcome(method, `/applications/nobody/role/${id}`, body)).toBe('APP.0001')
      for (const each of [id, ...nobodysIds]) {
        expect(await outcome(method, `${other}/role/${each}`, body)).toBe('APP.ROLE.9001')
      }
    },
  )

  describe('GET …/role-list', () => {
    it('200 pages through every role of the application once, in order of id; offset may be left out', async () => {
      const { application, create, get } = fixture()
      const app = await application()
      const ids: string[] = []
      for (let index = 0; index < 12; index += 1) {
        ids.push(await create(`${app}/role`, { code: newName('role') }))
      }
      const pages = [await get(`${app}/role-list?limit=10`), await get(`${app}/role-list?offset=1&limit=10`)]
      expect(pages).toMatchObject([
        { total: 12, offset: 0, limit: 10 },
        { total: 12, offset: 1, limit: 10 },
      ])
      const records = pages.flatMap((page) => page.roles as { id: string }[])
      expect(records.map(({ id }) => id)).toEqual(ids.toSorted())
      expect(await get(`${app}/role/${records[0]?.id}`)).toEqual(records[0])
    })

    it('OAP.PAGE.0002, OAP.PAGE.0003 and APP.0001', async () => {
      const { application, outcome } = fixture()
      const app = await application()
      expect(await outcome('GET', `${app}/role-list?limit=9`)).toBe('OAP.PAGE.0002')
      expect(await outcome('GET', `${app}/role-list`)).toBe('OAP.PAGE.0002')
      expect(await outcome('GET', `${app}/role-list?limit=10&offset=-1`)).toBe('OAP.PAGE.0003')
      expect(await outcome('GET', '/applications/nobody/role-list?limit=10')).toBe('APP.0001')
    })
  })
})
