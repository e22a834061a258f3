import { expect, it } from 'vitest'
import { describeEachDatabase } from '../../../test/support/databases.ts'
import { findInTables } from '../../../test/support/find-in-tables.ts'
import { aReset } from '../../../test/support/sample-rows.ts'
import { startApp } from '../../../test/support/start-app.ts'
import { sealAudit } from '../audit/seal-audit.ts'
import { verifyAudit } from '../audit/verify-audit.ts'
import { eraseUser } from './erase-user.ts'
import { removeUser } from './remove-user.ts'

const actor = { kind: 'operator', id: undefined } as const

describeEachDatabase('eraseUser', (kind) => {
  async function withApp(work: (test: Awaited<ReturnType<typeof startApp>>) => Promise<void>): Promise<void> {
    const test = await startApp(kind)
    try {
      await work(test)
    } finally {
      await test.close()
    }
  }

  it('leaves neither name nor address in any table, and the record as sound as it was', () =>
    withApp(async (test) => {
      const { database, tenant, app } = test
      const user = await test.addUser({
        userName: 'quentin.zebra',
        name: 'Quentin Zebra',
        email: 'q.zebra@quagga.example',
        mobile: '+86-13877700042',
        profile: { employee_id: 'EMP-777042', attr_nick_name: 'Quagga' },
        extension: { desk: 'Quagga-Tower-7' },
      })
      test.sms.answer = { status: 500, body: 'cannot reach 13877700042' }
      await test.client.resetPassword(user.id, 'SMS')
      await test.client.resetPassword(user.id, 'EMAIL')
      const delivered = await test.readMailedPassword()
      await test.client.signIn(user.userName, 'wrong')
      await test.client.signIn(user.userName, delivered)
      const needles = ['zebra', 'quentin', 'quagga', '13877700042', '777042']
      expect(await findInTables(kind, test.database, needles)).not.toEqual([])

      const call = { tenant, userId: user.id, actor, requestId: 'request-1' }
      expect(await eraseUser(database.store, call)).toEqual({ wasRemovedNow: true, resets: 2 })
      expect(await findInTables(kind, test.database, needles)).toEqual([])

      const rows = await database.store.read.audit.list(tenant.id, 100)
      expect(rows[0]).toMatchObject({ action: 'user.erased', targetId: user.id, actor: { kind: 'operator' } })
      expect(rows.map(({ action }) => action)).toContain('user.removed')
      expect(
        rows.some(({ action, detail }) => action === 'reset.accepted' && detail.userId === user.id),
      ).toBe(true)
      const deps = { store: database.store, mac: app.seal.mac, clock: test.clock, holder: 'test' }
      const silent = {
        onSealed: () => undefined,
        onOldestUnsealed: () => undefined,
        onTrouble: () => undefined,
      }
      test.clock.advance(10_000)
      await sealAudit({ ...deps, ...silent })
      expect(await verifyAudit(deps, tenant.id)).toMatchObject({ fault: undefined })
    }))

  it('erases what is left of a user who was removed before, whose id alone is known', () =>
    withApp(async (test) => {
      const { store } = test.database
      const user = await test.addUser({ userName: 'otto.okapi', email: 'otto.okapi@quagga.example' })
      await test.client.resetPassword(user.id, 'EMAIL')
      await store.transaction(async (repositories) => {
        const now = await repositories.now()
        await removeUser(repositories, { user, actor, requestId: undefined, now })
      })
      expect(await findInTables(kind, test.database, ['quagga'])).not.toEqual([])
      const call = { tenant: test.tenant, userId: user.id, actor, requestId: 'request-1' }
      expect(await eraseUser(store, call)).toEqual({ wasRemovedNow: false, resets: 1 })
      expect(await findInTables(kind, test.database, ['okapi', 'quagga'])).toEqual([])
      expect(await eraseUser(store, { ...call, userId: 'nobody' })).toBeUndefined()
    }))

  it('leaves a hand-over that is under way no place for what the gateway will say', () =>
    withApp(async (test) => {
      const { store } = test.database
      const user = await test.addUser()
      const reset = aReset(user, { state: 'sending' })
      const key = { tenantId: user.tenantId, resetId: reset.id, ordinal: 1 }
      const begun = { gateway: 'mail', startedAt: 1, endedAt: undefined, outcome: undefined }
      await store.transaction(async ({ resets }) => {
        await resets.insert(reset)
        await resets.insertAttempt({ ...key, ...begun, reason: undefined, reply: undefined })
      })
      await eraseUser(store, { tenant: test.tenant, userId: user.id, actor, requestId: 'request-1' })
      const end = {
        endedAt: 2,
        outcome: 'accepted',
        reason: undefined,
        reply: '250 for <okapi@quagga.example>',
      }
      await store.transaction(({ resets }) => resets.endAttempt(user.tenantId, reset.id, 1, end))
      expect(await findInTables(kind, test.database, ['okapi'])).toEqual([])
    }))
})
