import { expect, it } from 'vitest'
import { createApiClient } from '../../../../../test/support/api-client.ts'
import { describeEachDatabase } from '../../../../../test/support/databases.ts'
import { refusals, statusFor, useOrganizations } from '../../../../../test/support/organization-fixture.ts'
import { seedApplication, seedTenant } from '../../../../../test/support/seed-tenant.ts'

describeEachDatabase('GET /api/v2/tenant/organizations/org-codes/{org_code}', (kind) => {
  const fixture = useOrganizations(kind)

  it('200: the record that the id gives', async () => {
    const { create, call } = fixture()
    const id = await create({ code: 'R-and-D', name: 'Research' })
    const byCode = await call('GET', '/org-codes/R-and-D')
    expect([byCode.status, byCode.text]).toEqual([200, (await call('GET', `/${id}`)).text])
    expect(byCode.body.org_code).toBe('R-and-D')
  })

  it.each([
    ['in the other case', 'FORSCHUNG-BÜRO', 'forschung-büro'],
    ['composed otherwise', 'caf\u00e9', 'cafe\u0301'],
    ['of another script', '研发部', '研发部'],
  ])('200: the code is found when it is written %s', async (_how, code, asked) => {
    const { create, call } = fixture()
    const id = await create({ code })
    expect((await call('GET', `/org-codes/${encodeURIComponent(asked)}`)).body.org_id).toBe(id)
  })

  it.each(['nobody', 'a%00b', 'a%2Fb', '%20', 'x'.repeat(500)])('ORG.0001 answers %s', async (code) => {
    const answer = await fixture().call('GET', `/org-codes/${code}`)
    expect([answer.status, answer.body.error_code]).toEqual([400, 'ORG.0001'])
  })

  it('ORG.0001 answers the id of an organization, and its code once it is gone', async () => {
    const { create, call } = fixture()
    const id = await create({ code: 'for-a-while' })
    expect((await call('GET', `/org-codes/${id}`)).body.error_code).toBe('ORG.0001')
    expect((await call('DELETE', `/${id}`)).status).toBe(204)
    expect((await call('GET', '/org-codes/for-a-while')).body.error_code).toBe('ORG.0001')
  })

  it('shows nothing of another tenant', async () => {
    const { create, database, server, clock } = fixture()
    await create({ code: 'ours-alone' })
    const other = await seedTenant(database.store, { domains: ['localhost'] })
    const application = await seedApplication(database.store, other, ['all'])
    clock.advance(5_000) // tenants are known for so long
    const client = createApiClient(server.url.replace('127.0.0.1', 'localhost'), application)
    const headers = { authorization: `Bearer ${await client.token()}` }
    const answer = await client.call('GET', '/api/v2/tenant/organizations/org-codes/ours-alone', { headers })
    expect([answer.status, answer.body.error_code]).toEqual([400, 'ORG.0001'])
  })

  it.each(refusals('read'))('refuses $name with $status', async ({ permissions, status }) => {
    expect(await statusFor(fixture(), permissions, 'GET', '/org-codes/x')).toBe(status)
  })
})
