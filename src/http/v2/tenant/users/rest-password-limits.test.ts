import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Answer, createApiClient } from '../../../../../test/support/api-client.ts'
import { describeEachDatabase } from '../../../../../test/support/databases.ts'
import { expectSignsIn } from '../../../../../test/support/passwords.ts'
import { type SeededUser, seedApplication, seedUser } from '../../../../../test/support/seed-tenant.ts'
import { type StartAppOptions, startApp, type TestApp } from '../../../../../test/support/start-app.ts'
import { HOUR_MS, MINUTE_MS } from '../../../../core/clock.ts'
import type { ResetState } from '../../../../core/reset/reset-state.ts'

const MSG_9001 = '{"error_code":"MSG.9001","error_msg":"Too many password resets"}'
const HOUR_SECONDS = 3_600

describeEachDatabase('limits of resets', (kind) => {
  function useApp(options: StartAppOptions): () => TestApp {
    let started: TestApp | undefined
    beforeAll(async () => {
      started = await startApp(kind, options)
    })
    afterAll(() => started?.close())
    return () => {
      if (started === undefined) {
        throw new Error('not started')
      }
      return started
    }
  }

  /** By an application that nobody else of this file uses; its token is never older than a test. */
  async function addClient(app: TestApp) {
    return createApiClient(app.url, await seedApplication(app.database.store, app.tenant))
  }

  function expectTooMany(answer: Answer, detail: string, retryAfterSeconds: number): void {
    expect(answer.text).toBe(MSG_9001)
    expect(answer.status).toBe(429)
    expect(answer.headers.get('x-error-detail')).toBe(detail)
    const retryAfter = Number(answer.headers.get('retry-after'))
    expect(retryAfter).toBeLessThanOrEqual(retryAfterSeconds)
    expect(retryAfter).toBeGreaterThan(retryAfterSeconds - 60)
  }

  async function countMessages(app: TestApp, user: SeededUser): Promise<number> {
    return app.smtp.mails.filter((mail) => mail.to.includes(user.email ?? '')).length
  }

  async function setState(app: TestApp, user: SeededUser, state: ResetState): Promise<void> {
    const [reset] = await app.database.store.read.resets.list(user.tenantId, user.id, 1)
    await app.database.store.transaction((repositories) =>
      repositories.resets.change(
        user.tenantId,
        reset?.id ?? '',
        { states: [reset?.state ?? state] },
        { state },
      ),
    )
  }

  describe('of a user', () => {
    const app = useApp({ limits: { perUserPerHour: 2, perUserPerDay: 4 } })

    it('sends and changes nothing beyond the hour’s, and has room when the oldest of it is an hour old', async () => {
      const client = await addClient(app())
      const alice = await app().addUser()
      await client.resetPassword(alice.id, 'EMAIL')
      app().clock.advance(10 * MINUTE_MS)
      expect((await client.resetPassword(alice.id, 'EMAIL')).status).toBe(200)
      const password = await app().readMailedPassword()
      const [before] = await app().database.query('select * from users where id = $1', [alice.id])
      expectTooMany(await client.resetPassword(alice.id, 'EMAIL'), 'user_hour', 50 * 60)
      expectTooMany(await client.resetPassword(alice.id, 'SMS'), 'user_hour', 50 * 60)
      expect(await countMessages(app(), alice)).toBe(2)
      expect(await app().database.store.read.resets.list(alice.tenantId, alice.id, 9)).toHaveLength(2)
      expect((await app().database.query('select * from users where id = $1', [alice.id]))[0]).toEqual(before)
      expect((await client.signIn(alice.userName, password)).body.status).toBe('PASSWORD_EXPIRED')

      app().clock.advance(50 * MINUTE_MS)
      const renewed = await addClient(app())
      expect((await renewed.resetPassword(alice.id, 'EMAIL')).status).toBe(200)
    })

    it('counts each application by itself in the hour, and all of them in the day', async () => {
      const alice = await app().addUser()
      for (const client of [await addClient(app()), await addClient(app())]) {
        expect((await client.resetPassword(alice.id, 'EMAIL')).status).toBe(200)
        expect((await client.resetPassword(alice.id, 'EMAIL')).status).toBe(200)
        expect((await client.resetPassword(alice.id, 'EMAIL')).status).toBe(429)
      }
      const another = await addClient(app())
      expectTooMany(await another.resetPassword(alice.id, 'EMAIL'), 'user_day', 24 * HOUR_SECONDS)
      const bob = await app().addUser()
      expect((await another.resetPassword(bob.id, 'EMAIL')).status).toBe(200)
    })

    it.each(['unknown', 'accepted', 'used', 'completed', 'superseded', 'expired'] as const)(
      'counts a reset that is %s',
      async (state) => {
        const client = await addClient(app())
        const alice = await app().addUser()
        await client.resetPassword(alice.id, 'EMAIL')
        await setState(app(), alice, 'superseded') // only one of a user may be the password
        await client.resetPassword(alice.id, 'EMAIL')
        await setState(app(), alice, state)
        expectTooMany(await client.resetPassword(alice.id, 'EMAIL'), 'user_hour', HOUR_SECONDS)
      },
    )

    it('says what else is wrong first, in the contract’s order', async () => {
      const client = await addClient(app())
      const alice = await app().addUser({ mobile: undefined })
      await client.resetPassword(alice.id, 'EMAIL')
      await client.resetPassword(alice.id, 'EMAIL')
      expect((await client.resetPassword(alice.id, 'fax')).body.error_code).toBe('MSG.0004')
      expect((await client.resetPassword(alice.id, 'SMS')).body.error_code).toBe('USER.0011')
      expect((await client.resetPassword(alice.id, 'EMAIL')).body.error_code).toBe('MSG.9001')
    })

    it('lets an operator reset a user whom an application may not for now, within the day', async () => {
      const client = await addClient(app())
      const alice = await app().addUser()
      await client.resetPassword(alice.id, 'EMAIL')
      await client.resetPassword(alice.id, 'EMAIL')
      const call = {
        tenant: app().tenant,
        applicationId: undefined,
        requestId: 'r',
        userId: alice.id,
        sendMode: 'EMAIL',
      }
      await app().app.core.resetPassword(call)
      await app().app.core.resetPassword(call)
      await expect(app().app.core.resetPassword(call)).rejects.toMatchObject({
        code: 'MSG.9001',
        detail: 'user_day',
      })
    })

    it('records and counts a third unused reset of a day, once', async () => {
      const { store } = app().database
      const countStorms = async () => {
        const { text } = await app().client.call('GET', '/metrics')
        return Number(/^rekey_reset_storms_total (\d+)/m.exec(text)?.[1])
      }
      const before = await countStorms()
      const [alice, bob] = [await app().addUser(), await app().addUser()]
      const stormsOf = async (user: SeededUser) =>
        (await store.read.audit.list(user.tenantId, 1_000)).filter(
          ({ action, detail }) => action === 'reset.storm' && detail.userId === user.id,
        )
      const clients = [await addClient(app()), await addClient(app())] as const
      for (const client of [clients[0], clients[0], clients[1]]) {
        expect(await stormsOf(alice)).toEqual([])
        await client.resetPassword(alice.id, 'EMAIL')
      }
      await clients[1].resetPassword(alice.id, 'EMAIL')
      expect(await stormsOf(alice)).toMatchObject([{ targetKind: 'reset', actor: { kind: 'application' } }])

      await clients[0].resetPassword(bob.id, 'EMAIL')
      await clients[0].resetPassword(bob.id, 'EMAIL')
      await clients[0].signIn(bob.userName, await app().readMailedPassword())
      await clients[1].resetPassword(bob.id, 'EMAIL')
      expect(await stormsOf(bob)).toEqual([])
      expect(await countStorms()).toBe(before + 1)
    })
  })

  describe('of a user whose messages all fail', () => {
    const app = useApp({
      limits: { perUserPerHour: 1 },
      smtp: { refuseWith: { code: 451, text: 'try later' } },
    })

    it('gives the place back, thirty times an hour', async () => {
      const client = await addClient(app())
      const alice = await app().addUser()
      for (let time = 0; time < 30; time += 1) {
        expect((await client.resetPassword(alice.id, 'EMAIL')).body.error_code).toBe('MSG.0001')
      }
      expectTooMany(await client.resetPassword(alice.id, 'EMAIL'), 'user_failed_hour', HOUR_SECONDS)
      expect((await client.resetPassword(alice.id, 'SMS')).body.error_code).toBe('MSG.9001')
      await expectSignsIn(client, alice.userName, alice.password)
      app().clock.advance(HOUR_MS)
      const renewed = await addClient(app())
      expect((await renewed.resetPassword(alice.id, 'SMS')).status).toBe(200)
    })
  })

  describe('of many users', () => {
    const app = useApp({ limits: { perDestinationPerHour: 3, perApplicationPerHour: 6, smsPerDay: 4 } })

    async function addUsers(count: number, change: { readonly email?: string } = {}) {
      const users: SeededUser[] = []
      for (let index = 0; index < count; index += 1) {
        users.push(await seedUser(app().database.store, app().tenant))
      }
      // written past the unique index that users have: an address can move from one to another within the hour
      for (const user of users) {
        if (change.email !== undefined) {
          await app().database.query('update users set email = $1 where id = $2', [change.email, user.id])
        }
      }
      return users
    }

    it('lets at most as many reach one address, however many call at once', async () => {
      const client = await addClient(app())
      const users = await addUsers(6, { email: 'shared@acme.example' })
      const answers = await Promise.all(users.map((user) => client.resetPassword(user.id, 'EMAIL')))
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(3)
      for (const answer of answers.filter(({ status }) => status !== 200)) {
        expectTooMany(answer, 'destination_hour', HOUR_SECONDS)
      }
      expect(app().smtp.mails.filter(({ to }) => to.includes('shared@acme.example'))).toHaveLength(3)
    })

    it('lets an application reset at most as many, however many it calls for at once; others go on', async () => {
      const client = await addClient(app())
      const users = await addUsers(10)
      const answers = await Promise.all(users.map((user) => client.resetPassword(user.id, 'EMAIL')))
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(6)
      const refused = answers.filter(({ status }) => status !== 200)
      for (const answer of refused) {
        expectTooMany(answer, 'application_hour', HOUR_SECONDS)
      }
      const [user] = users
      expect((await (await addClient(app())).resetPassword(user?.id ?? '', 'EMAIL')).status).toBe(200)
    })

    it('lets a tenant send at most as many SMS a day, however many are asked for at once; mail goes on', async () => {
      const [users, clients] = [await addUsers(6), [await addClient(app()), await addClient(app())] as const]
      const answers = await Promise.all(
        users.map((user, index) => clients[index % 2 === 0 ? 0 : 1].resetPassword(user.id, 'SMS')),
      )
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(4)
      for (const answer of answers.filter(({ status }) => status !== 200)) {
        expectTooMany(answer, 'sms_day', 24 * HOUR_SECONDS)
      }
      expect((await clients[0].resetPassword(users[0]?.id ?? '', 'EMAIL')).status).toBe(200)
    })
  })
})
