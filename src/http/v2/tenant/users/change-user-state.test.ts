import { describe, expect, it } from 'vitest'
import { describeEachDatabase } from '../../../../../test/support/databases.ts'
import { useHttp } from '../../../../../test/support/http-fixture.ts'
import { seedTenant, seedUser } from '../../../../../test/support/seed-tenant.ts'

describeEachDatabase('PUT /api/v2/tenant/users/{user_id}/enable and /disable', (kind) => {
  const http = useHttp(kind)
  const change = (userId: string, word: string) =>
    http().callWith(['user_all'], 'PUT', `/api/v2/tenant/users/${userId}/${word}`)

  it('disables and enables a user, again and again', async () => {
    const { database, tenant } = http()
    const { id } = await seedUser(database.store, tenant)
    for (const word of ['disable', 'disable', 'enable', 'enable']) {
      const answer = await change(id, word)
      expect([answer.status, answer.text]).toEqual([200, `{"user_id":"${id}"}`])
      const user = await database.store.read.users.find(tenant.id, id)
      expect(user?.disabled).toBe(word === 'disable')
    }
  })

  describe.each(['enable', 'disable'])('%s', (word) => {
    it.each(['nobody', 'a%00b', 'a%2Fb'])('USER.0001 answers an id that nobody has: %s', async (id) => {
      const answer = await change(id, word)
      expect([answer.status, answer.body.error_code]).toEqual([400, 'USER.0001'])
    })

    it('USER.0001 answers the id of a user of another tenant, who stays as they are', async () => {
      const { database } = http()
      const other = await seedTenant(database.store)
      const stranger = await seedUser(database.store, other)
      expect((await change(stranger.id, word)).body.error_code).toBe('USER.0001')
      expect((await database.store.read.users.find(other.id, stranger.id))?.disabled).toBe(false)
    })

    it('insufficient_scope answers an application that may only read', async () => {
      const answer = await http().callWith(['user_read', 'read'], 'PUT', `/api/v2/tenant/users/x/${word}`)
      expect(answer.status).toBe(403)
      expect(answer.body.error_description).toBe('One of these permissions is needed: user_all, all')
    })

    it('invalid_token answers who brings no token', async () => {
      const url = `${http().server.url}/api/v2/tenant/users/x/${word}`
      expect((await fetch(url, { method: 'PUT' })).status).toBe(401)
    })
  })
})
