import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Answer, createApiClient } from '../../../../../test/support/api-client.ts'
import { describeEachDatabase } from '../../../../../test/support/databases.ts'
import { expectSignsIn } from '../../../../../test/support/passwords.ts'
import { type SeededUser, seedApplication } from '../../../../../test/support/seed-tenant.ts'
import { startApp, type TestApp } from '../../../../../test/support/start-app.ts'
import { HOUR_MS } from '../../../../core/clock.ts'
import type { ResetChanges } from '../../../../store/store.ts'

const MSG_9003 = '{"error_code":"MSG.9003","error_msg":"The Idempotency-Key was used for another call"}'

describeEachDatabase('Idempotency-Key', (kind) => {
  let app: TestApp
  beforeAll(async () => {
    app = await startApp(kind, { limits: { perUserPerHour: 2 } })
  })
  afterAll(() => app.close())

  const withKey = (key: string) => ({ 'idempotency-key': key })
  const countMails = (user: SeededUser) =>
    app.smtp.mails.filter(({ to }) => to.includes(user.email ?? '')).length
  const newClient = async () =>
    createApiClient(app.url, await seedApplication(app.database.store, app.tenant))

  function expectReplay(answer: Answer, first: Answer): void {
    expect(answer.text).toBe(first.text)
    expect(answer.status).toBe(first.status)
    for (const name of ['x-reset-id', 'x-error-detail']) {
      expect(answer.headers.get(name)).toBe(first.headers.get(name))
    }
    expect(first.headers.get('idempotent-replayed')).toBeNull()
    expect(answer.headers.get('idempotent-replayed')).toBe('true')
  }

  async function change(user: SeededUser, changes: ResetChanges): Promise<void> {
    const [reset] = await app.database.store.read.resets.list(user.tenantId, user.id, 1)
    const { id = '', state = 'accepted' } = reset ?? {}
    await app.database.store.transaction((repositories) =>
      repositories.resets.change(user.tenantId, id, { states: [state] }, changes),
    )
  }

  it('answers a repeat like the first call, sends nothing, and counts nothing', async () => {
    const client = await newClient()
    const alice = await app.addUser()
    const key = randomUUID()
    const first = await client.resetPassword(alice.id, 'EMAIL', withKey(key))
    expect(first.status).toBe(200)
    for (let time = 0; time < 3; time += 1) {
      expectReplay(await client.resetPassword(alice.id, 'EMAIL', withKey(key)), first)
    }
    expect(countMails(alice)).toBe(1)
    const other = await client.resetPassword(alice.id, 'EMAIL', withKey(randomUUID()))
    expect(other.status).toBe(200)
    expect(other.headers.get('idempotent-replayed')).toBeNull()
    // superseded by now, and beyond the limit: what was answered stays answered
    expectReplay(await client.resetPassword(alice.id, 'EMAIL', withKey(key)), first)
    expect((await client.resetPassword(alice.id, 'EMAIL', withKey(randomUUID()))).status).toBe(429)
  })

  it('makes of many calls at once with one key one message and equal answers', async () => {
    const client = await newClient()
    const alice = await app.addUser()
    const key = randomUUID()
    await client.token()
    const answers = await Promise.all(
      Array.from({ length: 8 }, async () => client.resetPassword(alice.id, 'EMAIL', withKey(key))),
    )
    expect(new Set(answers.map(({ headers }) => headers.get('x-reset-id'))).size).toBe(1)
    expect(answers.map(({ text }) => text)).toEqual(answers.map(() => `{"user_id":"${alice.id}"}`))
    expect(answers.filter(({ headers }) => headers.get('idempotent-replayed') === null)).toHaveLength(1)
    expect(countMails(alice)).toBe(1)
  })

  it('remembers a key of a call that shared another’s reset', async () => {
    const client = await newClient()
    const alice = await app.addUser()
    const keys = Array.from({ length: 4 }, () => randomUUID())
    await client.token()
    const answers = await Promise.all(
      keys.map(async (key) => client.resetPassword(alice.id, 'EMAIL', withKey(key))),
    )
    const mails = countMails(alice)
    for (const [index, key] of keys.entries()) {
      const first = answers[index]
      expect(first?.status).toBe(200)
      const repeat = await client.resetPassword(alice.id, 'EMAIL', withKey(key))
      expect(repeat.headers.get('x-reset-id')).toBe(first?.headers.get('x-reset-id'))
      expect(repeat.headers.get('idempotent-replayed')).toBe('true')
    }
    expect(countMails(alice)).toBe(mails)
  })

  it('refuses the key for another user or mode, one after another and at once', async () => {
    const client = await newClient()
    const [alice, bob] = [await app.addUser(), await app.addUser()]
    const key = randomUUID()
    await client.resetPassword(alice.id, 'EMAIL', withKey(key))
    for (const answer of [
      await client.resetPassword(bob.id, 'EMAIL', withKey(key)),
      await client.resetPassword(alice.id, 'SMS', withKey(key)),
    ]) {
      expect(answer.text).toBe(MSG_9003)
      expect(answer.status).toBe(409)
    }
    await expectSignsIn(client, bob.userName, bob.password)

    const users = [await app.addUser(), await app.addUser(), await app.addUser()]
    const contested = randomUUID()
    const answers = await Promise.all(
      users.map(async (user) => client.resetPassword(user.id, 'EMAIL', withKey(contested))),
    )
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409, 409])
    expect(users.reduce((sum, user) => sum + countMails(user), 0)).toBe(1)
  })

  it('belongs to one application', async () => {
    const alice = await app.addUser()
    const key = randomUUID()
    for (const client of [await newClient(), await newClient()]) {
      const answer = await client.resetPassword(alice.id, 'EMAIL', withKey(key))
      expect(answer.status).toBe(200)
      expect(answer.headers.get('idempotent-replayed')).toBeNull()
    }
    expect(countMails(alice)).toBe(2)
  })

  it('is free again when the reset failed, and was never taken by what ended earlier', async () => {
    const client = await newClient()
    const alice = await app.addUser()
    const key = randomUUID()
    app.sms.answer = { status: 500 }
    const failed = await client.resetPassword(alice.id, 'SMS', withKey(key))
    expect(failed.body.error_code).toBe('MSG.0001')
    app.sms.answer = { status: 200 }
    const retried = await client.resetPassword(alice.id, 'SMS', withKey(key))
    expect(retried.status).toBe(200)
    expect(retried.headers.get('idempotent-replayed')).toBeNull()
    expectReplay(await client.resetPassword(alice.id, 'SMS', withKey(key)), retried)

    const early = randomUUID()
    expect((await client.resetPassword('nobody', 'EMAIL', withKey(early))).body.error_code).toBe('USER.0001')
    expect((await client.resetPassword(alice.id, 'fax', withKey(early))).body.error_code).toBe('MSG.0004')
    expect((await client.resetPassword(alice.id, 'EMAIL', withKey(early))).status).toBe(200)
  })

  it('repeats that nobody knows whether it arrived, whatever took over since', async () => {
    const client = await newClient()
    const alice = await app.addUser()
    const key = randomUUID()
    await client.resetPassword(alice.id, 'EMAIL', withKey(key))
    for (const state of ['unknown', 'superseded', 'expired'] as const) {
      await change(alice, { state, acceptedAt: undefined, promotedAt: undefined })
      const answer = await client.resetPassword(alice.id, 'EMAIL', withKey(key))
      expect(answer.body.error_code).toBe('MSG.0001')
      expect(answer.headers.get('x-error-detail')).toBe('delivery_unknown')
      expect(answer.headers.get('idempotent-replayed')).toBe('true')
    }
  })

  it('asks who calls before it repeats anything', async () => {
    const client = await newClient()
    const alice = await app.addUser()
    const key = randomUUID()
    await client.resetPassword(alice.id, 'EMAIL', withKey(key))
    const path = `/api/v2/tenant/users/${alice.id}/rest-password?send_mode=EMAIL`
    const answer = await client.call('PUT', path, { headers: withKey(key) })
    expect(answer.status).toBe(401)
    expect(answer.headers.get('idempotent-replayed')).toBeNull()
  })

  it('takes keys of 1 to 255 characters', async () => {
    const client = await newClient()
    const alice = await app.addUser()
    for (const key of ['', ' ', 'k'.repeat(256)]) {
      const answer = await client.resetPassword(alice.id, 'EMAIL', withKey(key))
      expect(answer.body.error_code).toBe('REQUEST.9001')
      expect(answer.headers.get('x-error-detail')).toBe('header')
    }
    expect((await client.resetPassword(alice.id, 'EMAIL', withKey('k'.repeat(255)))).status).toBe(200)
    expect(countMails(alice)).toBe(1)
  })

  it('keeps a hash of it, for 24 hours', async () => {
    const seeded = await seedApplication(app.database.store, app.tenant)
    const alice = await app.addUser()
    const key = `key-${randomUUID()}`
    const first = await createApiClient(app.url, seeded).resetPassword(alice.id, 'EMAIL', withKey(key))
    const rows = await app.database.query('select * from idempotency_keys where application_id = $1', [
      seeded.id,
    ])
    expect(rows).toHaveLength(1)
    expect(JSON.stringify(rows)).not.toContain(key)
    app.clock.advance(23 * HOUR_MS)
    expectReplay(await createApiClient(app.url, seeded).resetPassword(alice.id, 'EMAIL', withKey(key)), first)
    app.clock.advance(HOUR_MS)
    const later = await createApiClient(app.url, seeded).resetPassword(alice.id, 'EMAIL', withKey(key))
    expect(later.status).toBe(200)
    expect(later.headers.get('idempotent-replayed')).toBeNull()
    expect(countMails(alice)).toBe(2)
  })
})
