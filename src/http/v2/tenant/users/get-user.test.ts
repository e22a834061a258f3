import { describe, expect, it } from 'vitest'
import { describeEachDatabase } from '../../../../../test/support/databases.ts'
import { useHttp } from '../../../../../test/support/http-fixture.ts'
import { seedTenant, seedUser } from '../../../../../test/support/seed-tenant.ts'

const UNKNOWN = '{"error_code":"USER.0001","error_msg":"User does not exist"}'

describeEachDatabase('GET /api/v2/tenant/users/{user_id}', (kind) => {
  const http = useHttp(kind, { timeZone: 'Asia/Shanghai' })

  it('answers the record of the user, with times in the zone of the tenant', async () => {
    const { database, tenant, callWith } = http()
    const createdAt = Date.parse('2026-01-01T16:00:00.007Z')
    const user = await seedUser(database.store, tenant, { createdAt, profile: { attr_city: 'Suzhou' } })
    const answer = await callWith(['user_read'], 'GET', `/api/v2/tenant/users/${user.id}`)
    expect(answer.status).toBe(200)
    expect(answer.body).toMatchObject({
      user_id: user.id,
      user_name: user.userName,
      email: user.email,
      mobile: user.mobile,
      attr_city: 'Suzhou',
      created_at: '2026-01-02 00:00:00.007',
      disabled: false,
      locked: false,
      pwd_must_modify: false,
      grade: 1,
    })
    expect(answer.text).not.toMatch(/digest|salt|credential/)
    expect(answer.headers.get('cache-control')).toBe('no-store')
  })

  it.each(['user_all', 'user_read', 'all', 'read'] as const)('is open to %s', async (permission) => {
    const { database, tenant, callWith } = http()
    const user = await seedUser(database.store, tenant)
    const answer = await callWith([permission], 'GET', `/api/v2/tenant/users/${user.id}`)
    expect(answer.status).toBe(200)
  })

  describe('USER.0001', () => {
    it.each(['nobody', 'a%00b', '%E7%94%A8', 'a%2F..%2Fb', 'x'.repeat(10_000)])(
      'answers an id that nobody has: %s',
      async (id) => {
        const answer = await http().callWith(['user_read'], 'GET', `/api/v2/tenant/users/${id}`)
        expect([answer.status, answer.text]).toEqual([400, UNKNOWN])
      },
    )

    it('answers the id of a user of another tenant', async () => {
      const { database, callWith } = http()
      const stranger = await seedUser(database.store, await seedTenant(database.store))
      const answer = await callWith(['user_read'], 'GET', `/api/v2/tenant/users/${stranger.id}`)
      expect([answer.status, answer.text]).toEqual([400, UNKNOWN])
    })
  })

  it('insufficient_scope answers an application without the permission, before it looks for the user', async () => {
    const answer = await http().callWith(['org_all'], 'GET', '/api/v2/tenant/users/nobody')
    expect(answer.status).toBe(403)
    expect(answer.headers.get('www-authenticate')).toBe('Bearer')
    expect(answer.text).toBe(
      '{"error":"insufficient_scope","error_description":"One of these permissions is needed: user_all, user_read, all, read"}',
    )
  })

  it('invalid_token answers who brings no token', async () => {
    const response = await fetch(`${http().server.url}/api/v2/tenant/users/nobody`)
    expect(response.status).toBe(401)
    expect(await response.json()).toMatchObject({ error: 'invalid_token' })
  })
})
