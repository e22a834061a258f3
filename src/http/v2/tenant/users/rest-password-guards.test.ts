import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Answer, createApiClient } from '../../../../../test/support/api-client.ts'
import { describeEachDatabase } from '../../../../../test/support/databases.ts'
import { expectSignsIn } from '../../../../../test/support/passwords.ts'
import { type SeededUser, seedApplication } from '../../../../../test/support/seed-tenant.ts'
import { startApp, type TestApp } from '../../../../../test/support/start-app.ts'
import { HOUR_MS, SECOND_MS } from '../../../../core/clock.ts'
import type { ResetSettings } from '../../../../core/tenants/tenant.ts'
import type { User } from '../../../../core/users/user.ts'

const MSG_0004 =
  '{"error_code":"MSG.0004","error_msg":"The message sending mode does not meet the verification rules"}'
const USER_9006 = '{"error_code":"USER.9006","error_msg":"Users with an administrative role are protected"}'
const QUARANTINE_HOURS = 2
const CACHE_MS_MAX = 6 * SECOND_MS

describeEachDatabase('guards around a reset', (kind) => {
  let app: TestApp
  beforeAll(async () => {
    app = await startApp(kind)
    await setReset({ contactQuarantineHours: QUARANTINE_HOURS, smsCountries: ['+86', '+49'] })
  })
  afterAll(() => app.close())

  async function setReset(change: Partial<ResetSettings>): Promise<void> {
    const [stored] = await app.database.store.read.tenants.list()
    const { settings } = stored ?? app.tenant
    const reset = { ...settings.reset, ...change }
    await app.database.store.transaction(({ tenants }) =>
      tenants.update({ ...app.tenant, settings: { ...settings, reset } }),
    )
    app.clock.advance(CACHE_MS_MAX)
  }

  async function changeContact(user: SeededUser, change: Partial<User>): Promise<SeededUser> {
    const { password, credential, ...row } = user
    await app.database.store.transaction(({ users }) => users.update({ ...row, ...change }))
    return { ...user, ...change }
  }

  const quarantined = (user: SeededUser) =>
    changeContact(user, { email: `new-${user.email}`, mobile: `${user.mobile?.slice(0, -1)}` })
  /** Its token is never older than a call: tests here let hours pass. */
  const client = (application = app.application) => createApiClient(app.url, application)
  const clientThat = async (change: Parameters<typeof seedApplication>[3]) => {
    const application = await seedApplication(app.database.store, app.tenant, ['user_all'], change)
    return { application, client: () => client(application) }
  }
  async function expectKept(answer: Answer, user: SeededUser): Promise<void> {
    const sent = app.smtp.mails.filter((mail) => mail.to.includes(user.email ?? 'nobody'))
    expect(sent).toEqual([])
    expect(answer.headers.get('x-reset-id')).toBeNull()
    expect(await app.database.store.read.resets.list(app.tenant.id, user.id, 10)).toEqual([])
    if (!user.disabled) {
      await expectSignsIn(client(), user.userName, user.password)
    }
  }
  function expectRule(answer: Answer, detail: string): void {
    expect([answer.status, answer.text]).toEqual([400, MSG_0004])
    expect(answer.headers.get('x-error-detail')).toBe(detail)
  }

  describe('MSG.0004 contact_quarantined', () => {
    it.each(['EMAIL', 'SMS'])('answers %s to a contact that changed a short time ago', async (sendMode) => {
      const alice = await quarantined(await app.addUser())
      const answer = await client().resetPassword(alice.id, sendMode)
      expectRule(answer, 'contact_quarantined')
      await expectKept(answer, alice)
    })

    it('ends by itself, and never was for the contact that did not change', async () => {
      const alice = await app.addUser()
      const moved = await changeContact(alice, { email: `new-${alice.email}` })
      expect((await client().resetPassword(alice.id, 'SMS')).status).toBe(200)
      app.clock.advance(QUARANTINE_HOURS * HOUR_MS - 10 * SECOND_MS)
      expectRule(await client().resetPassword(moved.id, 'EMAIL'), 'contact_quarantined')
      app.clock.advance(11 * SECOND_MS)
      expect((await client().resetPassword(moved.id, 'EMAIL')).status).toBe(200)
    })

    it('is 24 hours for people with an administrative role, whatever others have', async () => {
      const { client: allowed } = await clientThat({ mayChangeAdministrators: true })
      const owner = await quarantined(await app.addUser({ administratorRole: 'owner' }))
      app.clock.advance(23.9 * HOUR_MS)
      const early = await allowed().resetPassword(owner.id, 'EMAIL')
      expectRule(early, 'contact_quarantined')
      app.clock.advance(0.2 * HOUR_MS)
      expect((await allowed().resetPassword(owner.id, 'EMAIL')).status).toBe(200)
    })

    it('is off unless the tenant says so', async () => {
      await setReset({ contactQuarantineHours: 0 })
      const alice = await quarantined(await app.addUser())
      const answer = await client().resetPassword(alice.id, 'EMAIL')
      await setReset({ contactQuarantineHours: QUARANTINE_HOURS })
      expect(answer.status).toBe(200)
    })
  })

  describe('MSG.0004 contact_invalid', () => {
    it('answers a number of a country that the tenant sends no SMS to', async () => {
      const alice = await app.addUser({ mobile: '+1-2025550123' })
      const answer = await client().resetPassword(alice.id, 'SMS')
      expectRule(answer, 'contact_invalid')
      expect(app.sms.requests.filter(({ body }) => body.includes('2025550123'))).toEqual([])
      await expectSignsIn(client(), alice.userName, alice.password)
      expect((await client().resetPassword(alice.id, 'EMAIL')).status).toBe(200)
      const bob = await app.addUser({ mobile: '+49-15112345678' })
      expect((await client().resetPassword(bob.id, 'SMS')).status).toBe(200)
    })
  })

  describe('MSG.0004 application_stopped', () => {
    it('answers at once an application that an operator stopped, and no other', async () => {
      const { application, client: stopped } = await clientThat({})
      const alice = await app.addUser()
      await stopped().token() // what is cached of the application says that it may
      const stop = (at: number | undefined) =>
        app.database.store.transaction(({ applications }) =>
          applications.stopResets(app.tenant.id, application.id, at),
        )
      await stop(Date.now())
      const answer = await stopped().resetPassword(alice.id, 'EMAIL')
      expectRule(answer, 'application_stopped')
      await expectKept(answer, alice)
      expect((await client().resetPassword(alice.id, 'EMAIL')).status).toBe(200)
      await stop(undefined)
      expect((await stopped().resetPassword(alice.id, 'EMAIL')).status).toBe(200)
    })
  })

  describe('USER.9006', () => {
    const refusals = async (user: SeededUser) => {
      const rows = await app.database.store.read.audit.list(app.tenant.id, 1_000)
      return rows.filter((row) => row.action === 'user.change_refused' && row.targetId === user.id)
    }

    it.each(['EMAIL', 'SMS'])(
      'answers the reset of an administrator by %s, on record, and the password stays',
      async (sendMode) => {
        const owner = await app.addUser({ administratorRole: 'owner' })
        const answer = await client().resetPassword(owner.id, sendMode)
        expect([answer.status, answer.text]).toEqual([403, USER_9006])
        expect(answer.headers.get('x-error-detail')).toBe('protected_user')
        await expectKept(answer, owner)
        expect(await refusals(owner)).toMatchObject([
          {
            actor: { kind: 'application', id: app.application.id },
            requestId: answer.headers.get('x-request-id'),
            detail: { operation: 'reset-password', reason: 'protected_user' },
          },
        ])
      },
    )

    it.each(['enable', 'disable'] as const)('answers %s too', async (word) => {
      const owner = await app.addUser({ administratorRole: 'owner', disabled: word === 'enable' })
      const headers = { authorization: `Bearer ${await client().token()}` }
      const answer = await client().call('PUT', `/api/v2/tenant/users/${owner.id}/${word}`, { headers })
      expect([answer.status, answer.text]).toEqual([403, USER_9006])
      const after = await app.database.store.read.users.find(app.tenant.id, owner.id)
      expect(after?.disabled).toBe(owner.disabled)
      expect(await refusals(owner)).toMatchObject([{ detail: { operation: word } }])
    })

    it('is not for an application to which an owner allowed it', async () => {
      const { client: allowed } = await clientThat({ mayChangeAdministrators: true })
      const owner = await app.addUser({ administratorRole: 'owner' })
      expect((await allowed().resetPassword(owner.id, 'EMAIL')).status).toBe(200)
      const headers = { authorization: `Bearer ${await allowed().token()}` }
      for (const word of ['disable', 'enable']) {
        const answer = await allowed().call('PUT', `/api/v2/tenant/users/${owner.id}/${word}`, { headers })
        expect(answer.status).toBe(200)
      }
      expect(await refusals(owner)).toEqual([])
    })
  })

  it('come in the order of the contract: user, protection, contact, sending rules, limits', async () => {
    const { application, client: stopped } = await clientThat({})
    await app.database.store.transaction(({ applications }) =>
      applications.stopResets(app.tenant.id, application.id, 1),
    )
    const role = { administratorRole: 'owner' } as const
    const answerOf = async (user: SeededUser, caller = stopped()) => {
      const answer = await caller.resetPassword(user.id, 'EMAIL')
      return answer.headers.get('x-error-detail') ?? answer.body.error_code
    }
    expect((await stopped().resetPassword('nobody', 'EMAIL')).body.error_code).toBe('USER.0001')
    expect(await answerOf(await app.addUser({ ...role, disabled: true, email: undefined }))).toBe('USER.9001')
    expect(await answerOf(await app.addUser({ ...role, email: undefined }))).toBe('protected_user')
    expect(await answerOf(await app.addUser({ email: undefined }))).toBe('USER.0012')
    const changed = await app.addUser()
    const invalid = await changeContact(changed, { email: `not an address ${changed.id}` })
    expect(await answerOf(invalid)).toBe('contact_invalid')
    const moved = await quarantined(await app.addUser())
    expect(await answerOf(moved)).toBe('contact_quarantined')
    await setReset({ limits: { ...app.tenant.settings.reset.limits, perUserPerDay: 1 } })
    const often = await app.addUser()
    expect((await client().resetPassword(often.id, 'EMAIL')).status).toBe(200)
    expect(await answerOf(often)).toBe('application_stopped')
    expect(await answerOf(often, client())).toBe('user_day')
    await quarantined(often)
    expect(await answerOf(often, client())).toBe('contact_quarantined')
    await setReset({ limits: app.tenant.settings.reset.limits })
  })
})
