import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { describeEachDatabase } from '../../../test/support/databases.ts'
import { chosenPassword } from '../../../test/support/passwords.ts'
import { seedApplication } from '../../../test/support/seed-tenant.ts'
import { useSignIn } from '../../../test/support/sign-in-fixture.ts'
import { HOUR_MS, MINUTE_MS } from '../clock.ts'
import { Secret } from '../secret.ts'
import { digestToken } from '../tokens/digest-token.ts'
import { disableUser } from '../users/change-user-state.ts'
import { updateExpiredPassword } from './update-expired-password.ts'

const expiredToken = { code: 'SDK.COMMON.1005', params: ['X-state-token'] }

describeEachDatabase('updateExpiredPassword', (kind) => {
  const fixture = useSignIn(kind)
  const chosen = chosenPassword

  /** Somebody who signed in with a delivered password. */
  async function delivered(state: 'unknown' | 'accepted' = 'accepted') {
    const f = fixture()
    const user = await f.user()
    const reset = await f.reset(user, state)
    return { user, reset, stateToken: await f.stateToken(user.userName, reset.password) }
  }

  test('replaces the delivered password, completes its reset, and opens a session', async () => {
    const f = fixture()
    const { user, reset, stateToken } = await delivered()
    const before = await f.findUser(user)
    const password = chosen()
    const answer = await f.update(stateToken, reset.password, password)
    expect(answer).toMatchObject({ status: 'SUCCESS', expiresInSeconds: 43_200 })
    expect(await f.findReset(reset)).toMatchObject({ state: 'completed', digest: undefined })
    const after = await f.findUser(user)
    expect(after.credential).toMatchObject({ resetId: undefined, version: 3 })
    expect(after.mustChangePassword).toBe(false)
    expect(after.credential.salt).not.toBe(before.credential.salt)
    const tokenDigest = digestToken(answer.sessionToken.reveal())
    const session = await f.database.store.read.sessions.findByToken(f.tenant.id, tokenDigest)
    expect(session).toMatchObject({ credentialVersion: 3 })
    expect(await f.signIn(user.userName, password)).toMatchObject({ status: 'SUCCESS' })
    await expect(f.signIn(user.userName, reset.password)).rejects.toMatchObject({ code: 'SDK.LOGIN.1005' })
    expect(await f.actions(user.id)).toContain('password.changed')
  })

  test('ends every other session, open sign-in and reset', async () => {
    const f = fixture()
    const { user, reset, stateToken } = await delivered('unknown')
    const otherToken = await f.stateToken(user.userName, reset.password)
    const later = await f.reset(user, 'unknown')
    await f.update(stateToken, reset.password, chosen())
    const rows = await f.database.store.read.audit.list(f.tenant.id, 100)
    const changed = rows.find((row) => row.targetId === user.id && row.action === 'password.changed')
    expect(changed?.detail).toEqual({ supersededResets: [later.id], endedSessions: 0, endedStateTokens: 2 })
    expect(await f.findReset(later)).toMatchObject({ state: 'superseded', digest: undefined })
    await expect(f.signIn(user.userName, later.password)).rejects.toMatchObject({ params: [2] })
    await expect(f.update(otherToken, reset.password, chosen())).rejects.toMatchObject(expiredToken)
  })

  test('works for a password that must be changed and came from no reset', async () => {
    const f = fixture()
    const user = await f.user({ mustChangePassword: true })
    const stateToken = await f.stateToken(user.userName, user.password)
    expect(await f.update(stateToken, user.password, chosen())).toMatchObject({ status: 'SUCCESS' })
  })

  test('honours its token to its own end, past the deadline of the reset', async () => {
    const f = fixture()
    const user = await f.user()
    const reset = await f.reset(user, 'accepted')
    f.clock.advance(HOUR_MS - MINUTE_MS)
    const stateToken = await f.stateToken(user.userName, reset.password)
    f.clock.advance(14 * MINUTE_MS)
    expect(await f.update(stateToken, reset.password, chosen())).toMatchObject({ status: 'SUCCESS' })
  })

  test('of two at once lets the first win', async () => {
    const f = fixture()
    const { user, reset, stateToken } = await delivered()
    const secondToken = await f.stateToken(user.userName, reset.password)
    const passwords = [chosen(), chosen()]
    const outcomes = await Promise.allSettled([
      f.update(stateToken, reset.password, String(passwords[0])),
      f.update(secondToken, reset.password, String(passwords[1])),
    ])
    const winner = outcomes.findIndex((outcome) => outcome.status === 'fulfilled')
    expect(outcomes[1 - winner]).toMatchObject({ status: 'rejected', reason: expiredToken })
    expect(await f.signIn(user.userName, String(passwords[winner]))).toMatchObject({ status: 'SUCCESS' })
    await expect(f.signIn(user.userName, String(passwords[1 - winner]))).rejects.toMatchObject({
      code: 'SDK.LOGIN.1005',
    })
  })

  describe('answers SDK.COMMON.1005 alike', () => {
    test('to tokens that are unknown, used, too old, or of another application', async () => {
      const f = fixture()
      const { reset, stateToken } = await delivered()
      const other = await seedApplication(f.database.store, f.tenant)
      const call = { ...f, requestId: 'r', address: undefined, oldPassword: new Secret(reset.password) }
      await expect(
        updateExpiredPassword(f.deps, {
          ...call,
          application: other,
          stateToken,
          newPassword: new Secret(chosen()),
        }),
      ).rejects.toMatchObject(expiredToken)
      for (const unknown of ['', '\0', 'x'.repeat(10_000), randomUUID()]) {
        await expect(f.update(new Secret(unknown), reset.password, chosen())).rejects.toMatchObject(
          expiredToken,
        )
      }
      await f.update(stateToken, reset.password, chosen())
      await expect(f.update(stateToken, reset.password, chosen())).rejects.toMatchObject(expiredToken)
      const late = await delivered()
      f.clock.advance(15 * MINUTE_MS)
      await expect(f.update(late.stateToken, late.reset.password, chosen())).rejects.toMatchObject(
        expiredToken,
      )
    })

    test('to tokens of a user who was disabled, and of one who was reset again', async () => {
      const f = fixture()
      const { user, reset, stateToken } = await delivered()
      const caller = { tenant: f.tenant, application: f.application, requestId: 'r' }
      await disableUser(f.database.store, caller, user.id)
      await expect(f.update(stateToken, reset.password, chosen())).rejects.toMatchObject(expiredToken)
      const again = await delivered()
      await f.reset(again.user, 'accepted')
      await expect(f.update(again.stateToken, again.reset.password, chosen())).rejects.toMatchObject(
        expiredToken,
      )
    })

    test('to tokens of an older credential version that nobody cleared away', async () => {
      const f = fixture()
      const { user, reset, stateToken } = await delivered()
      await f.database.store.transaction((repositories) =>
        repositories.users.bumpCredentialVersion(f.tenant.id, user.id),
      )
      await expect(f.update(stateToken, reset.password, chosen())).rejects.toMatchObject(expiredToken)
    })

    test('with two hashes for none, and for a good one as many whatever the passwords are', async () => {
      const f = fixture()
      const { user, reset, stateToken } = await delivered()
      f.takeHashCount()
      await expect(f.update(new Secret('unknown'), 'wrong', chosen())).rejects.toMatchObject(expiredToken)
      expect(f.takeHashCount()).toBe(2)
      // one more for the history, whose password has the salt of the delivered one
      await expect(f.update(stateToken, 'wrong', chosen())).rejects.toMatchObject({ code: 'PWD.9001' })
      expect(f.takeHashCount()).toBe(3)
      await expect(f.update(stateToken, 'wrong', user.password)).rejects.toMatchObject({ code: 'PWD.9001' })
      expect(f.takeHashCount()).toBe(3)
      const usedBefore = f.update(stateToken, reset.password, user.password)
      await expect(usedBefore).rejects.toMatchObject({ code: 'PWD.9003' })
      expect(f.takeHashCount()).toBe(3)
      await f.update(stateToken, reset.password, chosen())
      expect(f.takeHashCount()).toBe(3)
    })
  })

  describe('refuses a wrong old password', () => {
    test('and counts it where sign-in counts, until the lock', async () => {
      const f = fixture()
      const user = await f.user({ mustChangePassword: true })
      const stateToken = await f.stateToken(user.userName, user.password)
      await expect(f.signIn(user.userName, 'wrong')).rejects.toMatchObject({ params: [2] })
      const refused = f.update(stateToken, 'wrong', chosen())
      await expect(refused).rejects.toMatchObject({ code: 'PWD.9001', params: [1] })
      for (const oldPassword of ['wrong', 'wrong', user.password]) {
        await expect(f.update(stateToken, oldPassword, chosen())).rejects.toMatchObject({
          code: 'SDK.LOGIN.1003',
        })
      }
      f.clock.advance(15 * MINUTE_MS)
      expect(await f.signIn(user.userName, user.password)).toMatchObject({ status: 'PASSWORD_EXPIRED' })
    })

    test('and says nothing about the new one', async () => {
      const f = fixture()
      const { reset, stateToken } = await delivered()
      await expect(f.update(stateToken, 'wrong', 'short')).rejects.toMatchObject({ code: 'PWD.9001' })
      await expect(f.update(stateToken, 'wrong', 'wrong')).rejects.toMatchObject({ code: 'PWD.9001' })
      expect(await f.update(stateToken, reset.password, chosen())).toMatchObject({ status: 'SUCCESS' })
    })
  })

  test('goes on with a delivered password while the account is locked, and ends the lock', async () => {
    const f = fixture()
    const { user, reset, stateToken } = await delivered()
    for (let attempt = 0; attempt < 3; attempt += 1) {
      await f.signIn(user.userName, 'wrong').catch(() => undefined)
    }
    await expect(f.update(stateToken, 'wrong', chosen())).rejects.toMatchObject({ code: 'SDK.LOGIN.1003' })
    expect(await f.update(stateToken, reset.password, chosen())).toMatchObject({ status: 'SUCCESS' })
    await expect(f.signIn(user.userName, 'wrong')).rejects.toMatchObject({ params: [2] })
  })

  test.each([
    ['', 'PWD.0001'],
    ['Short-1', 'PWD.0002'],
    ['x'.repeat(65), 'PWD.0002'],
    ['alllowercaseletters', 'PWD.0005'],
  ])('refuses a new password that the policy forbids: %j', async (password, code) => {
    const f = fixture()
    const { reset, stateToken } = await delivered()
    await expect(f.update(stateToken, reset.password, password)).rejects.toMatchObject({ code })
    expect(await f.findReset(reset)).toMatchObject({ state: 'used' })
    expect(await f.update(stateToken, reset.password, chosen())).toMatchObject({ status: 'SUCCESS' })
  })

  test('refuses the delivered password as the new one', async () => {
    const f = fixture()
    const { reset, stateToken } = await delivered()
    await expect(f.update(stateToken, reset.password, reset.password)).rejects.toMatchObject({
      code: 'PWD.9002',
    })
  })
})
