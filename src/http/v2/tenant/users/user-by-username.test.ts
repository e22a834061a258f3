import { expect, it } from 'vitest'
import { describeEachDatabase } from '../../../../../test/support/databases.ts'
import { useHttp } from '../../../../../test/support/http-fixture.ts'
import { seedTenant, seedUser } from '../../../../../test/support/seed-tenant.ts'

const PATH = '/api/v2/tenant/users/user-by-username'

describeEachDatabase('POST /api/v2/tenant/users/user-by-username', (kind) => {
  const http = useHttp(kind)
  const find = (userName: unknown) =>
    http().callWith(['user_read'], 'POST', PATH, JSON.stringify({ user_name: userName }))

  it('finds a user by name, whatever its case and Unicode form', async () => {
    const { database, tenant } = http()
    const user = await seedUser(database.store, tenant, { userName: `Zo\u00eb-${kind}` })
    for (const typed of [`Zo\u00eb-${kind}`, `zoe\u0308-${kind}`, `ZO\u00cb-${kind}`]) {
      const answer = await find(typed)
      expect([answer.status, answer.body.user_id]).toEqual([200, user.id])
      expect(answer.body.user_name).toBe(`Zo\u00eb-${kind}`)
    }
  })

  it.each(['', 'nobody', 'a\0b', '\ud800', "' OR '1'='1", '%'])(
    'USER.0001 answers a name that nobody has: %j',
    async (name) => {
      const answer = await find(name)
      expect([answer.status, answer.body.error_code]).toEqual([400, 'USER.0001'])
    },
  )

  it("USER.0001 answers another tenant's user name", async () => {
    const { database } = http()
    const stranger = await seedUser(database.store, await seedTenant(database.store))
    expect((await find(stranger.userName)).body.error_code).toBe('USER.0001')
  })

  it.each([1, null, ['alice'], { $ne: '' }, true])(
    'REQUEST.9002 answers a name that is no text: %j',
    async (name) => {
      const answer = await find(name)
      expect([answer.status, answer.body.error_code]).toEqual([400, 'REQUEST.9002'])
    },
  )

  it('insufficient_scope answers an application that may not read users', async () => {
    expect((await http().callWith(['account_all'], 'POST', PATH, '{"user_name":"x"}')).status).toBe(403)
  })

  it('invalid_token answers who brings no token', async () => {
    expect((await fetch(`${http().server.url}${PATH}`, { method: 'POST' })).status).toBe(401)
  })
})
