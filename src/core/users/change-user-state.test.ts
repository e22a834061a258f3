import { describe, expect, it } from 'vitest'
import { describeEachDatabase } from '../../../test/support/databases.ts'
import { seedTenant } from '../../../test/support/seed-tenant.ts'
import { useSignIn } from '../../../test/support/sign-in-fixture.ts'
import type { Caller } from '../permissions/caller.ts'
import { disableUser, enableUser } from './change-user-state.ts'

const wrongPassword = { code: 'SDK.LOGIN.1005' }

// reset protocol, rules 8 and 9
describeEachDatabase('disableUser and enableUser', (kind) => {
  const fixture = useSignIn(kind)

  const callerOf = (): Caller => ({
    tenant: fixture().tenant,
    application: fixture().application,
    requestId: 'request-1',
  })
  const disable = (userId: string) => disableUser(fixture().database.store, callerOf(), userId)
  const enable = (userId: string) => enableUser(fixture().database.store, callerOf(), userId)

  async function recordOf(userId: string) {
    const rows = await fixture().database.store.read.audit.list(fixture().tenant.id, 1_000)
    return rows
      .filter(({ targetId, action }) => targetId === userId && action.startsWith('user.'))
      .toReversed()
  }

  it.each(['sending', 'unknown'] as const)(
    'disabling supersedes a reset that is %s; enabling does not reopen it, and the own password works',
    async (state) => {
      const f = fixture()
      const user = await f.user()
      const delivered = await f.reset(user, state)
      await disable(user.id)
      const superseded = { state: 'superseded', detail: 'user_disabled', leaseToken: undefined }
      expect(await f.findReset(delivered)).toMatchObject(superseded)
      await enable(user.id)
      expect(await f.findReset(delivered)).toMatchObject(superseded)
      await expect(f.signIn(user.userName, delivered.password)).rejects.toMatchObject(wrongPassword)
      expect(await f.signIn(user.userName, user.password)).toMatchObject({ status: 'SUCCESS' })
    },
  )

  it.each(['accepted', 'used'] as const)(
    'disabling voids a delivered password that is %s; enabling revives neither it nor the one before',
    async (state) => {
      const f = fixture()
      const user = await f.user()
      const delivered = await f.reset(user, 'accepted')
      const stateToken = state === 'used' ? await f.stateToken(user.userName, delivered.password) : undefined
      await disable(user.id)
      await enable(user.id)
      expect(await f.findReset(delivered)).toMatchObject({ state: 'superseded' })
      expect(await f.findUser(user)).toMatchObject({
        disabled: false,
        mustChangePassword: true,
        credential: { ...user.credential, digest: undefined, resetId: undefined, version: 3 },
      })
      for (const password of [delivered.password, user.password]) {
        await expect(f.signIn(user.userName, password)).rejects.toMatchObject(wrongPassword)
      }
      if (stateToken !== undefined) {
        const late = f.update(stateToken, delivered.password, 'Chosen-by-myself-1')
        await expect(late).rejects.toMatchObject({ code: 'SDK.COMMON.1005' })
      }
      expect(await recordOf(user.id)).toMatchObject([
        { action: 'user.disabled', detail: { supersededResets: [delivered.id], voidedPassword: true } },
        { action: 'user.enabled' },
      ])
    },
  )

  it('disabling ends sessions and open sign-ins under a new version, and records how many', async () => {
    const f = fixture()
    const user = await f.user()
    await f.signIn(user.userName, user.password)
    const signedIn = await f.signIn(user.userName, user.password)
    await disable(user.id)
    expect(await f.findUser(user)).toMatchObject({
      disabled: true,
      credential: { ...user.credential, version: 2 },
    })
    expect(await f.database.query('select id from sessions where user_id = $1', [user.id])).toEqual([])
    expect(await recordOf(user.id)).toMatchObject([
      {
        action: 'user.disabled',
        actor: { kind: 'application', id: f.application.id },
        requestId: 'request-1',
        detail: { supersededResets: [], voidedPassword: false, endedSessions: 2, endedStateTokens: 0 },
      },
    ])
    await enable(user.id)
    const idToken = signedIn.status === 'SUCCESS' ? signedIn.idToken : undefined
    const late = idToken && f.change(idToken, user.password, 'Chosen-by-myself-1')
    await expect(late).rejects.toMatchObject({ code: 'invalid_token' })
  })

  it('the second time changes nothing and records nothing', async () => {
    const f = fixture()
    const user = await f.user()
    await disable(user.id)
    const before = [await f.findUser(user), await recordOf(user.id)]
    expect(await disable(user.id)).toEqual({ userId: user.id })
    expect([await f.findUser(user), await recordOf(user.id)]).toEqual(before)
    await enable(user.id)
    const enabled = [await f.findUser(user), await recordOf(user.id)]
    expect(await enable(user.id)).toEqual({ userId: user.id })
    expect([await f.findUser(user), await recordOf(user.id)]).toEqual(enabled)
  })

  describe('of a user who is not there', () => {
    it.each([
      ['disabling', disable],
      ['enabling', enable],
    ])('%s says so, and reaches nobody in another tenant', async (_what, change) => {
      const f = fixture()
      const user = await f.user()
      await expect(change('nobody')).rejects.toMatchObject({ code: 'USER.0001' })
      const caller = { ...callerOf(), tenant: await seedTenant(f.database.store) }
      await expect(disableUser(f.database.store, caller, user.id)).rejects.toMatchObject({
        code: 'USER.0001',
      })
      expect(await f.findUser(user)).toMatchObject({ disabled: false })
    })
  })
})
