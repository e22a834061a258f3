import { expect, it } from 'vitest'
import { describeEachDatabase } from '../../../../../test/support/databases.ts'
import { aSession } from '../../../../../test/support/sample-rows.ts'
import { seedTenant, seedUser } from '../../../../../test/support/seed-tenant.ts'
import { userRefusals, userStatusFor, useUsers } from '../../../../../test/support/user-fixture.ts'

describeEachDatabase('DELETE /api/v2/tenant/users/{user_id}', (kind) => {
  const fixture = useUsers(kind)
  const remove = (id: string) => fixture().call('DELETE', `/${id}`)

  it('204: the user is gone with sessions, and counts no longer; the name is free', async () => {
    const { seed, call, create, database, tenant } = fixture()
    const user = await seed()
    await database.store.transaction(({ sessions }) => sessions.insert(aSession(user)))
    const total = async () => (await call('GET', '?offset=0&limit=10')).body.total
    const before = Number(await total())
    const answer = await remove(user.id)
    expect([answer.status, answer.text]).toEqual([204, ''])
    expect((await call('GET', `/${user.id}`)).body.error_code).toBe('USER.0001')
    expect(await total()).toBe(before - 1)
    const [row] = await database.store.read.audit.list(tenant.id, 1)
    expect(row).toMatchObject({
      action: 'user.removed',
      actor: { kind: 'application' },
      targetId: user.id,
      detail: { endedSessions: 1 },
    })
    await create({ user_name: user.userName, email: user.email, mobile: user.mobile })
  })

  it('of many calls at once one removes', async () => {
    const { seed, call } = fixture()
    const user = await seed()
    const before = Number((await call('GET', '?offset=0&limit=10')).body.total)
    const answers = await Promise.all(Array.from({ length: 6 }, () => remove(user.id)))
    const outcomes = answers.map((answer) => answer.body.error_code ?? answer.status)
    expect(outcomes.toSorted()).toEqual([204, ...Array(5).fill('USER.0001')])
    expect((await call('GET', '?offset=0&limit=10')).body.total).toBe(before - 1)
  })

  it.each(['nobody', 'a%00b', 'a%2Fb'])('USER.0001 answers the id %s', async (id) => {
    const answer = await remove(id)
    expect([answer.status, answer.body.error_code]).toEqual([400, 'USER.0001'])
  })

  it('USER.0001 answers a user of another tenant, who stays', async () => {
    const { database } = fixture()
    const other = await seedTenant(database.store)
    const user = await seedUser(database.store, other)
    expect((await remove(user.id)).body.error_code).toBe('USER.0001')
    expect(await database.store.read.users.find(other.id, user.id)).toBeDefined()
  })

  it('USER.9006 answers a person with an administrative role, who stays; the attempt is on record', async () => {
    const { seed, database, tenant } = fixture()
    const owner = await seed({ administratorRole: 'owner' })
    const answer = await remove(owner.id)
    expect([answer.status, answer.body.error_code]).toEqual([403, 'USER.9006'])
    const [row] = await database.store.read.audit.list(tenant.id, 1)
    expect(row).toMatchObject({ action: 'user.change_refused', detail: { operation: 'delete' } })
    expect(await database.store.read.users.find(tenant.id, owner.id)).toBeDefined()
  })

  it.each(userRefusals('write'))('refuses $name with $status', async ({ permissions, status }) => {
    expect(await userStatusFor(fixture(), permissions, 'DELETE', '/x')).toBe(status)
  })
})
