import { expect, it } from 'vitest'
import { createApiClient } from '../../../../../test/support/api-client.ts'
import { describeEachDatabase } from '../../../../../test/support/databases.ts'
import { refusals, statusFor, useOrganizations } from '../../../../../test/support/organization-fixture.ts'
import { seedApplication, seedTenant } from '../../../../../test/support/seed-tenant.ts'

describeEachDatabase('GET /api/v2/tenant/organizations/{org_id}', (kind) => {
  const fixture = useOrganizations(kind, { timeZone: 'Asia/Shanghai' })

  it('answers exactly the record of the contract, times in the zone of the tenant', async () => {
    const { create, call, database, tenant } = fixture()
    const id = await create({ name: 'IT' })
    const stored = await database.store.read.organizations.find(tenant.id, id)
    const time = new Date((stored?.createdAt ?? 0) + 8 * 3_600_000).toISOString()
    const written = time.replace('T', ' ').replace('Z', '')
    const { status, text } = await call('GET', `/${id}`)
    expect(status).toBe(200)
    expect(text).toBe(
      `{"org_id":"${id}","parent_id":null,"name":"IT","category":null,"org_code":"${stored?.code}",` +
        `"sequence":null,"disabled":false,"created_at":"${written}","updated_at":"${written}","extension":{}}`,
    )
  })

  it.each(['nobody', 'a%00b', 'a%2Fb'])('ORG.0001 answers %s', async (id) => {
    const answer = await fixture().call('GET', `/${id}`)
    expect([answer.status, answer.body.error_code]).toEqual([400, 'ORG.0001'])
  })

  it('shows nothing of another tenant, to whomever', async () => {
    const { create, database, server } = fixture()
    const id = await create()
    const other = await seedTenant(database.store, { domains: ['localhost'] })
    const application = await seedApplication(database.store, other, ['all'])
    fixture().clock.advance(5_000) // tenants are known for so long
    const url = server.url.replace('127.0.0.1', 'localhost')
    const client = createApiClient(url, application)
    const headers = { authorization: `Bearer ${await client.token()}` }
    const path = '/api/v2/tenant/organizations'
    for (const [method, body] of [['GET'], ['DELETE'], ['PUT', '{"name":"Mine"}']] as const) {
      const options =
        body === undefined
          ? { headers }
          : { headers: { ...headers, 'content-type': 'application/json' }, body }
      const answer = await client.call(method, `${path}/${id}`, options)
      expect([method, answer.status, answer.body.error_code]).toEqual([method, 400, 'ORG.0001'])
    }
    const list = await client.call('GET', `${path}?org_id=${id}&all_child=true&offset=0&limit=10`, {
      headers,
    })
    expect(list.body).toEqual({ total: 0, organizations: [] })
    const all = await client.call('GET', `${path}?all_child=true&offset=0&limit=10`, { headers })
    expect(all.body).toEqual({ total: 0, organizations: [] })
    // a token is good at its own tenant only
    const strange = await fetch(`${server.url}${path}/${id}`, { headers })
    expect(strange.status).toBe(401)
    expect((await fixture().get(id)).name).toBe('IT')
  })

  it('refuses an application that was disabled since it got its token', async () => {
    const { database, tenant, server, clock } = fixture()
    const application = await seedApplication(database.store, tenant, ['org_all'])
    const authorization = `Bearer ${await createApiClient(server.url, application).token()}`
    const { clientSecret: _secret, ...row } = application
    const disabled = { ...row, disabled: true, version: row.version + 1 }
    await database.store.transaction(({ applications }) => applications.update(disabled, Date.now()))
    clock.advance(5_000)
    const answer = await fetch(`${server.url}/api/v2/tenant/organizations/x`, { headers: { authorization } })
    expect(answer.status).toBe(401)
  })

  it.each(refusals('read'))('refuses $name with $status', async ({ permissions, status }) => {
    expect(await statusFor(fixture(), permissions, 'GET', '/x')).toBe(status)
  })
})
