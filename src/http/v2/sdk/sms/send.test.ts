import { randomUUID } from 'node:crypto'
import { beforeEach, describe, expect, test } from 'vitest'
import { describeEachDatabase } from '../../../../../test/support/databases.ts'
import { useSdk } from '../../../../../test/support/sdk-fixture.ts'
import { seedApplication } from '../../../../../test/support/seed-tenant.ts'
import { createSeal } from '../../../../store/seal.ts'

const PATH = '/api/v2/sdk/sms/send'
const nobodysMobile = () => `+86-139${String(Math.floor(Math.random() * 1e8)).padStart(8, '0')}`

describeEachDatabase('POST /api/v2/sdk/sms/send', (kind) => {
  const fixture = useSdk(kind)
  beforeEach(async () => {
    await fixture().database.query('delete from code_requests', [])
    fixture().sms.answer = { status: 200, body: '{}' }
    fixture().sms.fault = undefined
  })

  const send = (mobile: unknown, type: unknown = 'LOGIN_SMS') => fixture().post(PATH, { mobile, type })

  describe('200', () => {
    test('has an empty body, and the code goes to the number in the row of the user', async () => {
      const { sms, sendCodes, ...f } = fixture()
      const user = await f.user()
      const answer = await send(user.mobile?.replace('+86-', ''))
      expect([answer.status, answer.text]).toEqual([200, ''])
      const before = sms.requests.length
      expect(await sendCodes()).toEqual(['sign-in sent'])
      expect(sms.requests).toHaveLength(before + 1)
      const { to, text } = JSON.parse(sms.requests.at(-1)?.body ?? '{}')
      expect(to).toBe(user.mobile?.replace('-', ''))
      expect(text).toMatch(/^\d{6} is your sign-in code for Acme\./)
      expect(await f.actions(user.id)).toContain('code.sent')
    })

    test('is the same for nobody and for disabled people, who get nothing', async () => {
      const { sms, sendCodes, ...f } = fixture()
      const disabled = await f.user({ disabled: true })
      const before = sms.requests.length
      for (const mobile of [nobodysMobile(), disabled.mobile]) {
        const answer = await send(mobile)
        expect([answer.status, answer.text]).toEqual([200, ''])
      }
      expect(await sendCodes()).toEqual(['sign-in nobody', 'sign-in nobody'])
      expect(sms.requests).toHaveLength(before)
    })

    test.each([
      ['FORGET_PWD_SMS', 'set a new password'],
      ['CHANGE_PWD_SMS', 'change your password'],
      ['MFA_AUTH_SMS', 'completes your sign-in'],
    ])('says in the message of %s what the code is for', async (type, words) => {
      const { sms, ...f } = fixture()
      await f.code(await f.user(), type)
      expect(sms.requests.at(-1)?.body).toContain(words)
    })

    test('writes to people in their own language', async () => {
      const { sms, ...f } = fixture()
      await f.code(await f.user({ language: 'zh' }), 'LOGIN_SMS')
      expect(JSON.parse(sms.requests.at(-1)?.body ?? '{}').text).toMatch(/^【Acme】验证码 \d{6}，用于登录/)
    })
  })

  test.each([
    ['NO_SUCH_SMS', 'type'],
    ['LOGIN_EMS', 'type'],
    ['toString', 'type'],
  ])('SDK.COMMON.1006 for the type %s', async (type, detail) => {
    const answer = await send(nobodysMobile(), type)
    expect([answer.status, answer.body.error_code]).toEqual([400, 'SDK.COMMON.1006'])
    expect(answer.headers.get('x-error-detail')).toBe(detail)
  })

  test.each([['REGISTER_SMS'], ['BIND_MOBILE_SMS']])('SDK.COMMON.1006 says that %s is off', async (type) => {
    const answer = await send(nobodysMobile(), type)
    expect([answer.status, answer.body.error_code]).toEqual([400, 'SDK.COMMON.1006'])
    expect(answer.headers.get('x-error-detail')).toBe('type_disabled')
  })

  test.each([['12'], ['not a number'], ['a@acme.example']])(
    'SDK.COMMON.1002 for the number %j',
    async (mobile) => {
      const answer = await send(mobile)
      expect([answer.status, answer.body.error_code]).toEqual([400, 'SDK.COMMON.1002'])
    },
  )

  test('SDK.COMMON.1001 and 1007 name the field', async () => {
    const { post } = fixture()
    expect((await post(PATH, { type: 'LOGIN_SMS' })).body.error_code).toBe('SDK.COMMON.1001')
    expect((await send(' ')).body.error_code).toBe('SDK.COMMON.1001')
    expect((await post(PATH, { mobile: nobodysMobile() })).body.error_code).toBe('SDK.COMMON.1001')
    expect((await send(5)).body.error_code).toBe('SDK.COMMON.1007')
  })

  test('SDK.COMMON.1003 and 1012 come first', async () => {
    const { post } = fixture()
    const body = { mobile: nobodysMobile(), type: 'LOGIN_SMS' }
    expect((await post(PATH, body, { 'x-agent': undefined })).body.error_code).toBe('SDK.COMMON.1003')
    expect((await post(PATH, body, { 'x-client-id': 'nobody' })).body.error_code).toBe('SDK.COMMON.1012')
  })

  test('SDK.SMS.9001 when a number was asked for too often, whether anybody has it or not', async () => {
    const { clock, ...f } = fixture()
    for (const mobile of [nobodysMobile(), (await f.user()).mobile]) {
      for (let count = 0; count < 5; count += 1) {
        expect((await send(mobile, count % 2 === 0 ? 'LOGIN_SMS' : 'FORGET_PWD_SMS')).status).toBe(200)
      }
      const answer = await send(mobile)
      expect([answer.status, answer.body.error_code]).toEqual([429, 'SDK.SMS.9001'])
      expect(answer.headers.get('x-error-detail')).toBe('contact_hour')
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(3_500)
    }
    clock.advance(3_600_000)
    expect((await send(nobodysMobile())).status).toBe(200)
  })

  test('counts calls that come at once one after another', async () => {
    const mobile = nobodysMobile()
    const answers = await Promise.all(Array.from({ length: 9 }, () => send(mobile)))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(5)
  })

  test('sends a user no more codes in a day than the tenant says, and says so to nobody', async () => {
    const { sendCodes, clock, ...f } = fixture()
    const user = await f.user()
    const ends: string[] = []
    for (let count = 0; count < 22; count += 1) {
      expect((await send(user.mobile)).status).toBe(200)
      ends.push(...(await sendCodes()))
      clock.advance(720_001)
    }
    expect(ends.filter((end) => end === 'sign-in sent')).toHaveLength(20)
    expect(ends.filter((end) => end === 'sign-in given_up')).toHaveLength(2)
  })

  describe('in the background', () => {
    test('one is sent once, however many look for it at once', async () => {
      const { sms, sendCodes, ...f } = fixture()
      await send((await f.user()).mobile)
      const before = sms.requests.length
      const ends = (await Promise.all([sendCodes(), sendCodes(), sendCodes()])).flat()
      expect(ends).toEqual(['sign-in sent'])
      expect(sms.requests).toHaveLength(before + 1)
    })

    test('what a gateway refused is tried again with another code, for five minutes', async () => {
      const { sms, sendCodes, clock, ...f } = fixture()
      await send((await f.user()).mobile)
      sms.answer = { status: 503, body: 'later' }
      expect(await sendCodes()).toEqual(['sign-in put_off'])
      expect(await sendCodes()).toEqual([])
      const refused = sms.requests.at(-1)?.body
      clock.advance(21_000)
      sms.answer = { status: 200, body: '{}' }
      expect(await sendCodes()).toEqual(['sign-in sent'])
      expect(sms.requests.at(-1)?.body).not.toBe(refused)
    })

    test('is given up after five minutes, and what may have arrived is not repeated', async () => {
      const { sms, sendCodes, clock, ...f } = fixture()
      await send((await f.user()).mobile)
      clock.advance(300_001)
      expect(await sendCodes()).toEqual(['sign-in given_up'])
      await send((await f.user()).mobile)
      sms.fault = { at: 'request', kind: 'reset' }
      expect(await sendCodes()).toEqual(['sign-in unknown'])
      clock.advance(60_000)
      expect(await sendCodes()).toEqual([])
    })

    test('a process that died is followed by one more try', async () => {
      const { sms, sendCodes, clock, ...f } = fixture()
      await send((await f.user()).mobile)
      const dead = { store: { ...f.deps.store, read: undefined as never } }
      for (let deaths = 0; deaths < 2; deaths += 1) {
        await expect(sendCodes(dead)).rejects.toThrow()
        expect(await sendCodes()).toEqual([])
        clock.advance(61_000)
      }
      const before = sms.requests.length
      expect(await sendCodes()).toEqual(['sign-in unknown'])
      expect(sms.requests).toHaveLength(before)
    })

    test('an address that does not open is tried again', async () => {
      const { sendCodes, ...f } = fixture()
      await send((await f.user()).mobile)
      const { open: openAddress } = createSeal(Buffer.alloc(32, 7))
      expect(await sendCodes({ openAddress })).toEqual(['sign-in put_off'])
    })

    test('keeps no code, and no number once it is settled', async () => {
      const { database, server, ...f } = fixture()
      const user = await f.user()
      const code = await f.code(user, 'LOGIN_SMS')
      const rows = JSON.stringify([
        await database.query('select * from codes', []),
        await database.query('select * from code_requests', []),
        await database.store.read.audit.list(f.tenant.id, 1_000),
      ])
      expect(rows).not.toContain(code)
      expect(rows).not.toContain(user.mobile?.slice(4))
      expect(await database.query('select contact_sealed from code_requests', [])).toEqual([
        { contact_sealed: null },
      ])
      expect(server.logLines.join('\n')).not.toContain(code)
    })
  })

  test('a contact that changed a short while ago gets none', async () => {
    const { sendCodes, database, ...f } = fixture()
    const user = await f.user({ administratorRole: 'owner' })
    const mobile = nobodysMobile()
    await database.store.transaction((repositories) => repositories.users.update({ ...user, mobile }))
    await send(mobile)
    expect(await sendCodes()).toEqual(['sign-in given_up'])
    const rows = await database.store.read.audit.list(f.tenant.id, 5)
    expect(rows.map(({ detail }) => detail.reason)).toContain('contact_quarantined')
  })

  test('MSG.0004 where the tenant has no gateway', async () => {
    const { database, tenant } = fixture()
    const [gateway] = (await database.store.read.gateways.list(tenant.id)).filter(
      ({ channel }) => channel === 'SMS',
    )
    if (gateway === undefined) throw new Error('no gateway')
    await database.store.transaction((repositories) =>
      repositories.gateways.put({ ...gateway, disabled: true, version: gateway.version + 1 }),
    )
    fixture().clock.advance(10_000)
    const answer = await send(nobodysMobile())
    expect([answer.status, answer.body.error_code]).toEqual([400, 'MSG.0004'])
    expect(answer.headers.get('x-error-detail')).toBe('no_gateway')
    await database.store.transaction((repositories) =>
      repositories.gateways.put({ ...gateway, version: gateway.version + 2 }),
    )
    fixture().clock.advance(10_000)
  })

  test('tenants count apart, and applications of another tenant are unknown', async () => {
    const { post, database, tenant } = fixture()
    const other = await seedApplication(database.store, tenant)
    const body = { mobile: nobodysMobile(), type: 'LOGIN_SMS' }
    expect((await post(PATH, body, { 'x-client-id': other.clientId })).status).toBe(200)
    expect((await post(PATH, body, { 'x-client-id': randomUUID() })).status).toBe(400)
  })
})

describeEachDatabase('POST /api/v2/sdk/sms/send beyond the limits of many', (kind) => {
  const limits = { perContactPerHour: 1_000, perUserPerDay: 1_000 }
  const byAddress = useSdk(
    kind,
    {},
    {},
    { limits: { ...limits, perAddressPerHour: 2, perTenantPerHour: 1_000 } },
  )
  const byTenant = useSdk(
    kind,
    {},
    {},
    { purposes: ['recovery'], limits: { ...limits, perAddressPerHour: 1_000, perTenantPerHour: 2 } },
  )

  test.each([
    ['address_hour', byAddress],
    ['tenant_hour', byTenant],
  ])('SDK.SMS.9001 %s', async (detail, fixture) => {
    const send = () => fixture().post(PATH, { mobile: nobodysMobile(), type: 'FORGET_PWD_SMS' })
    expect((await send()).status).toBe(200)
    expect((await send()).status).toBe(200)
    const answer = await send()
    expect([answer.status, answer.body.error_code]).toEqual([429, 'SDK.SMS.9001'])
    expect(answer.headers.get('x-error-detail')).toBe(detail)
  })

  test('SDK.COMMON.1006 for a type that the tenant left out', async () => {
    const answer = await byTenant().post(PATH, { mobile: nobodysMobile(), type: 'LOGIN_SMS' })
    expect([answer.status, answer.headers.get('x-error-detail')]).toEqual([400, 'type_disabled'])
  })
})
