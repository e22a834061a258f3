import { expect, it } from 'vitest'
import { describeEachDatabase } from '../../../../../test/support/databases.ts'
import { seedTenant, seedUser } from '../../../../../test/support/seed-tenant.ts'
import { userRefusals, userStatusFor, useUsers } from '../../../../../test/support/user-fixture.ts'

describeEachDatabase('POST /api/v2/tenant/users/user-by-email', (kind) => {
  const fixture = useUsers(kind)
  const find = (body: unknown) => fixture().call('POST', '/user-by-email', body)

  it('200: the record as by id, whatever the case of letters', async () => {
    const user = await fixture().seed()
    for (const email of [user.email, user.email?.toUpperCase()]) {
      const answer = await find({ email })
      expect([answer.status, answer.body]).toEqual([200, await fixture().get(user.id)])
    }
  })

  it.each(['nobody@acme.example', '', ' ', 'a\0b', '\ud800'])(
    'USER.0001 answers the address %j',
    async (email) => {
      const answer = await find({ email })
      expect([answer.status, answer.body.error_code]).toEqual([400, 'USER.0001'])
    },
  )

  it('USER.0001 answers the address of a user of another tenant', async () => {
    const { database } = fixture()
    const { email } = await seedUser(database.store, await seedTenant(database.store))
    expect((await find({ email })).body.error_code).toBe('USER.0001')
  })

  it.each([{}, { email: 1 }, { email: null }])('REQUEST.9002 answers %j', async (body) => {
    expect((await find(body)).body.error_code).toBe('REQUEST.9002')
  })

  it.each(userRefusals('read'))('refuses $name with $status', async ({ permissions, status }) => {
    expect(await userStatusFor(fixture(), permissions, 'POST', '/user-by-email')).toBe(status)
  })
})
