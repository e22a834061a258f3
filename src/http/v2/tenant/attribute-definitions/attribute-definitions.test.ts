import { afterEach, describe, expect, it } from 'vitest'
import { createApiClient } from '../../../../../test/support/api-client.ts'
import { describeEachDatabase } from '../../../../../test/support/databases.ts'
import { useDefinitions } from '../../../../../test/support/definition-fixture.ts'
import { seedApplication, seedTenant, seedUser } from '../../../../../test/support/seed-tenant.ts'
import { DEFINITIONS_MAX } from '../../../../core/attributes/attribute-definition.ts'

const kinds = ['users', 'organizations'] as const
const inUse = { users: 'employee_id', organizations: 'category' } as const
const plain = { type: 'text', required: false, unique: false, length_max: null, pattern: null }

describeEachDatabase('/api/v2/tenant/attribute-definitions', (databaseKind) => {
  const fixture = useDefinitions(databaseKind)
  afterEach(() => fixture().clear())

  describe.each(kinds)('%s', (kind) => {
    const define = (method: string, path: string, body?: unknown) =>
      fixture().define(kind, method, path, body)
    const code = inUse[kind]

    it('201, 200, 204: made, read, listed in the order of their making, changed in part, and taken away', async () => {
      const made = await define('POST', '', { code, required: true, length_max: 20, pattern: '[a-z]+' })
      expect([made.status, made.text]).toEqual([201, `{"code":"${code}"}`])
      expect((await define('POST', '', { code: 'extension.badge', type: 'integer' })).status).toBe(201)
      const first = { ...plain, code, required: true, length_max: 20, pattern: '[a-z]+' }
      const second = { ...plain, code: 'extension.badge', type: 'integer' }
      const list = await define('GET', '')
      expect([list.status, list.body]).toEqual([200, { total: 2, attributes: [first, second] }])
      expect((await define('GET', '/extension.badge')).body).toEqual(second)
      const changed = await define('PUT', `/${code}`, { length_max: 30, pattern: null })
      expect([changed.status, changed.text]).toEqual([200, `{"code":"${code}"}`])
      expect((await define('GET', `/${code}`)).body).toEqual({ ...first, length_max: 30, pattern: null })
      const gone = await define('DELETE', `/${code}`)
      expect([gone.status, gone.text]).toEqual([204, ''])
      expect(await fixture().codes(kind)).toEqual(['extension.badge'])
    })

    it('are on record by code and part, never by value; what is as it was leaves no row', async () => {
      const before = (await fixture().record()).length
      await define('POST', '', { code, length_max: 20 })
      await define('PUT', `/${code}`, { length_max: 20 })
      await define('PUT', `/${code}`, {})
      await define('PUT', `/${code}`, { length_max: 21, required: true })
      await define('DELETE', `/${code}`)
      const detail = { kind, attribute: code }
      expect((await fixture().record()).slice(before)).toEqual([
        { action: 'attribute_definition.created', detail },
        { action: 'attribute_definition.updated', detail: { ...detail, fields: ['required', 'length_max'] } },
        { action: 'attribute_definition.removed', detail },
      ])
    })

    it('ATTR.9001 answers a code that is not defined, in another case too', async () => {
      await define('POST', '', { code: 'extension.badge' })
      for (const unknown of [code, 'extension.Badge', 'nothing', 'a%00b', '__proto__']) {
        for (const [method, body] of [['GET'], ['PUT', {}], ['DELETE']] as const) {
          const { body: answer, status } = await define(method, `/${unknown}`, body)
          expect([unknown, method, status, answer.error_code]).toEqual([unknown, method, 400, 'ATTR.9001'])
        }
      }
    })

    it('ATTR.9002 answers a code that is defined already', async () => {
      await define('POST', '', { code })
      const answer = await define('POST', '', { code, required: true })
      expect([answer.status, answer.body.error_code]).toEqual([400, 'ATTR.9002'])
      expect((await define('GET', `/${code}`)).body.required).toBe(false)
    })

    it.each([
      [{ code: 'nothing' }, 'code', /"nothing" is no attribute: write /],
      [{ code: 'extension.' }, 'code', /is no attribute/],
      [{ code: 'extension.__proto__' }, 'code', /is no attribute/],
      [{ code: 'name', unique: true }, 'unique', /name cannot be made unique/],
      [{ code: 'name', type: 'date' }, 'type', /name has a type of its own: leave type out/],
      [{ code: 'name', pattern: '(' }, 'pattern', /"\(" is no pattern/],
      [{ code: 'name', pattern: '(a{500}){500}' }, 'pattern', /is no pattern/],
    ])('ATTR.9003 answers %j, in the words of the tenant file', async (body, part, text) => {
      const answer = await define('POST', '', body)
      expect([answer.status, answer.body.error_code]).toEqual([400, 'ATTR.9003'])
      expect([answer.headers.get('x-error-detail'), answer.body.error_msg]).toEqual([
        part,
        expect.stringMatching(text),
      ])
      if (part !== 'code') {
        const { code: asked, ...changes } = body
        await define('POST', '', { code: asked })
        expect((await define('PUT', `/${asked}`, changes)).body.error_code).toBe('ATTR.9003')
        expect((await define('GET', `/${asked}`)).body).toEqual({ ...plain, code: asked })
      }
    })

    it(`ATTR.9005 answers number ${DEFINITIONS_MAX + 1}`, async () => {
      const { database, tenant } = fixture()
      const many = Array.from({ length: DEFINITIONS_MAX }, (_, index) => ({
        ...({ name: `extension.a${index}`, type: 'text', isRequired: false, isUnique: false } as const),
        ...{ lengthMax: undefined, pattern: undefined },
      }))
      const attributes = { ...tenant.settings.attributes, [kind]: many }
      await database.store.transaction(({ tenants }) =>
        tenants.updateSettings(tenant.id, { ...tenant.settings, attributes }),
      )
      const answer = await define('POST', '', { code })
      expect([answer.status, answer.body.error_code]).toEqual([400, 'ATTR.9005'])
      await database.store.transaction(({ tenants }) => tenants.updateSettings(tenant.id, tenant.settings))
    })

    it.each([
      [{}],
      [{ code: 7 }],
      [{ code: 'name', type: 'colour' }],
      [{ code: 'name', required: 'yes' }],
      [{ code: 'name', length_max: 0 }],
      [{ code: 'name', length_max: 1_001 }],
      [{ code: 'name', pattern: 'a'.repeat(201) }],
    ])('REQUEST.9002 answers %j', async (body) => {
      const answer = await define('POST', '', body)
      expect([answer.status, answer.body.error_code]).toEqual([400, 'REQUEST.9002'])
      const { code: asked = '', ...changes }: { readonly code?: unknown } = body
      if (asked !== 'name') return
      const changed = await define('PUT', '/name', changes)
      expect([changed.status, changed.body.error_code]).toEqual([400, 'REQUEST.9002'])
    })

    it.each([
      ['GET', '', ['users', 'organizations'].indexOf(kind) === 0 ? 'user_read' : 'org_read'],
      ['GET', '/x', kind === 'users' ? 'user_read' : 'org_read'],
    ] as const)('%s%s needs %s, and no other permission of one group', async (method, path, needed) => {
      const url = `/api/v2/tenant/attribute-definitions/${kind}${path}`
      const other = kind === 'users' ? 'org_all' : 'user_all'
      expect((await fixture().callWith([needed], method, url)).status).not.toBe(403)
      expect((await fixture().callWith([other, 'account_all'], method, url)).status).toBe(403)
    })

    it.each([
      ['POST', '', '{"code":"name"}'],
      ['PUT', '/x', '{}'],
      ['DELETE', '/x', undefined],
    ] as const)('%s%s needs all: it shapes the data of everybody', async (method, path, body) => {
      const url = `/api/v2/tenant/attribute-definitions/${kind}${path}`
      const groups = ['user_all', 'org_all', 'account_all', 'app_org_all', 'read'] as const
      const answer = await fixture().callWith(groups, method, url, body)
      expect([answer.status, answer.body.error]).toEqual([403, 'insufficient_scope'])
      const nobody = await fetch(`${fixture().server.url}${url}`, { method })
      expect(nobody.status).toBe(401)
    })
  })

  it('shows and changes nothing of another tenant', async () => {
    const { database, server, clock, define } = fixture()
    await define('users', 'POST', '', { code: 'employee_id', required: true })
    const other = await seedTenant(database.store, { domains: ['localhost'] })
    const application = await seedApplication(database.store, other, ['all'])
    clock.advance(5_000) // tenants are known for so long
    const client = createApiClient(server.url.replace('127.0.0.1', 'localhost'), application)
    const headers = { authorization: `Bearer ${await client.token()}`, 'content-type': 'application/json' }
    const path = '/api/v2/tenant/attribute-definitions/users'
    expect((await client.call('GET', path, { headers })).body.total).toBe(0)
    for (const method of ['GET', 'PUT', 'DELETE']) {
      const body = method === 'PUT' ? { body: '{}' } : {}
      const answer = await client.call(method, `${path}/employee_id`, { headers, ...body })
      expect([method, answer.body.error_code]).toEqual([method, 'ATTR.9001'])
    }
    expect((await define('users', 'GET', '/employee_id')).body.required).toBe(true)
  })

  it('hold for what calls name 5 s later, and not for people from before', async () => {
    const { call, define, database, tenant, clock } = fixture()
    const { id } = await seedUser(database.store, tenant, { extension: { note: 'long before' } })
    await define('users', 'POST', '', { code: 'employee_id', required: true, pattern: 'E-\\d+' })
    await define('users', 'POST', '', { code: 'extension.badge', type: 'integer' })
    clock.advance(5_000)
    const detailOf = async (method: string, path: string, body: unknown) => {
      const answer = await call(method, path, body)
      return [answer.body.error_code ?? answer.status, answer.headers.get('x-error-detail')]
    }
    expect(await detailOf('POST', 'users', { user_name: 'zoe' })).toEqual(['USER.9007', 'employee_id'])
    expect(await detailOf('PUT', `users/${id}`, { employee_id: '7' })).toEqual(['USER.9005', 'employee_id'])
    expect(await detailOf('PUT', `users/${id}`, { extension: { badge: 'a' } })).toEqual([
      'USER.9005',
      'extension.badge',
    ])
    // who lacks what became required, and has what is not defined, can be changed otherwise
    expect(await detailOf('PUT', `users/${id}`, { first_name: 'A', extension: { badge: 7 } })).toEqual([
      200,
      null,
    ])
    await define('users', 'DELETE', '/extension.badge')
    clock.advance(5_000)
    // a deleted definition leaves the values, and asks nothing of them any more
    expect((await call('GET', `users/${id}`)).body.extension).toEqual({ badge: 7, note: 'long before' })
    expect(await detailOf('PUT', `users/${id}`, { extension: { badge: 'seven' } })).toEqual([200, null])
  })
})
