import { describe, expect, it } from 'vitest'
import { describeEachDatabase } from '../../../../../test/support/databases.ts'
import { usePasswordApp } from '../../../../../test/support/password-app.ts'
import { chosenPassword, expectRefused, expectSignsIn } from '../../../../../test/support/passwords.ts'
import { seedApplication } from '../../../../../test/support/seed-tenant.ts'
import { HOUR_MS } from '../../../../core/clock.ts'

describeEachDatabase('PUT /api/v2/tenant/users/{user_id}/change-password-verify', (kind) => {
  const app = usePasswordApp(kind)
  const change = (id: string, oldPassword: unknown, password: unknown) =>
    app().put(`${id}/change-password-verify`, { password, old_password: oldPassword })
  const expectCode = async (
    [id, oldPassword, password]: readonly [string, unknown, unknown],
    code: string,
    status = 400,
  ) => {
    const answer = await change(id, oldPassword, password)
    expect([answer.status, answer.body.error_code]).toEqual([status, code])
    return answer
  }

  describe('200', () => {
    it('only the new password signs in, at once; sessions have ended, and the user is on record', async () => {
      const { addUser, client, database, tenant } = app()
      const user = await addUser()
      const session = await expectSignsIn(client, user.userName, user.password)
      const password = chosenPassword()
      const answer = await change(user.id, user.password, password)
      expect([answer.status, answer.text]).toEqual([200, `{"user_id":"${user.id}"}`])
      const rows = await database.store.read.audit.list(tenant.id, 10)
      const changed = { actor: { kind: 'user', id: user.id }, targetId: user.id }
      expect(rows.find(({ action }) => action === 'password.changed')).toMatchObject(changed)
      await expectRefused(client, user.userName, user.password)
      await expectSignsIn(client, user.userName, password)
      const used = await client.changePassword(String(session.body.id_token), password, chosenPassword())
      expect(used.body).toMatchObject({ error: 'invalid_token' })
    })

    it('takes a delivered password as the old one, whose reset is completed', async () => {
      const { addUser, client, deliver, database, tenant } = app()
      const user = await addUser()
      const delivered = await deliver(user)
      const password = chosenPassword()
      expect((await change(user.id, delivered, password)).status).toBe(200)
      const [reset] = await database.store.read.resets.list(tenant.id, user.id, 1)
      expect(reset).toMatchObject({ state: 'completed' })
      await expectSignsIn(client, user.userName, password)
    })

    it('takes a delivered password that is kept beside the old one until it is used', async () => {
      const { addUser, client, deliver, database, tenant, clock } = app()
      const reset = { ...tenant.settings.reset, oldPassword: 'keep-until-used' as const }
      await database.store.transaction(({ tenants }) =>
        tenants.update({ ...tenant, settings: { ...tenant.settings, reset } }),
      )
      clock.advance(6_000)
      const user = await addUser()
      const delivered = await deliver(user, 'keep-until-used')
      await expectSignsIn(client, user.userName, user.password)
      const password = chosenPassword()
      expect((await change(user.id, delivered, password)).status).toBe(200)
      await expectRefused(client, user.userName, user.password)
      await expectSignsIn(client, user.userName, password)
      await app().setPolicy({})
    })

    it('of many at once one changes it', async () => {
      const { addUser, client } = app()
      const user = await addUser()
      const passwords = Array.from({ length: 4 }, chosenPassword)
      const answers = await Promise.all(passwords.map((password) => change(user.id, user.password, password)))
      expect(answers.filter((answer) => answer.status === 200)).toHaveLength(1)
      const signIns = await Promise.all(passwords.map((password) => client.signIn(user.userName, password)))
      expect(signIns.filter((answer) => answer.body.status === 'SUCCESS')).toHaveLength(1)
    })
  })

  it('PWD.9001 answers a wrong old password and counts down; USER.9009 answers the lock', async () => {
    const { addUser, setPolicy, client } = app()
    await setPolicy({}, { attemptsMax: 3, lockMinutes: 15 })
    const user = await addUser()
    const wrong = [user.id, 'not the old one', chosenPassword()] as const
    expect((await expectCode(wrong, 'PWD.9001')).body.error_msg).toMatch(/:2$/)
    expect((await expectCode(wrong, 'PWD.9001')).body.error_msg).toMatch(/:1$/)
    const locked = await expectCode(wrong, 'USER.9009')
    expect(Number(locked.headers.get('retry-after'))).toBeGreaterThan(0)
    await expectCode([user.id, user.password, chosenPassword()], 'USER.9009')
    expect((await client.signIn(user.userName, user.password)).body.error_code).toBe('SDK.LOGIN.1003')
    await setPolicy({})
  })

  it('PWD.9001 answers a superseded delivered password, and does not count it', async () => {
    const { addUser, deliver } = app()
    const user = await addUser()
    const first = await deliver(user)
    await deliver(user)
    const answers = [
      await expectCode([user.id, first, chosenPassword()], 'PWD.9001'),
      await expectCode([user.id, first, chosenPassword()], 'PWD.9001'),
    ]
    expect(new Set(answers.map((answer) => answer.body.error_msg)).size).toBe(1)
  })

  it('PWD.9001 answers a user without a password', async () => {
    const none = { salt: 'c2FsdHNhbHRzYWx0c2FsdA==', parameters: 'argon2id$m=64,t=1,p=1', version: 1 }
    const user = await app().addUser({ credential: { ...none, digest: undefined, resetId: undefined } })
    await expectCode([user.id, 'x', chosenPassword()], 'PWD.9001')
  })

  it.each([
    ['', 'PWD.0001'],
    [null, 'PWD.0001'],
    [undefined, 'PWD.0001'],
    ['Sh0rt!', 'PWD.0002'],
    ['alllowercaseletters', 'PWD.0005'],
    ['Password1234', 'PWD.0006'],
  ])('answers the new password %j by the policy: %s', async (password, code) => {
    const { addUser, client } = app()
    const user = await addUser()
    await expectCode([user.id, user.password, password], code)
    await expectSignsIn(client, user.userName, user.password)
  })

  it('PWD.0001 answers an old password that is absent or empty', async () => {
    const user = await app().addUser()
    for (const old of [undefined, null, '']) {
      await expectCode([user.id, old, chosenPassword()], 'PWD.0001')
    }
  })

  it('PWD.0003 and PWD.0004 answer the user name, forwards and backwards', async () => {
    const user = await app().addUser({ userName: `Qx8#Vw-${Date.now()}` })
    await expectCode([user.id, user.password, user.userName], 'PWD.0003')
    await expectCode([user.id, user.password, [...user.userName].toReversed().join('')], 'PWD.0004')
  })

  it('PWD.9002 answers the old password as the new one, PWD.9003 an earlier one', async () => {
    const user = await app().addUser()
    await expectCode([user.id, user.password, user.password], 'PWD.9002')
    const password = chosenPassword()
    expect((await change(user.id, user.password, password)).status).toBe(200)
    await expectCode([user.id, password, user.password], 'PWD.9003')
  })

  it('PWD.9004 answers a change before the minimum age, and is over afterwards', async () => {
    const { addUser, setPolicy, clock } = app()
    await setPolicy({ minimumAgeHours: 2 })
    const user = await addUser()
    const password = chosenPassword()
    expect((await change(user.id, user.password, password)).status).toBe(200)
    const answer = await expectCode([user.id, password, chosenPassword()], 'PWD.9004')
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(7_000)
    clock.advance(2 * HOUR_MS)
    expect((await change(user.id, password, chosenPassword())).status).toBe(200)
    await setPolicy({})
  })

  it.each(['nobody', 'a%00b'])('USER.0001 answers the id %s', async (id) => {
    await expectCode([id, 'x', chosenPassword()], 'USER.0001')
  })

  it('USER.9001 answers a disabled user', async () => {
    const user = await app().addUser({ disabled: true })
    await expectCode([user.id, user.password, chosenPassword()], 'USER.9001')
  })

  it('USER.9006 answers a protected person, on record', async () => {
    const { addUser, database, tenant } = app()
    const owner = await addUser({ administratorRole: 'owner' })
    await expectCode([owner.id, owner.password, chosenPassword()], 'USER.9006', 403)
    const rows = await database.store.read.audit.list(tenant.id, 10)
    const refused = { detail: { operation: 'change-password-verify' } }
    expect(rows.find(({ targetId }) => targetId === owner.id)).toMatchObject(refused)
  })

  it('REQUEST.9002 answers a password that is no text', async () => {
    const user = await app().addUser()
    await expectCode([user.id, 1, chosenPassword()], 'REQUEST.9002')
    await expectCode([user.id, user.password, {}], 'REQUEST.9002')
  })

  it('refuses who brings no token, and who may only read', async () => {
    const { client, database, tenant, put } = app()
    const path = '/api/v2/tenant/users/x/change-password-verify'
    expect((await client.call('PUT', path)).status).toBe(401)
    const reader = await seedApplication(database.store, tenant, ['user_read', 'org_all'])
    expect((await put('x/change-password-verify', {}, reader)).status).toBe(403)
  })
})
