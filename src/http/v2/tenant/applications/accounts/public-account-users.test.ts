import { describe, expect, it } from 'vitest'
import { newName, nobodysIds, useApplications } from '../../../../../../test/support/application-fixture.ts'
import { describeEachDatabase } from '../../../../../../test/support/databases.ts'

describeEachDatabase('…/accounts/public-account/{account_id}/users', (kind) => {
  const fixture = useApplications(kind)

  async function aPublicAccount() {
    const { application, create } = fixture()
    const app = await application()
    const id = await create(`${app}/accounts/public-account`, { account_name: newName() })
    return { app, id, path: `${app}/accounts/public-account/${id}/users` }
  }
  const usersOf = async (path: string) => (await fixture().get(`${path}?offset=0&limit=100`)) as unknown

  describe('GET', () => {
    it('200 lists who uses it, a page at a time, in order of id', async () => {
      const { user, call, get } = fixture()
      const { path } = await aPublicAccount()
      const users = await Promise.all(Array.from({ length: 12 }, () => user()))
      const names = users.map(({ userName }) => userName)
      await call('POST', `${path}/bind`, { user_names: names })
      const pages = [await get(`${path}?offset=0&limit=10`), await get(`${path}?offset=1&limit=10`)]
      const listed = pages.flatMap((page) => page.associated_users as { id: string }[])
      expect(pages.map(({ total }) => total)).toEqual([12, 12])
      expect(listed.map(({ id }) => id)).toEqual(users.map(({ id }) => id).toSorted())
      const [first] = listed
      const whole = users.find(({ id }) => id === first?.id)
      expect(first).toEqual({ id: whole?.id, userName: whole?.userName, disabled: false })
    })

    it('OAP.PAGE.0002 and OAP.PAGE.0003 answer pages out of limits', async () => {
      const { outcome } = fixture()
      const { path } = await aPublicAccount()
      for (const query of ['offset=0&limit=9', 'offset=0&limit=101', 'offset=0']) {
        expect(await outcome('GET', `${path}?${query}`)).toBe('OAP.PAGE.0002')
      }
      for (const query of ['limit=10&offset=-1', 'limit=10']) {
        expect(await outcome('GET', `${path}?${query}`)).toBe('OAP.PAGE.0003')
      }
    })

    it('APP.0001 and APP.ACCOUNT.0038 answer what is no public account of the application', async () => {
      const { application, user, create, outcome } = fixture()
      const { app, id } = await aPublicAccount()
      const [other, { id: userId }] = [await application(), await user()]
      const basicId = await create(`${app}/accounts/basic-account`, { user_id: userId })
      const page = 'users?offset=0&limit=10'
      const path = `/applications/nobody/accounts/public-account/${id}/${page}`
      expect(await outcome('GET', path)).toBe('APP.0001')
      for (const each of [
        `${other}/accounts/public-account/${id}`,
        `${app}/accounts/public-account/${basicId}`,
      ]) {
        expect(await outcome('GET', `${each}/${page}`)).toBe('APP.ACCOUNT.0038')
      }
      for (const each of nobodysIds) {
        const nobodys = `${app}/accounts/public-account/${each}/${page}`
        expect(await outcome('GET', nobodys)).toBe('APP.ACCOUNT.0038')
      }
    })
  })

  describe('POST …/bind and …/unbind', () => {
    it('200 lets users use it and takes it from them; what is so already leaves no record', async () => {
      const { user, call, newestRow } = fixture()
      const { id, path } = await aPublicAccount()
      const [one, two] = [await user(), await user()]
      const both = { user_names: [one.userName.toUpperCase(), two.userName, one.userName] }
      for (const [verb, action] of [
        ['bind', 'account.users_added'],
        ['unbind', 'account.users_removed'],
      ]) {
        const answer = await call('POST', `${path}/${verb}`, both)
        expect([answer.status, answer.text]).toEqual([200, `{"account_id":"${id}"}`])
        expect(await usersOf(path)).toMatchObject({ total: verb === 'bind' ? 2 : 0 })
        const row = await newestRow()
        expect(row).toMatchObject({ action, targetId: id, detail: { userIds: [one.id, two.id] } })
        expect((await call('POST', `${path}/${verb}`, both)).status).toBe(200)
        expect(await newestRow()).toEqual(row)
      }
    })

    it('keeps each use that is asked for at the same time', async () => {
      const { user, call } = fixture()
      const { path } = await aPublicAccount()
      const users = await Promise.all(Array.from({ length: 6 }, () => user()))
      const answers = await Promise.all(
        users.map(({ userName }, index) =>
          call('POST', `${path}/bind`, { user_names: [userName, users[(index + 1) % 6]?.userName] }),
        ),
      )
      expect(answers.map(({ status }) => status)).toEqual(Array(6).fill(200))
      expect(await usersOf(path)).toMatchObject({ total: 6 })
    })

    it.each(['bind', 'unbind'])(
      'USER.0001 answers %s of a name that nobody has: nothing is changed',
      async (verb) => {
        const { user, call, outcome } = fixture()
        const { path } = await aPublicAccount()
        const [one, two] = [await user(), await user()]
        await call('POST', `${path}/bind`, { user_names: [one.userName] })
        for (const name of ['nobody', 'a\0b']) {
          const body = { user_names: [one.userName, two.userName, name] }
          expect(await outcome('POST', `${path}/${verb}`, body)).toBe('USER.0001')
        }
        expect(await usersOf(path)).toMatchObject({ total: 1 })
      },
    )

    it.each(['bind', 'unbind'])('APP.0001 and APP.ACCOUNT.0038 answer %s at what is none', async (verb) => {
      const { application, user, create, outcome } = fixture()
      const [app, someone] = [await application(), await user()]
      const basicId = await create(`${app}/accounts/basic-account`, { user_id: someone.id })
      const body = { user_names: [someone.userName] }
      const at = (path: string) => outcome('POST', `${path}/users/${verb}`, body)
      expect(await at('/applications/nobody/accounts/public-account/x')).toBe('APP.0001')
      for (const id of [basicId, ...nobodysIds]) {
        expect(await at(`${app}/accounts/public-account/${id}`)).toBe('APP.ACCOUNT.0038')
      }
    })

    it.each(['bind', 'unbind'])('REQUEST.9002 answers %s of no list, or of too long a one', async (verb) => {
      const { path } = await aPublicAccount()
      const many = Array.from({ length: 51 }, (_, index) => `n${index}`)
      for (const body of [{}, { user_names: [] }, { user_names: 'a' }, { user_names: many }]) {
        expect(await fixture().outcome('POST', `${path}/${verb}`, body)).toBe('REQUEST.9002')
      }
    })
  })
})
