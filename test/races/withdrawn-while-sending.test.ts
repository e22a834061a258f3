import { afterAll, beforeAll, expect, it } from 'vitest'
import { notMeToken } from '../../src/core/reset/not-me-token.ts'
import { applyTenantFile } from '../../src/core/tenant-file/apply-tenant-file.ts'
import { removeUser } from '../../src/core/users/remove-user.ts'
import { describeEachDatabase } from '../support/databases.ts'
import { expectRefused, expectSignsIn } from '../support/passwords.ts'
import type { SeededUser } from '../support/seed-tenant.ts'
import { listResets, type RaceApp, startRaceApp, verdicts } from './race-app.ts'

const USER_0001 = '{"error_code":"USER.0001","error_msg":"User does not exist"}'
const USER_9001 = '{"error_code":"USER.9001","error_msg":"User is disabled"}'
const MSG_0001 = '{"error_code":"MSG.0001","error_msg":"Message sending failed"}'

describeEachDatabase('while the gateway holds its answer', (kind) => {
  let app: RaceApp
  beforeAll(async () => {
    app = await startRaceApp(kind)
  })
  afterAll(async () => {
    await app.close()
    // what was withdrawn went to no other gateway
    expect(app.backup.mails).toEqual([])
  })

  async function setState(alice: SeededUser, change: 'disable' | 'enable'): Promise<void> {
    const headers = { authorization: `Bearer ${await app.client.token()}` }
    const answer = await app.client.call('PUT', `/api/v2/tenant/users/${alice.id}/${change}`, { headers })
    expect(answer.status).toBe(200)
  }

  async function changeEmail(alice: SeededUser): Promise<void> {
    const { code, name, domains, language, timeZone: time_zone } = app.tenant
    const { userName: user_name, mobile } = alice
    const user = { user_name, name: alice.name, mobile, email: `new-${alice.email}` }
    const text = JSON.stringify({
      tenant: { code, name, domains, language, time_zone },
      users: [user],
    })
    const call = { file: 'tenant.yaml', text, environment: {}, isDryRun: false, isPruning: false }
    const report = await applyTenantFile(app.app.applyTools, call)
    expect(report.problems).toEqual([])
    expect(report.tenants[0]?.changes).toMatchObject([{ kind: 'user', action: 'update', fields: ['email'] }])
  }

  async function remove(alice: SeededUser): Promise<void> {
    await app.database.store.transaction(async (repositories) => {
      const user = await repositories.users.lock(alice.tenantId, alice.id)
      expect(user).toBeDefined()
      const actor = { kind: 'operator', id: undefined } as const
      const now = await repositories.now()
      await removeUser(repositories, { user: user ?? alice, actor, requestId: undefined, now })
    })
  }

  it.each(verdicts)('disabling the user ends the reset, although the gateway then %s', async (verdict) => {
    const alice = await app.addUser()
    const held = await app.startHeldReset(alice)
    await setState(alice, 'disable')
    await expectRefused(app.client, alice.userName, held.password)
    app.decide(verdict)
    const answer = await held.answer
    expect(answer.status).toBe(400)
    expect(answer.text).toBe(USER_9001)
    await setState(alice, 'enable')
    await expectRefused(app.client, alice.userName, held.password)
    await expectSignsIn(app.client, alice.userName, alice.password)
    const [reset] = await listResets(app.database.store, alice)
    expect(reset).toMatchObject({ state: 'superseded', detail: 'user_disabled' })
  })

  it.each(verdicts)(
    '“this was not me” freezes the account and ends the reset, although the gateway then %s',
    async (verdict) => {
      const alice = await app.addUser()
      const held = await app.startHeldReset(alice)
      const [{ id: resetId } = { id: '' }] = await listResets(app.database.store, alice)
      const token = notMeToken(app.app.seal.mac, app.tenant.id, { kind: 'reset', resetId })
      const call = { tenant: app.tenant, token, address: undefined, requestId: 'request-1' }
      expect(await app.app.core.disownReset(call)).toEqual({ kind: 'frozen' })
      await expectRefused(app.client, alice.userName, held.password)
      app.decide(verdict)
      const answer = await held.answer
      expect(answer.status).toBe(400)
      expect(answer.text).toBe(USER_9001)
      await setState(alice, 'enable')
      await expectRefused(app.client, alice.userName, held.password)
      await expectSignsIn(app.client, alice.userName, alice.password)
      const [reset] = await listResets(app.database.store, alice)
      expect(reset).toMatchObject({ state: 'superseded', detail: 'disowned' })
      const { text } = await app.client.call('GET', '/metrics')
      expect(text).toContain('rekey_accounts_frozen_total{about="reset"}')
    },
  )

  it.each(verdicts)(
    'another e-mail address ends the reset, although the gateway then %s',
    async (verdict) => {
      const alice = await app.addUser()
      const held = await app.startHeldReset(alice)
      await changeEmail(alice)
      await expectRefused(app.client, alice.userName, held.password)
      app.decide(verdict)
      const answer = await held.answer
      expect(answer.status).toBe(400)
      expect(answer.text).toBe(MSG_0001)
      expect(answer.headers.get('x-error-detail')).toBe('superseded')
      await expectRefused(app.client, alice.userName, held.password)
      await expectSignsIn(app.client, alice.userName, alice.password)
      const [reset] = await listResets(app.database.store, alice)
      expect(reset).toMatchObject({ state: 'superseded', detail: 'contact_changed' })
    },
  )

  it.each(verdicts)(
    'a password of their own ends the reset, although the gateway then %s',
    async (verdict) => {
      const alice = await app.addUser()
      const signedIn = await expectSignsIn(app.client, alice.userName, alice.password)
      const held = await app.startHeldReset(alice)
      const own = 'Chosen-by-her-2580'
      const changed = await app.client.changePassword(String(signedIn.body.id_token), alice.password, own)
      expect(changed.status).toBe(200)
      app.decide(verdict)
      const answer = await held.answer
      expect(answer.text).toBe(MSG_0001)
      expect(answer.headers.get('x-error-detail')).toBe('superseded')
      await expectRefused(app.client, alice.userName, held.password)
      await expectSignsIn(app.client, alice.userName, own)
    },
  )

  it.each(verdicts)('removing the user ends the reset, although the gateway then %s', async (verdict) => {
    const alice = await app.addUser()
    const held = await app.startHeldReset(alice)
    await remove(alice)
    app.decide(verdict)
    const answer = await held.answer
    expect(answer.status).toBe(400)
    expect(answer.text).toBe(USER_0001)
    await expectRefused(app.client, alice.userName, held.password)
    const again = await app.client.resetPassword(alice.id, 'EMAIL')
    expect(again.text).toBe(USER_0001)
  })
})
