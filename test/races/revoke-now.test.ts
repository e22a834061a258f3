import { afterAll, beforeAll, expect, it } from 'vitest'
import type { OldPasswordMode } from '../../src/core/tenants/tenant.ts'
import { type Answer, type ApiClient, createApiClient } from '../support/api-client.ts'
import { describeEachDatabase } from '../support/databases.ts'
import { chosenPassword, expectMustChange, expectRefused, expectSignsIn } from '../support/passwords.ts'
import { type SeededUser, seedApplication } from '../support/seed-tenant.ts'
import { waitUntil } from '../support/wait-until.ts'
import { comeBack, listResets, type RaceApp, readDelivered, startRaceApp, verdicts } from './race-app.ts'

const MSG_0001 = '{"error_code":"MSG.0001","error_msg":"Message sending failed"}'

describeEachDatabase('revoke-now', (kind) => {
  let app: RaceApp
  /** Of another application. */
  let other: ApiClient
  beforeAll(async () => {
    app = await startRaceApp(kind)
    other = createApiClient(app.url, await seedApplication(app.database.store, app.tenant))
    await Promise.all([app.client.token(), other.token()])
  })
  afterAll(() => app.close())

  const revoke = (client: ApiClient, user: SeededUser, sendMode = 'SMS') =>
    client.resetPassword(user.id, sendMode, {}, 'revoke-now')

  function expectSuperseded(answer: Answer): void {
    expect(answer.text).toBe(MSG_0001)
    expect(answer.status).toBe(400)
    expect(answer.headers.get('x-error-detail')).toBe('superseded')
  }

  /** The SMS gateway takes what comes at once; what the mail gateway holds already stays held. */
  function holdMailOnly(): void {
    app.sms.beforeAnswer = async () => undefined
  }

  it.each(verdicts)(
    'takes over from a reset in flight without waiting for it, although its gateway then %s',
    async (verdict) => {
      const alice = await app.addUser()
      const session = await expectSignsIn(app.client, alice.userName, alice.password)
      holdMailOnly()
      const held = await app.startHeldReset(alice)
      // answered while the other still hangs: nothing was waited for
      expect((await revoke(app.client, alice)).text).toBe(`{"user_id":"${alice.id}"}`)
      await expectRefused(app.client, alice.userName, held.password)
      await expectRefused(app.client, alice.userName, alice.password)
      app.decide(verdict)
      expectSuperseded(await held.answer)

      const resets = await listResets(app.database.store, alice)
      expect(resets.map(({ state }) => state)).toEqual(['superseded', 'accepted'])
      const delivered = await readDelivered(app, alice)
      await expectRefused(app.client, alice.userName, held.password)
      const answer = await app.client.changePassword(
        String(session.body.id_token),
        alice.password,
        chosenPassword(),
      )
      expect(answer.status).toBe(401)
      await expectMustChange(app.client, alice.userName, delivered.get(resets[1]?.id ?? '') ?? '')
      expect(app.backup.mails).toEqual([])
    },
  )

  it('is shared by an equal call: one message, equal answers', async () => {
    const alice = await app.addUser()
    app.gate.shut()
    const calls = [revoke(app.client, alice, 'EMAIL'), revoke(app.client, alice, 'EMAIL')]
    await waitUntil(async () => app.gate.held === 1)
    calls.push(revoke(app.client, alice, 'EMAIL'))
    await comeBack([app.client], alice)
    expect(app.gate.held).toBe(1)
    app.gate.open()
    const answers = await Promise.all(calls)
    const [reset, ...others] = await listResets(app.database.store, alice)
    expect(others).toEqual([])
    expect(answers.map(({ headers }) => headers.get('x-reset-id'))).toEqual(answers.map(() => reset?.id))
    expect((await readDelivered(app, alice)).size).toBe(1)
  })

  it('is not shared by a call of another application: the later one takes over', async () => {
    const alice = await app.addUser()
    holdMailOnly()
    app.gate.shut()
    const earlier = revoke(app.client, alice, 'EMAIL')
    await waitUntil(async () => app.gate.held === 1)
    expect((await revoke(other, alice)).status).toBe(200)
    app.gate.open()
    expectSuperseded(await earlier)
    const resets = await listResets(app.database.store, alice)
    expect(resets.map(({ state }) => state)).toEqual(['superseded', 'accepted'])
  })

  it('does not join an equal call that had given way before: a password chosen since is revoked too', async () => {
    const alice = await app.addUser()
    holdMailOnly()
    app.gate.shut()
    const earlier = revoke(app.client, alice, 'EMAIL')
    await waitUntil(async () => app.gate.held === 1)
    expect((await revoke(other, alice)).status).toBe(200)
    const secret = app.sms.requests.at(-1)?.body.match(/\[(\S+)\]/)?.[1] ?? ''
    const stateToken = await expectMustChange(app.client, alice.userName, secret)
    const own = chosenPassword()
    expect((await app.client.updatePassword(stateToken, secret, own)).status).toBe(200)

    const equal = revoke(app.client, alice, 'EMAIL')
    await comeBack([app.client], alice)
    app.gate.open()
    expectSuperseded(await earlier)
    expect((await equal).status).toBe(200)
    await expectRefused(app.client, alice.userName, own)
    const [, , newest] = await listResets(app.database.store, alice)
    const delivered = await readDelivered(app, alice)
    await expectMustChange(app.client, alice.userName, delivered.get(newest?.id ?? '') ?? '')
  })

  it('is waited for by calls of other modes, and all calls at once leave the newest password working', async () => {
    const alice = await app.addUser()
    const modes: readonly OldPasswordMode[] = ['keep-until-accepted', 'revoke-now']
    const calls = Array.from({ length: 8 }, async (_call, at) => {
      const client = at % 4 < 2 ? app.client : other
      return await client.resetPassword(alice.id, at < 4 ? 'EMAIL' : 'SMS', {}, modes[at % 2])
    })
    const answers = await Promise.all(calls)
    const resets = await listResets(app.database.store, alice)
    const delivered = await readDelivered(app, alice)
    for (const [at, { id, state, oldPasswordMode }] of resets.entries()) {
      expect([id, state]).toEqual([id, at === resets.length - 1 ? 'accepted' : 'superseded'])
      const password = delivered.get(id)
      if (password !== undefined && state === 'superseded') {
        await expectRefused(app.client, alice.userName, password)
      }
      expect(modes).toContain(oldPasswordMode)
    }
    for (const answer of answers) {
      if (answer.status !== 200) {
        expectSuperseded(answer)
      }
    }
    await expectRefused(app.client, alice.userName, alice.password)
    await expectMustChange(app.client, alice.userName, delivered.get(resets.at(-1)?.id ?? '') ?? '')
  })
})
