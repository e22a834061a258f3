import { describe, expect, it } from 'vitest'
import { newName, nobodysIds, useApplications } from '../../../../../../test/support/application-fixture.ts'
import { describeEachDatabase } from '../../../../../../test/support/databases.ts'

describeEachDatabase('/api/v2/tenant/applications/{app_id}/organizations', (kind) => {
  const fixture = useApplications(kind)
  const anOrganization = (app: string, more: object = {}) =>
    fixture().create(`${app}/organizations`, { org_code: newName('org'), name: 'IT', ...more })
  /** A chain of this many, the root first. */
  async function aChain(app: string, levels: number): Promise<readonly string[]> {
    const ids: string[] = []
    for (let level = 0; level < levels; level += 1) {
      ids.push(await anOrganization(app, { parent_id: ids.at(-1) ?? null }))
    }
    return ids
  }

  describe('POST', () => {
    it('201 makes an organisation, and answers its id alone', async () => {
      const { application, call, get, newestRow } = fixture()
      const app = await application()
      const parentId = await anOrganization(app)
      const body = { org_code: 'Dev', name: '开发组', parent_id: parentId }
      const answer = await call('POST', `${app}/organizations`, body)
      expect([answer.status, Object.keys(answer.body)]).toEqual([201, ['org_id']])
      const id = String(answer.body.org_id)
      const row = await newestRow()
      const detail = { applicationId: app.split('/').at(-1) }
      expect(row).toMatchObject({ action: 'application_organization.created', targetId: id, detail })
      expect(await get(`${app}/organizations/${id}`)).toEqual({
        org_id: id,
        org_code: 'Dev',
        name: '开发组',
        parent_id: parentId,
        disabled: false,
        extension: {},
      })
    })

    it.each([{}, { parent_id: '' }, { parent_id: null }])('201 makes a root of %j', async (more) => {
      const app = await fixture().application()
      const id = await anOrganization(app, more)
      expect((await fixture().get(`${app}/organizations/${id}`)).parent_id).toBe(null)
    })

    it('APP.0009 answers a code that is taken; one of many at once has it; another application too', async () => {
      const { application, outcome, user } = fixture()
      const [app, other] = [await application(), await application()]
      await user()
      const outcomes = await Promise.all(
        Array.from({ length: 6 }, (_, index) =>
          outcome('POST', `${app}/organizations`, { org_code: index % 2 === 0 ? 'it' : 'IT', name: 'IT' }),
        ),
      )
      expect(outcomes.toSorted()).toEqual([201, ...Array(5).fill('APP.0009')])
      expect(await outcome('POST', `${other}/organizations`, { org_code: 'it', name: 'IT' })).toBe(201)
    })

    it('APP.0001 and APP.OBJECTMODEL.0005 answer where there are no organisations', async () => {
      const { application, outcome } = fixture()
      const body = { org_code: 'it', name: 'IT' }
      const objectModels = { organizations: false, roles: true, severalRoles: true }
      const path = `${await application({ objectModels })}/organizations`
      expect(await outcome('POST', '/applications/nobody/organizations', body)).toBe('APP.0001')
      expect(await outcome('POST', path, body)).toBe('APP.OBJECTMODEL.0005')
    })

    it('APP.ORG.0040 answers a parent that is not of this application', async () => {
      const { application, outcome } = fixture()
      const app = await application()
      const theirs = await anOrganization(await application())
      for (const parentId of [theirs, 'nobody', 'a\0b']) {
        const body = { org_code: newName(), name: 'IT', parent_id: parentId }
        expect(await outcome('POST', `${app}/organizations`, body)).toBe('APP.ORG.0040')
      }
    })

    it('APP.ORG.9004 answers the 33rd level', async () => {
      const { application, outcome } = fixture()
      const app = await application()
      const parentId = (await aChain(app, 32)).at(-1)
      const body = { org_code: newName(), name: 'IT', parent_id: parentId }
      expect(await outcome('POST', `${app}/organizations`, body)).toBe('APP.ORG.9004')
    })

    it.each([
      [{ org_code: '', name: 'IT' }, 'APP.ORG.9001'],
      [{ org_code: 'a b', name: 'IT' }, 'APP.ORG.9001'],
      [{ org_code: 'a\0', name: 'IT' }, 'APP.ORG.9001'],
      [{ org_code: 'x'.repeat(101), name: 'IT' }, 'APP.ORG.9001'],
      [{ org_code: 'a', name: '' }, 'APP.ORG.9002'],
      [{ org_code: 'a', name: 'a\n' }, 'APP.ORG.9002'],
      [{ org_code: 'a', name: 'x'.repeat(256) }, 'APP.ORG.9002'],
      [{ name: 'IT' }, 'REQUEST.9002'],
      [{ org_code: 'a' }, 'REQUEST.9002'],
      [{ org_code: 1, name: 'IT' }, 'REQUEST.9002'],
      [{ org_code: 'a', name: 'IT', parent_id: 1 }, 'REQUEST.9002'],
    ])('answers %j with %s', async (body, code) => {
      const { application, outcome } = fixture()
      expect(await outcome('POST', `${await application()}/organizations`, body)).toBe(code)
    })
  })

  describe('PUT …/{org_id}', () => {
    it.each([
      [{ name: 'New' }, { name: 'New' }, ['name']],
      [{ parent_id: '' }, { parent_id: null }, ['parent_id']],
      [{ parent_id: null }, { parent_id: null }, ['parent_id']],
      [
        { name: 'New', parent_id: null, org_code: 'passed-over' },
        { name: 'New', parent_id: null },
        ['name', 'parent_id'],
      ],
    ])('200 changes %j and leaves the rest', async (changes, expected, fields) => {
      const { application, call, get, newestRow } = fixture()
      const app = await application()
      const [parentId, id = ''] = await aChain(app, 2)
      const path = `${app}/organizations/${id}`
      const before = await get(path)
      expect(before.parent_id).toBe(parentId)
      const answer = await call('PUT', path, changes)
      expect([answer.status, answer.text]).toEqual([200, `{"org_id":"${id}"}`])
      expect(await get(path)).toEqual({ ...before, ...expected })
      const row = await newestRow()
      expect(row).toMatchObject({
        action: 'application_organization.updated',
        targetId: id,
        detail: { fields },
      })
      await call('PUT', path, changes)
      await call('PUT', path)
      expect(await newestRow()).toEqual(row)
    })

    it('APP.ORG.9003 answers a move below itself, also of many at once', async () => {
      const { application, outcome, get } = fixture()
      const app = await application()
      const [top = '', , bottom = ''] = await aChain(app, 3)
      for (const parentId of [top, bottom]) {
        expect(await outcome('PUT', `${app}/organizations/${top}`, { parent_id: parentId })).toBe(
          'APP.ORG.9003',
        )
      }
      const ids = await Promise.all(Array.from({ length: 5 }, () => anOrganization(app)))
      const outcomes = await Promise.all(
        Array.from({ length: 30 }, (_, index) => {
          const [id = '', parentId = ''] = [ids[index % 5], ids[(index * 3 + Math.floor(index / 5) + 1) % 5]]
          return outcome('PUT', `${app}/organizations/${id}`, { parent_id: parentId })
        }),
      )
      expect(new Set(outcomes)).toEqual(new Set([200, 'APP.ORG.9003']))
      for (const id of ids) {
        let [above, levels]: [unknown, number] = [id, 0]
        while (above !== null && levels < 9) {
          above = (await get(`${app}/organizations/${String(above)}`)).parent_id
          levels += 1
        }
        expect(levels).toBeLessThan(6)
      }
    })

    it('APP.ORG.9004 answers a move that would take what is below too deep', async () => {
      const { application, outcome } = fixture()
      const app = await application()
      const deepest = (await aChain(app, 31)).at(-1)
      const [id = ''] = await aChain(app, 2)
      expect(await outcome('PUT', `${app}/organizations/${id}`, { parent_id: deepest })).toBe('APP.ORG.9004')
      const leaf = await anOrganization(app)
      expect(await outcome('PUT', `${app}/organizations/${leaf}`, { parent_id: deepest })).toBe(200)
    })

    it('APP.ORG.0040, APP.ORG.9002 and REQUEST.9002 answer attributes, and nothing is changed', async () => {
      const { application, outcome, get } = fixture()
      const app = await application()
      const path = `${app}/organizations/${await anOrganization(app)}`
      const theirs = await anOrganization(await application())
      for (const parentId of [theirs, 'nobody', 'a\0']) {
        expect(await outcome('PUT', path, { name: 'New', parent_id: parentId })).toBe('APP.ORG.0040')
      }
      expect(await outcome('PUT', path, { name: '' })).toBe('APP.ORG.9002')
      for (const body of [{ name: null }, { parent_id: 1 }]) {
        expect(await outcome('PUT', path, body)).toBe('REQUEST.9002')
      }
      expect((await get(path)).name).toBe('IT')
    })
  })

  describe('DELETE …/{org_id}', () => {
    it('204 removes an organisation, answers nothing, and frees its code', async () => {
      const { application, call, outcome, newestRow } = fixture()
      const app = await application()
      const id = await anOrganization(app, { org_code: 'it' })
      const answer = await call('DELETE', `${app}/organizations/${id}`)
      expect([answer.status, answer.text]).toEqual([204, ''])
      expect(await newestRow()).toMatchObject({ action: 'application_organization.removed', targetId: id })
      expect(await outcome('GET', `${app}/organizations/${id}`)).toBe('APP.ORG.0024')
      await anOrganization(app, { org_code: 'it' })
    })

    it('APP.ORG.9005 answers while something is below it', async () => {
      const { application, outcome } = fixture()
      const app = await application()
      const [top, below] = await aChain(app, 2)
      expect(await outcome('DELETE', `${app}/organizations/${top}`)).toBe('APP.ORG.9005')
      expect(await outcome('DELETE', `${app}/organizations/${below}`)).toBe(204)
      expect(await outcome('DELETE', `${app}/organizations/${top}`)).toBe(204)
    })

    it('APP.ORG.9006 answers while an account is in it, also one that comes at the same time', async () => {
      const { application, call, outcome } = fixture()
      const app = await application()
      for (let round = 0; round < 8; round += 1) {
        const code = newName('org')
        const id = await anOrganization(app, { org_code: code })
        const account = { account_name: newName(), org_code: code }
        const [removed, made] = await Promise.all([
          outcome('DELETE', `${app}/organizations/${id}`),
          call('POST', `${app}/accounts/public-account`, account),
        ])
        expect([
          [204, 'APP.ORG.0024'],
          ['APP.ORG.9006', 201],
        ]).toContainEqual([removed, made.body.error_code ?? made.status])
      }
      const id = await anOrganization(app, { org_code: 'last' })
      await call('POST', `${app}/accounts/public-account`, { account_name: newName(), org_code: 'last' })
      expect(await outcome('DELETE', `${app}/organizations/${id}`)).toBe('APP.ORG.9006')
    })

    it('leaves no orphan when something is put below it at the same time', async () => {
      const { application, outcome } = fixture()
      const app = await application()
      for (let round = 0; round < 8; round += 1) {
        const id = await anOrganization(app)
        const child = { org_code: newName(), name: 'IT', parent_id: id }
        const outcomes = await Promise.all([
          outcome('DELETE', `${app}/organizations/${id}`),
          outcome('POST', `${app}/organizations`, child),
        ])
        expect([
          [204, 'APP.ORG.0040'],
          ['APP.ORG.9005', 201],
        ]).toContainEqual(outcomes)
      }
    })
  })

  it.each([['GET'], ['PUT', { name: 'New' }], ['DELETE']])(
    'APP.0001 and APP.ORG.0024 answer %s of what is not there, in this application',
    async (method, body?: object) => {
      const { application, outcome } = fixture()
      const [app, other] = [await application(), await application()]
      const id = await anOrganization(app)
      expect(await outcome(method, `/applications/nobody/organizations/${id}`, body)).toBe('APP.0001')
      for (const each of [id, ...nobodysIds]) {
        expect(await outcome(method, `${other}/organizations/${each}`, body)).toBe('APP.ORG.0024')
      }
    },
  )

  describe('GET', () => {
    it('200 pages through every organisation of the application once, in order of id', async () => {
      const { application, get } = fixture()
      const app = await application()
      const ids = await aChain(app, 12)
      const path = `${app}/organizations`
      const pages = [await get(`${path}?offset=0&limit=10`), await get(`${path}?offset=1&limit=10`)]
      expect(pages.map(({ total }) => total)).toEqual([12, 12])
      const records = pages.flatMap((page) => page.organizations as { org_id: string }[])
      expect(records.map((record) => record.org_id)).toEqual(ids.toSorted())
      expect(await get(`${path}/${records[0]?.org_id}`)).toEqual(records[0])
    })

    it('OAP.PAGE.0002, OAP.PAGE.0003 and APP.0001', async () => {
      const { application, outcome } = fixture()
      const path = `${await application()}/organizations`
      expect(await outcome('GET', `${path}?offset=0&limit=9`)).toBe('OAP.PAGE.0002')
      expect(await outcome('GET', `${path}?limit=10`)).toBe('OAP.PAGE.0003')
      expect(await outcome('GET', '/applications/x/organizations?offset=0&limit=10')).toBe('APP.0001')
    })
  })
})
