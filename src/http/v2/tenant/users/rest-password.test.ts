import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createApiClient } from '../../../../../test/support/api-client.ts'
import { describeEachDatabase } from '../../../../../test/support/databases.ts'
import { startFaultySmtpServer } from '../../../../../test/support/faulty-smtp-server.ts'
import { expectMustChange, expectRefused, expectSignsIn } from '../../../../../test/support/passwords.ts'
import {
  seedApplication,
  seedGateway,
  seedTenant,
  seedUser,
} from '../../../../../test/support/seed-tenant.ts'
import { startSmtpSink } from '../../../../../test/support/smtp-sink.ts'
import { type StartAppOptions, startApp, type TestApp } from '../../../../../test/support/start-app.ts'
import { createSelfSignedCertificate } from '../../../../../test/support/test-certificates.ts'

const MSG_0001 = '{"error_code":"MSG.0001","error_msg":"Message sending failed"}'
const MSG_0004 =
  '{"error_code":"MSG.0004","error_msg":"The message sending mode does not meet the verification rules"}'
const USER_0001 = '{"error_code":"USER.0001","error_msg":"User does not exist"}'
const USER_0011 = '{"error_code":"USER.0011","error_msg":"Mobile number cannot be empty"}'
const USER_0012 = '{"error_code":"USER.0012","error_msg":"Email cannot be empty"}'
const USER_9001 = '{"error_code":"USER.9001","error_msg":"User is disabled"}'

describeEachDatabase('PUT /users/{user_id}/rest-password', (kind) => {
  function useApp(options: StartAppOptions = {}): () => TestApp {
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

  describe('200', () => {
    const app = useApp()

    it.each(['EMAIL', 'SMS'])(
      'delivers by %s a password that signs in, must be changed, and ends the old one',
      async (sendMode) => {
        const { client, smtp, readMailedPassword, readTextedPassword } = app()
        const alice = await app().addUser()
        const answer = await client.resetPassword(alice.id, sendMode)
        expect(answer.text).toBe(`{"user_id":"${alice.id}"}`)
        expect(answer.status).toBe(200)
        expect(answer.headers.get('x-reset-id')).toMatch(/^\d{17}-[0-9A-F]{4}-[0-9A-F]{9}$/)
        expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8')
        expect(sendMode === 'SMS' || smtp.mails.at(-1)?.to).toEqual(sendMode === 'SMS' || [alice.email])
        const password = sendMode === 'EMAIL' ? await readMailedPassword() : readTextedPassword()
        expect(password).toHaveLength(sendMode === 'EMAIL' ? 16 : 12)
        await expectRefused(client, alice.userName, alice.password)
        const stateToken = await expectMustChange(client, alice.userName, password)
        const own = 'Chosen-by-myself-1'
        const changed = await client.updatePassword(stateToken, password, own)
        expect(changed.body).toMatchObject({ status: 'SUCCESS', expire: 43_200 })
        await expectSignsIn(client, alice.userName, own)
        await expectRefused(client, alice.userName, password)
      },
    )

    it('takes the request in every form that clients send it', async () => {
      const { client, url } = app()
      const authorization = `Bearer ${await client.token()}`
      const forms: { headers: Record<string, string>; body?: string; path?: string }[] = [
        { headers: { 'content-type': 'application/json; charset=utf-8' } },
        { headers: { 'content-type': 'application/json;charset=utf8' } },
        { headers: { 'content-type': 'application/json' }, body: '{}' },
        { headers: {} },
        { headers: { 'content-type': 'application/json' }, path: 'reset-password' },
      ]
      for (const { headers, body, path = 'rest-password' } of forms) {
        const alice = await app().addUser()
        const response = await fetch(`${url}/api/v2/tenant/users/${alice.id}/${path}?send_mode=EMAIL`, {
          method: 'PUT',
          headers: { ...headers, authorization },
          ...(body === undefined ? {} : { body }),
        })
        expect(await response.text()).toBe(`{"user_id":"${alice.id}"}`)
      }
    })

    it('leaves rows of the attempt and of the record', async () => {
      const { client, database, tenant } = app()
      const alice = await app().addUser()
      const answer = await client.resetPassword(alice.id, 'EMAIL')
      const resetId = answer.headers.get('x-reset-id') ?? ''
      const attempts = await database.store.read.resets.listAttempts(tenant.id, resetId)
      expect(attempts).toMatchObject([{ ordinal: 1, gateway: 'mail', outcome: 'accepted' }])
      const rows = (await database.store.read.audit.list(tenant.id, 50)).filter(
        (row) => row.targetId === resetId,
      )
      expect(rows.map((row) => row.action).sort()).toEqual([
        'reset.accepted',
        'reset.prepared',
        'reset.sending',
      ])
    })
  })

  describe('MSG.0004', () => {
    const app = useApp()

    it.each([
      '',
      '?send_mode',
      '?send_mode=',
      '?send_mode=email',
      '?send_mode=Sms',
      '?send_mode=EMAIL&send_mode=SMS',
      '?send_mode=EMAIL&send_mode=EMAIL',
      '?send_mode[]=EMAIL',
      '?send_mode=EMAIL%00',
      '?send_mode=%45MAIL%20',
      '?SEND_MODE=EMAIL',
    ])('refuses %j before it looks for the user, and changes nothing', async (query) => {
      const { client, smtp } = app()
      const alice = await app().addUser()
      const headers = {
        authorization: `Bearer ${await client.token()}`,
        'content-type': 'application/json; charset=utf-8',
      }
      for (const userId of [alice.id, 'nobody']) {
        const answer = await client.call('PUT', `/api/v2/tenant/users/${userId}/rest-password${query}`, {
          headers,
        })
        expect(answer.text).toBe(MSG_0004)
        expect(answer.status).toBe(400)
        expect(answer.headers.get('x-error-detail')).toBe('mode_unknown')
      }
      expect(smtp.mails.filter((mail) => mail.to.includes(alice.email ?? ''))).toEqual([])
      await expectSignsIn(client, alice.userName, alice.password)
    })

    it('refuses a mode without a gateway, one that the tenant switched off, and a contact that cannot be used', async () => {
      const { client, database, tenant } = app()
      const alice = await app().addUser()
      const odd = await app().addUser({ email: 'not an address' })
      const malformed = await client.resetPassword(odd.id, 'EMAIL')
      expect(malformed.text).toBe(MSG_0004)
      expect(malformed.headers.get('x-error-detail')).toBe('contact_invalid')
      await expectSignsIn(client, odd.userName, odd.password)

      const reset = { ...tenant.settings.reset, sendModes: ['EMAIL'] as const }
      await database.store.transaction((repositories) =>
        repositories.tenants.update({ ...tenant, settings: { ...tenant.settings, reset } }),
      )
      await database.store.transaction((repositories) => repositories.gateways.delete(tenant.id, 'mail'))
      app().clock.advance(6_000) // beyond what any cache may keep
      const disabled = await client.resetPassword(alice.id, 'SMS')
      expect(disabled.text).toBe(MSG_0004)
      expect(disabled.headers.get('x-error-detail')).toBe('mode_disabled')
      const without = await client.resetPassword(alice.id, 'EMAIL')
      expect(without.text).toBe(MSG_0004)
      expect(without.headers.get('x-error-detail')).toBe('no_gateway')
      await expectSignsIn(client, alice.userName, alice.password)
    })
  })

  describe('USER.0001', () => {
    const app = useApp()

    it.each([
      'nobody',
      '20201028102749564-9082-DC8CD2722',
      'a/b',
      "' OR 1=1 --",
      '\u0000',
      '密码',
      '%',
      '*',
      '{"$ne":1}',
      'x'.repeat(12_000),
    ])('answers the unknown id %j', async (userId) => {
      const answer = await app().client.resetPassword(userId, 'EMAIL')
      expect(answer.text).toBe(USER_0001)
      expect(answer.status).toBe(400)
    })

    it('never reaches a user of another tenant', async () => {
      const { client, database, smtp } = app()
      const other = await seedTenant(database.store)
      const stranger = await seedUser(database.store, other)
      // the same tenant as before, although the request comes over loopback: its host name is 127.0.0.1
      const answer = await client.resetPassword(stranger.id, 'EMAIL')
      expect(answer.text).toBe(USER_0001)
      expect(smtp.mails.flatMap((mail) => mail.to)).not.toContain(stranger.email)
    })
  })

  describe('USER.0011, USER.0012 and USER.9001', () => {
    const app = useApp()

    it('answers a user without the contact that the mode needs', async () => {
      const alice = await app().addUser({ email: undefined, mobile: undefined })
      const sms = await app().client.resetPassword(alice.id, 'SMS')
      const email = await app().client.resetPassword(alice.id, 'EMAIL')
      expect([sms.text, email.text]).toEqual([USER_0011, USER_0012])
      expect([sms.status, email.status]).toEqual([400, 400])
      await expectSignsIn(app().client, alice.userName, alice.password)
    })

    it('answers a disabled user, contact or not, and their password works once they are enabled', async () => {
      const { client } = app()
      const alice = await app().addUser({ disabled: true, email: undefined })
      const answer = await client.resetPassword(alice.id, 'EMAIL')
      expect(answer.text).toBe(USER_9001)
      expect(answer.status).toBe(400)
      const headers = { authorization: `Bearer ${await client.token()}` }
      await client.call('PUT', `/api/v2/tenant/users/${alice.id}/enable`, { headers })
      await expectSignsIn(client, alice.userName, alice.password)
    })
  })

  describe('MSG.0001', () => {
    const app = useApp({ smtp: { refuseWith: { code: 451, text: 'try later' } } })

    it('is the answer when the only mail gateway refuses, and the old password works', async () => {
      const alice = await app().addUser()
      const answer = await app().client.resetPassword(alice.id, 'EMAIL')
      expect(answer.text).toBe(MSG_0001)
      expect(answer.status).toBe(400)
      expect(answer.headers.get('x-error-detail')).toBe('gateway_refused')
      await expectSignsIn(app().client, alice.userName, alice.password)
      const [reset] = await app().database.store.read.resets.list(app().tenant.id, alice.id, 1)
      expect(reset).toMatchObject({ state: 'failed', digest: undefined })
    })

    it.each([
      [{ status: 500 }, 'gateway_refused'],
      [{ status: 401 }, 'gateway_auth'],
    ] as const)('is the answer when the SMS endpoint says %j', async (smsAnswer, detail) => {
      const { client, sms } = app()
      sms.answer = smsAnswer
      const alice = await app().addUser()
      const answer = await client.resetPassword(alice.id, 'SMS')
      expect(answer.text).toBe(MSG_0001)
      expect(answer.headers.get('x-error-detail')).toBe(detail)
      await expectSignsIn(client, alice.userName, alice.password)
      await expectRefused(client, alice.userName, app().readTextedPassword())
    })

    it('is the answer when the certificate of the gateway is wrong: nothing is said there, and the old password works', async () => {
      const { client, database, tenant } = app()
      const wrong = await startSmtpSink({ certificate: await createSelfSignedCertificate(), isSecure: true })
      await seedGateway(database.store, tenant, {
        name: 'mail',
        channel: 'EMAIL',
        kind: 'smtp',
        settings: { url: `smtps://127.0.0.1:${wrong.port}`, from: 'it@acme.example', timeout_ms: 2_000 },
      })
      app().clock.advance(6_000)
      const alice = await app().addUser()
      const answer = await client.resetPassword(alice.id, 'EMAIL')
      expect(answer.text).toBe(MSG_0001)
      expect(answer.headers.get('x-error-detail')).toBe('gateway_tls')
      expect(wrong.mails).toEqual([])
      await expectSignsIn(client, alice.userName, alice.password)
      await wrong.close()
    })

    it('is the answer when nobody listens at the gateway, and says so', async () => {
      const { client, database, tenant } = app()
      const closed = await startFaultySmtpServer()
      await closed.close()
      await seedGateway(database.store, tenant, {
        name: 'mail',
        channel: 'EMAIL',
        kind: 'smtp',
        settings: { url: `smtp://127.0.0.1:${closed.port}`, from: 'it@acme.example', timeout_ms: 2_000 },
      })
      app().clock.advance(6_000)
      const alice = await app().addUser()
      const answer = await client.resetPassword(alice.id, 'EMAIL')
      expect(answer.text).toBe(MSG_0001)
      expect(answer.headers.get('x-error-detail')).toBe('gateway_unreachable')
      await expectSignsIn(client, alice.userName, alice.password)
    })
  })

  describe('who may call', () => {
    const app = useApp()

    it.each([
      ['user_read', 403],
      ['org_all', 403],
      ['read', 403],
      ['user_all', 200],
      ['all', 200],
    ] as const)('with %s the answer is %i', async (permission, status) => {
      const application = await seedApplication(app().database.store, app().tenant, [permission])
      const alice = await app().addUser()
      const answer = await createApiClient(app().url, application).resetPassword(alice.id, 'EMAIL')
      expect(answer.status).toBe(status)
      expect(answer.body.error).toBe(status === 403 ? 'insufficient_scope' : undefined)
    })

    it.each([undefined, 'Bearer unknown', 'Basic YTpi', 'Bearer'])(
      'answers 401 to the authorization %j, whatever else is wrong',
      async (authorization) => {
        const headers = authorization === undefined ? {} : { authorization }
        const answer = await app().client.call('PUT', '/api/v2/tenant/users/x/rest-password', { headers })
        expect(answer.status).toBe(401)
        expect(answer.body.error).toBe('invalid_token')
        expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer/)
      },
    )
  })
})
