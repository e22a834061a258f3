import { describe, expect, it } from 'vitest'
import { describeEachDatabase } from '../../../../../test/support/databases.ts'
import { usePasswordApp } from '../../../../../test/support/password-app.ts'
import {
  chosenPassword,
  expectMustChange,
  expectRefused,
  expectSignsIn,
} from '../../../../../test/support/passwords.ts'
import { seedApplication, seedTenant, seedUser } from '../../../../../test/support/seed-tenant.ts'
import { waitUntil } from '../../../../../test/support/wait-until.ts'

describeEachDatabase('PUT /api/v2/tenant/users/{user_id}/change-password', (kind) => {
  const app = usePasswordApp(kind)
  const set = (id: string, body: unknown) => app().put(`${id}/change-password`, body)
  const expectCode = async (id: string, body: unknown, code: string, status = 400) => {
    const answer = await set(id, body)
    expect([answer.status, answer.body.error_code]).toEqual([status, code])
    return answer
  }

  describe('200', () => {
    it('only the new password signs in, which must be changed; sessions have ended', async () => {
      const { addUser, client } = app()
      const user = await addUser()
      const session = await expectSignsIn(client, user.userName, user.password)
      const password = chosenPassword()
      const answer = await set(user.id, { password })
      expect([answer.status, answer.text]).toEqual([200, `{"user_id":"${user.id}"}`])
      await expectRefused(client, user.userName, user.password)
      await expectMustChange(client, user.userName, password)
      const used = await client.changePassword(String(session.body.id_token), user.password, chosenPassword())
      expect(used.body).toMatchObject({ error: 'invalid_token' })
    })

    it.each([false, 'false'])('it need not be changed with pwd_must_modify %j', async (mustModify) => {
      const { addUser, client } = app()
      const user = await addUser()
      const password = chosenPassword()
      await set(user.id, { password, pwd_must_modify: mustModify })
      await expectSignsIn(client, user.userName, password)
    })

    it.each([true, 'true', null])('it must be changed with pwd_must_modify %j', async (mustModify) => {
      const { addUser, client } = app()
      const user = await addUser()
      const password = chosenPassword()
      await set(user.id, { password, pwd_must_modify: mustModify })
      await expectMustChange(client, user.userName, password)
    })

    it('a delivered password that nobody used is void', async () => {
      const { addUser, client, deliver } = app()
      const user = await addUser()
      const delivered = await deliver(user)
      const password = chosenPassword()
      expect((await set(user.id, { password, pwd_must_modify: false })).status).toBe(200)
      await expectRefused(client, user.userName, delivered)
      await expectSignsIn(client, user.userName, password)
    })

    it('the user is told, and who did it is on record', async () => {
      const { addUser, database, tenant, application, smtp } = app()
      const user = await addUser()
      await set(user.id, { password: chosenPassword() })
      const rows = await database.store.read.audit.list(tenant.id, 10)
      expect(rows.find(({ action }) => action === 'password.changed')).toMatchObject({
        actor: { kind: 'application', id: application.id },
        targetId: user.id,
      })
      const address = user.email ?? ''
      await waitUntil(() => Promise.resolve(smtp.mails.some((mail) => mail.to.includes(address))))
    })

    it('a user without a password has one then', async () => {
      const { addUser, client } = app()
      const none = { salt: 'c2FsdHNhbHRzYWx0c2FsdA==', parameters: 'argon2id$m=64,t=1,p=1', version: 1 }
      const user = await addUser({ credential: { ...none, digest: undefined, resetId: undefined } })
      const password = chosenPassword()
      expect((await set(user.id, { password, pwd_must_modify: false })).status).toBe(200)
      await expectSignsIn(client, user.userName, password)
    })

    it('of many at once one password is left', async () => {
      const { addUser, client } = app()
      const user = await addUser()
      const passwords = Array.from({ length: 4 }, chosenPassword)
      const answers = await Promise.all(
        passwords.map((password) => set(user.id, { password, pwd_must_modify: false })),
      )
      for (const answer of answers) expect([200, 503]).toContain(answer.status)
      const signIns = await Promise.all(passwords.map((password) => client.signIn(user.userName, password)))
      expect(signIns.filter((answer) => answer.body.status === 'SUCCESS')).toHaveLength(1)
    })
  })

  describe('what tells that a password is right is on record', () => {
    const recordOf = async (id: string) => {
      const { database, tenant } = app()
      const rows = await database.store.read.audit.list(tenant.id, 20)
      return rows.filter(({ targetId }) => targetId === id).map(({ action, detail }) => ({ action, detail }))
    }
    const refused = {
      action: 'user.change_refused',
      detail: { operation: 'change-password', reason: 'password_used_before' },
    }

    it('PWD.9003 to the present password, and to an earlier one', async () => {
      const user = await app().addUser()
      await expectCode(user.id, { password: user.password }, 'PWD.9003')
      expect(await recordOf(user.id)).toEqual([refused])
      await set(user.id, { password: chosenPassword() })
      await expectCode(user.id, { password: user.password }, 'PWD.9003')
      expect((await recordOf(user.id)).filter(({ action }) => action === refused.action)).toHaveLength(2)
    })

    it('a wrong one is no guess without a trace either: it becomes the password', async () => {
      const user = await app().addUser()
      await set(user.id, { password: chosenPassword() })
      expect((await recordOf(user.id)).map(({ action }) => action)).toContain('password.changed')
    })

    it('what the policy refuses tells nothing, and leaves no row', async () => {
      const user = await app().addUser()
      await expectCode(user.id, { password: user.userName }, 'PWD.0003')
      expect(await recordOf(user.id)).toEqual([])
    })
  })

  it.each(['nobody', 'a%00b'])('USER.0001 answers the id %s', async (id) => {
    await expectCode(id, { password: chosenPassword() }, 'USER.0001')
  })

  it('USER.0001 answers a user of another tenant, whose password stays', async () => {
    const { database } = app()
    const other = await seedTenant(database.store)
    const user = await seedUser(database.store, other)
    await expectCode(user.id, { password: chosenPassword() }, 'USER.0001')
    const after = await database.store.read.users.findWithCredential(other.id, user.id)
    expect(after?.credential).toEqual(user.credential)
  })

  it('USER.9001 answers a disabled user', async () => {
    const user = await app().addUser({ disabled: true })
    await expectCode(user.id, { password: chosenPassword() }, 'USER.9001')
  })

  it('USER.9006 answers a protected person, on record, unless the application may', async () => {
    const { addUser, database, tenant, client, trusted, put } = app()
    const owner = await addUser({ administratorRole: 'owner' })
    await expectCode(owner.id, { password: chosenPassword() }, 'USER.9006', 403)
    const rows = await database.store.read.audit.list(tenant.id, 10)
    const refused = { action: 'user.change_refused', detail: { operation: 'change-password' } }
    expect(rows.find(({ targetId }) => targetId === owner.id)).toMatchObject(refused)
    await expectSignsIn(client, owner.userName, owner.password)
    const answer = await put(`${owner.id}/change-password`, { password: chosenPassword() }, await trusted())
    expect(answer.status).toBe(200)
  })

  it.each([
    [undefined, 'PWD.0001'],
    [{}, 'PWD.0001'],
    [{ password: '' }, 'PWD.0001'],
    [{ password: null }, 'PWD.0001'],
    [{ password: 'Sh0rt!' }, 'PWD.0002'],
    [{ password: 'alllowercaseletters' }, 'PWD.0005'],
    [{ password: 'Password1234' }, 'PWD.0006'],
  ])('answers %j by the policy: %s', async (body, code) => {
    const { addUser, client } = app()
    const user = await addUser()
    await expectCode(user.id, body, code)
    await expectSignsIn(client, user.userName, user.password)
  })

  it('PWD.0003 and PWD.0004 answer the user name, forwards and backwards', async () => {
    const user = await app().addUser({ userName: `Qx7#Vw-${Date.now()}` })
    await expectCode(user.id, { password: user.userName }, 'PWD.0003')
    await expectCode(user.id, { password: [...user.userName].toReversed().join('') }, 'PWD.0004')
  })

  it('PWD.9003 answers the present password and an earlier one, unless the policy remembers none', async () => {
    const { addUser, setPolicy } = app()
    const user = await addUser()
    await expectCode(user.id, { password: user.password }, 'PWD.9003')
    const password = chosenPassword()
    expect((await set(user.id, { password })).status).toBe(200)
    await expectCode(user.id, { password: user.password }, 'PWD.9003')
    await setPolicy({ history: 0 })
    expect((await set(user.id, { password })).status).toBe(200)
    expect((await set(user.id, { password: user.password })).status).toBe(200)
    await setPolicy({})
  })

  it('no minimum age holds', async () => {
    const { addUser, setPolicy } = app()
    await setPolicy({ minimumAgeHours: 24 })
    const user = await addUser({ passwordChangedAt: app().clock.now() })
    expect((await set(user.id, { password: chosenPassword() })).status).toBe(200)
    await setPolicy({})
  })

  it.each([{ password: 1 }, { password: chosenPassword(), pwd_must_modify: 'yes' }])(
    'REQUEST.9002 answers %j',
    async (body) => {
      await expectCode((await app().addUser()).id, body, 'REQUEST.9002')
    },
  )

  it('refuses who brings no token, and who may only read', async () => {
    const { client, database, tenant, put } = app()
    const path = '/api/v2/tenant/users/x/change-password'
    expect((await client.call('PUT', path)).status).toBe(401)
    const reader = await seedApplication(database.store, tenant, ['user_read', 'org_all'])
    expect((await put('x/change-password', {}, reader)).status).toBe(403)
  })
})
