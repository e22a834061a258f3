import { expect, it } from 'vitest'
import { describeEachDatabase } from '../../../../../test/support/databases.ts'
import { usePasswordApp } from '../../../../../test/support/password-app.ts'
import { chosenPassword, expectMustChange, expectRefused } from '../../../../../test/support/passwords.ts'

describeEachDatabase('PUT /api/v2/tenant/users/{user_id} and a delivered password', (kind) => {
  const app = usePasswordApp(kind)

  it('a new address voids a password that was sent to the old one, and leaves no other', async () => {
    const { addUser, deliver, put, client, database, tenant } = app()
    const user = await addUser()
    const delivered = await deliver(user)
    expect((await put(user.id, { email: `new-${user.email}`, pwd_must_modify: false })).status).toBe(200)
    await expectRefused(client, user.userName, delivered)
    await expectRefused(client, user.userName, user.password)
    const after = await database.store.read.users.findWithCredential(tenant.id, user.id)
    expect(after?.credential).toMatchObject({ digest: undefined, version: user.credential.version + 2 })
  })

  it('a change of something else leaves it, and it must be changed whatever the call says', async () => {
    const { addUser, deliver, put, client } = app()
    const user = await addUser()
    const delivered = await deliver(user)
    const changes = { first_name: 'A', mobile: user.mobile, pwd_must_modify: 'false' }
    expect((await put(user.id, changes)).status).toBe(200)
    await expectMustChange(client, user.userName, delivered)
  })

  it('a created user gets the first password by a reset, or signs in with the given one and changes it', async () => {
    const { client, deliver, addUser } = app()
    const password = chosenPassword()
    const names = await addUser() // only for a name and an address that nobody else has
    const headers = {
      authorization: `Bearer ${await client.token()}`,
      'content-type': 'application/json; charset=utf-8',
    }
    const post = async (body: unknown) =>
      await client.call('POST', '/api/v2/tenant/users', { headers, body: JSON.stringify(body) })
    const given = await post({ user_name: `given-${names.userName}`, password })
    expect(given.status).toBe(201)
    await expectMustChange(client, `given-${names.userName}`, password)
    const email = `none-${names.email}`
    const none = await post({ user_name: `none-${names.userName}`, email })
    await expectRefused(client, `none-${names.userName}`, password)
    const delivered = await deliver({ ...names, id: String(none.body.user_id), email })
    await expectMustChange(client, `none-${names.userName}`, delivered)
  })
})
