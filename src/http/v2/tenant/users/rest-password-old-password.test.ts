import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Answer, type ApiClient, createApiClient } from '../../../../../test/support/api-client.ts'
import { describeEachDatabase } from '../../../../../test/support/databases.ts'
import {
  type FaultySmtpServer,
  type SmtpScript,
  startFaultySmtpServer,
} from '../../../../../test/support/faulty-smtp-server.ts'
import {
  chosenPassword,
  expectMustChange,
  expectRefused,
  expectSignsIn,
} from '../../../../../test/support/passwords.ts'
import { type SeededUser, seedGateway } from '../../../../../test/support/seed-tenant.ts'
import { startApp, type TestApp } from '../../../../../test/support/start-app.ts'
import { HOUR_MS } from '../../../../core/clock.ts'
import { listResets } from '../../../../core/reset/list-resets.ts'
import type { Reset } from '../../../../core/reset/reset-state.ts'
import type { OldPasswordMode } from '../../../../core/tenants/tenant.ts'
import type { PasswordState } from '../../../../core/users/password-state.ts'
import type { AuditEntry } from '../../../../store/store.ts'

const MSG_0001 = '{"error_code":"MSG.0001","error_msg":"Message sending failed"}'
const MSG_0004 =
  '{"error_code":"MSG.0004","error_msg":"The message sending mode does not meet the verification rules"}'

type Delivery = 'accepted' | 'refused' | 'line lost' | 'no answer in time'
const scripts: Readonly<Record<Delivery, SmtpScript>> = {
  accepted: {},
  refused: { replies: { rcpt: '550 5.1.1 no such user' } },
  'line lost': { fault: { at: 'after-dot', kind: 'drop' } },
  'no answer in time': { fault: { at: 'after-dot', kind: 'hang' } },
}

// on a busy machine too nothing but a gateway that hangs takes that long
const PATIENT_MS = 10_000
const HURRIED_MS = 1_000

interface Row {
  readonly mode: OldPasswordMode
  readonly delivery: Delivery
  /** Undefined: 200. */
  readonly detail: string | undefined
  readonly state: Reset['state']
  /** Of the old password, and of sessions that it opened. */
  readonly old: 'works until the new one is used' | 'works' | 'void'
  readonly passwordState: PasswordState['kind']
}

const kept = 'works until the new one is used'
const unknown = { state: 'unknown', old: kept, detail: 'delivery_unknown', passwordState: 'own' } as const
const refused = { state: 'failed', old: 'works', detail: 'recipient_refused', passwordState: 'own' } as const
const delivered = { detail: undefined, state: 'accepted' } as const
const revoked = { old: 'void', passwordState: 'none' } as const
const revokedUnknown = { ...revoked, state: 'unknown', detail: 'revoked_unknown' } as const

/** The reset protocol's table, for each mode and each way a hand-over can end. */
const rows: readonly Row[] = [
  { mode: 'keep-until-used', delivery: 'accepted', ...delivered, old: kept, passwordState: 'own' },
  { mode: 'keep-until-used', delivery: 'refused', ...refused },
  { mode: 'keep-until-used', delivery: 'line lost', ...unknown },
  { mode: 'keep-until-used', delivery: 'no answer in time', ...unknown },
  {
    mode: 'keep-until-accepted',
    delivery: 'accepted',
    ...delivered,
    old: 'void',
    passwordState: 'delivered_unused',
  },
  { mode: 'keep-until-accepted', delivery: 'refused', ...refused },
  { mode: 'keep-until-accepted', delivery: 'line lost', ...unknown },
  { mode: 'keep-until-accepted', delivery: 'no answer in time', ...unknown },
  { mode: 'revoke-now', delivery: 'accepted', ...delivered, old: 'void', passwordState: 'delivered_unused' },
  { mode: 'revoke-now', delivery: 'refused', ...revoked, state: 'failed', detail: 'revoked_undelivered' },
  { mode: 'revoke-now', delivery: 'line lost', ...revokedUnknown },
  { mode: 'revoke-now', delivery: 'no answer in time', ...revokedUnknown },
]

describeEachDatabase('the old password at a reset', (kind) => {
  let app: TestApp
  let gateway: FaultySmtpServer
  let client: ApiClient
  beforeAll(async () => {
    gateway = await startFaultySmtpServer()
    app = await startApp(kind, { oldPassword: 'keep-until-used' })
    client = app.client
    await waitForGateway(PATIENT_MS)
  })
  afterAll(async () => {
    await app.close()
    await gateway.close()
  })

  let waitsMs = 0
  async function waitForGateway(timeout_ms: number): Promise<void> {
    if (timeout_ms !== waitsMs) {
      waitsMs = timeout_ms
      const settings = { url: `smtp://127.0.0.1:${gateway.port}`, from: 'it@acme.example', timeout_ms }
      const mail = { name: 'mail', channel: 'EMAIL', kind: 'smtp', settings } as const
      await seedGateway(app.database.store, app.tenant, mail)
    }
  }

  async function reset(
    user: SeededUser,
    mode: OldPasswordMode,
    delivery: Delivery = 'accepted',
    key?: string,
  ): Promise<Answer> {
    gateway.script = scripts[delivery]
    await waitForGateway(delivery === 'no answer in time' ? HURRIED_MS : PATIENT_MS)
    const headers = key === undefined ? {} : { 'idempotency-key': key }
    return await client.resetPassword(user.id, 'EMAIL', headers, mode)
  }

  function letADayPass(): void {
    app.clock.advance(25 * HOUR_MS)
    client = createApiClient(app.url, app.application) // with an access token that is in time
  }

  const newestSecret = () => [...gateway.bodies.matchAll(/\[(\S+)\]/g)].at(-1)?.[1] ?? ''
  const resetsOf = (user: SeededUser) => app.database.store.read.resets.list(app.tenant.id, user.id, 100)

  async function recordOf(user: SeededUser): Promise<readonly AuditEntry[]> {
    const entries = await app.database.store.read.audit.list(app.tenant.id, 10_000)
    return entries.filter(({ targetId, detail }) => targetId === user.id || detail.userId === user.id)
  }

  async function passwordStateOf(user: SeededUser): Promise<PasswordState['kind']> {
    const { store } = app.database
    const current = await store.read.users.findWithCredential(app.tenant.id, user.id)
    return (await listResets(store, current ?? user, 10)).passwordState.kind
  }

  async function isSessionLive({ body }: Answer): Promise<boolean> {
    const answer = await client.changePassword(String(body.id_token), 'not-her-password', chosenPassword())
    return answer.body.error_code === 'PWD.9001'
  }

  function expectAnswer(answer: Answer, user: SeededUser, detail: string | undefined): void {
    expect(answer.headers.get('x-error-detail') ?? undefined).toBe(detail)
    expect(answer.text).toBe(detail === undefined ? `{"user_id":"${user.id}"}` : MSG_0001)
    expect(answer.status).toBe(detail === undefined ? 200 : 400)
  }

  it.each(rows)('$mode, $delivery: the reset is $state, the old password $old', async (row) => {
    const alice = await app.addUser()
    const session = await expectSignsIn(client, alice.userName, alice.password)
    expectAnswer(await reset(alice, row.mode, row.delivery), alice, row.detail)
    expect(await resetsOf(alice)).toMatchObject([{ state: row.state, oldPasswordMode: row.mode }])
    expect(await passwordStateOf(alice)).toBe(row.passwordState)
    expect(await isSessionLive(session)).toBe(row.old !== 'void')
    if (row.old === 'void') {
      await expectRefused(client, alice.userName, alice.password)
    } else {
      await expectSignsIn(client, alice.userName, alice.password)
    }
    if (row.delivery === 'refused') {
      return // the message never left, and its secret is forgotten
    }
    await expectMustChange(client, alice.userName, newestSecret())
    await expectRefused(client, alice.userName, alice.password)
    expect(await isSessionLive(session)).toBe(false)
    expect(await passwordStateOf(alice)).toBe('delivered_used')
  })

  it('is refused as the next one whatever became of it in between', async () => {
    for (const mode of ['keep-until-used', 'revoke-now'] as const) {
      const alice = await app.addUser()
      await reset(alice, mode)
      const secret = newestSecret()
      const stateToken = await expectMustChange(client, alice.userName, secret)
      const answer = await client.updatePassword(stateToken, secret, alice.password)
      expect(answer.body.error_code).toBe('PWD.9003')
    }
  })

  describe('old_password of the call', () => {
    it.each([
      '&old_password',
      '&old_password=',
      '&old_password=keep',
      '&old_password=Revoke-Now',
      '&old_password=revoke-now%20',
      '&old_password=revoke-now&old_password=revoke-now',
      '&old_password=revoke-now&old_password=keep-until-used',
    ])('is refused before anybody is looked up when it says %j', async (parameter) => {
      const alice = await app.addUser()
      for (const userId of [alice.id, 'nobody']) {
        const path = `/api/v2/tenant/users/${userId}/rest-password?send_mode=EMAIL${parameter}`
        const headers = { authorization: `Bearer ${await client.token()}` }
        const answer = await client.call('PUT', path, { headers })
        expect(answer.text).toBe(MSG_0004)
        expect(answer.status).toBe(400)
        expect(answer.headers.get('x-error-detail')).toBe('old_password_mode')
      }
      expect(await resetsOf(alice)).toEqual([])
      await expectSignsIn(client, alice.userName, alice.password)
    })

    it('counts as what the tenant says when it is not sent', async () => {
      const alice = await app.addUser()
      gateway.script = scripts.accepted
      expectAnswer(await client.resetPassword(alice.id, 'EMAIL'), alice, undefined)
      expect(await resetsOf(alice)).toMatchObject([{ oldPasswordMode: 'keep-until-used' }])
      await expectSignsIn(client, alice.userName, alice.password)
    })

    it('is told of after a send_mode that is none', async () => {
      const answer = await client.resetPassword('nobody', 'FAX', {}, 'keep')
      expect(answer.headers.get('x-error-detail')).toBe('mode_unknown')
    })
  })

  describe('keep-until-used', () => {
    it('keeps the old password when the new one expires unused, and says so on record', async () => {
      const alice = await app.addUser()
      await reset(alice, 'keep-until-used')
      letADayPass()
      const late = await client.signIn(alice.userName, newestSecret())
      expect(late.body.error_code).toBe('SDK.LOGIN.9001')
      await expectSignsIn(client, alice.userName, alice.password)
      const current = await app.database.store.read.users.findWithCredential(app.tenant.id, alice.id)
      expect(current?.credential).toEqual(alice.credential)
      expect(await passwordStateOf(alice)).toBe('own')
      const expired = (await recordOf(alice)).find(({ action }) => action === 'reset.expired')
      expect(expired?.detail).toMatchObject({ wasUsed: false, voidedPassword: false, endedSessions: 0 })
    })

    it('lets an accepted one give way to the next, and keeps the old password through all of them', async () => {
      const alice = await app.addUser()
      const secrets = []
      for (const delivery of ['accepted', 'line lost', 'accepted'] as const) {
        await reset(alice, 'keep-until-used', delivery)
        secrets.push(newestSecret())
      }
      const [first = '', second = '', third = ''] = secrets
      expect((await resetsOf(alice)).map(({ state }) => state)).toEqual([
        'accepted',
        'superseded',
        'superseded',
      ])
      await expectRefused(client, alice.userName, first)
      await expectRefused(client, alice.userName, second)
      await expectSignsIn(client, alice.userName, alice.password)
      await expectMustChange(client, alice.userName, third)
    })

    it('keeps a delivered old password too, used or not, until the new one is used', async () => {
      for (const isUsed of [false, true]) {
        const alice = await app.addUser()
        await reset(alice, 'keep-until-accepted')
        const older = newestSecret()
        const stateToken = isUsed ? await expectMustChange(client, alice.userName, older) : undefined
        await reset(alice, 'keep-until-used')
        const newer = newestSecret()
        await expectMustChange(client, alice.userName, older)
        await expectMustChange(client, alice.userName, newer)
        await expectRefused(client, alice.userName, older)
        const spent = stateToken ?? (await expectMustChange(client, alice.userName, newer))
        const answer = await client.updatePassword(spent, isUsed ? older : newer, chosenPassword())
        expect(answer.body.error_code).toBe(isUsed ? 'SDK.COMMON.1005' : undefined)
      }
    })

    it('counts what waits for a user without a password as theirs until its deadline', async () => {
      const alice = await app.addUser()
      await reset(alice, 'revoke-now', 'refused')
      await reset(alice, 'keep-until-used')
      expect(await passwordStateOf(alice)).toBe('delivered_unused')
      letADayPass()
      expect(await passwordStateOf(alice)).toBe('none')
    })

    it('repeats 200 for a key whose accepted reset was superseded or expired unused since', async () => {
      for (const end of ['superseded', 'expired'] as const) {
        const alice = await app.addUser()
        const key = randomUUID()
        const first = await reset(alice, 'keep-until-used', 'accepted', key)
        if (end === 'superseded') {
          await reset(alice, 'keep-until-used')
        } else {
          const { id = '' } = (await resetsOf(alice))[0] ?? {}
          await app.database.store.transaction((repositories) =>
            repositories.resets.change(app.tenant.id, id, { states: ['accepted'] }, { state: 'expired' }),
          )
        }
        const again = await reset(alice, 'keep-until-used', 'accepted', key)
        expect(again.text).toBe(first.text)
        expect(again.status).toBe(200)
        expect(again.headers.get('x-reset-id')).toBe(first.headers.get('x-reset-id'))
        expect(again.headers.get('idempotent-replayed')).toBe('true')
      }
    })
  })

  describe('revoke-now', () => {
    it('ends sessions and everything delivered before, with their counts on record', async () => {
      const alice = await app.addUser()
      await reset(alice, 'keep-until-used', 'line lost')
      const older = newestSecret()
      const sessions = [
        await expectSignsIn(client, alice.userName, alice.password),
        await expectSignsIn(client, alice.userName, alice.password),
      ]
      await reset(alice, 'revoke-now', 'refused')
      await expectRefused(client, alice.userName, older)
      for (const session of sessions) {
        expect(await isSessionLive(session)).toBe(false)
      }
      const [newest, before] = await resetsOf(alice)
      const ofReset = (await recordOf(alice)).filter(({ targetId }) => targetId === newest?.id)
      expect(ofReset.find(({ action }) => action === 'reset.prepared')?.detail).toMatchObject({
        oldPassword: 'revoke-now',
        revoked: true,
        voidedPassword: true,
        supersededResets: [before?.id],
        endedSessions: 2,
        endedStateTokens: 0,
      })
      expect(ofReset.find(({ action }) => action === 'reset.failed')?.detail).toMatchObject({
        reason: 'recipient_refused',
        revoked: true,
      })
    })

    it.each([
      ['a user without an address', { email: undefined }, 'USER.0012', undefined],
      ['an address that cannot be used', { email: 'not an address' }, 'MSG.0004', 'contact_invalid'],
      ['a disabled user', { disabled: true }, 'USER.9001', undefined],
    ])('changes nothing for %s', async (_title, change, code, detail) => {
      const alice = await app.addUser(change)
      const answer = await reset(alice, 'revoke-now')
      expect(answer.body.error_code).toBe(code)
      expect(answer.headers.get('x-error-detail') ?? undefined).toBe(detail)
      const current = await app.database.store.read.users.findWithCredential(app.tenant.id, alice.id)
      expect(current?.credential).toEqual(alice.credential)
    })

    it('sends again for a key whose reset failed, and repeats what nobody knows', async () => {
      const alice = await app.addUser()
      const key = randomUUID()
      expectAnswer(await reset(alice, 'revoke-now', 'refused', key), alice, 'revoked_undelivered')
      const unsettled = await reset(alice, 'revoke-now', 'line lost', key)
      expectAnswer(unsettled, alice, 'revoked_unknown')
      expect(unsettled.headers.get('idempotent-replayed')).toBeNull()
      const sent = newestSecret()
      const repeat = await reset(alice, 'revoke-now', 'accepted', key)
      expectAnswer(repeat, alice, 'revoked_unknown')
      expect(repeat.headers.get('idempotent-replayed')).toBe('true')
      const other = await reset(alice, 'keep-until-accepted', 'accepted', key)
      expect([other.status, other.body.error_code]).toEqual([409, 'MSG.9003'])
      await expectMustChange(client, alice.userName, sent)
    })
  })
})

describeEachDatabase('the limits of resets', (kind) => {
  let app: TestApp
  beforeAll(async () => {
    app = await startApp(kind, { oldPassword: 'revoke-now', limits: { perUserPerHour: 1 } })
  })
  afterAll(() => app.close())

  it('keep revoke-now from voiding a password that no message would replace', async () => {
    const alice = await app.addUser()
    expect((await app.client.resetPassword(alice.id, 'EMAIL')).status).toBe(200)
    const secret = await app.readMailedPassword()
    const stateToken = await expectMustChange(app.client, alice.userName, secret)
    const own = chosenPassword()
    await app.client.updatePassword(stateToken, secret, own)
    expect((await app.client.resetPassword(alice.id, 'EMAIL')).body.error_code).toBe('MSG.9001')
    await expectSignsIn(app.client, alice.userName, own)
  })

  it.each(['keep-until-used', 'keep-until-accepted'])(
    'are no matter where the tenant revokes at once and the call asks for %s',
    async (mode) => {
      const alice = await app.addUser()
      const answer = await app.client.resetPassword(alice.id, 'EMAIL', {}, mode)
      expect(answer.text).toBe(MSG_0004)
      expect(answer.headers.get('x-error-detail')).toBe('old_password_mode')
      await expectSignsIn(app.client, alice.userName, alice.password)
    },
  )
})
