import { describe, expect, test } from 'vitest'
import { describeEachDatabase } from '../../../test/support/databases.ts'
import { chosenPassword } from '../../../test/support/passwords.ts'
import { useSignIn } from '../../../test/support/sign-in-fixture.ts'
import { HOUR_MS } from '../clock.ts'
import { expireReset } from '../reset/expire-reset.ts'
import { promoteReset } from '../reset/promote-reset.ts'
import type { Reset } from '../reset/reset-state.ts'
import { digestToken } from '../tokens/digest-token.ts'

const wrong = (remaining: number) => ({ code: 'SDK.LOGIN.1005', params: [remaining] })
const lockedOut = { code: 'SDK.LOGIN.1003' }
const expired = { code: 'SDK.LOGIN.9001' }

describeEachDatabase('signIn with a delivered password', (kind) => {
  const fixture = useSignIn(kind)

  async function lock(userName: string): Promise<void> {
    for (let attempt = 0; attempt < 3; attempt += 1) {
      await fixture()
        .signIn(userName, 'wrong')
        .catch(() => undefined)
    }
    await expect(fixture().signIn(userName, 'wrong')).rejects.toMatchObject(lockedOut)
  }

  describe.each(['sending', 'unknown'] as const)('of a reset that is %s', (state) => {
    test('promotes it, gives a state token under the new version, and ends the old password', async () => {
      const f = fixture()
      const user = await f.user()
      await f.signIn(user.userName, user.password)
      const reset = await f.reset(user, state)
      f.takeHashCount()
      const stateToken = await f.stateToken(user.userName, reset.password)
      expect(f.takeHashCount()).toBe(1)
      expect(await f.findReset(reset)).toMatchObject({ state: 'used', usedAt: expect.any(Number) })
      const { credential, mustChangePassword } = await f.findUser(user)
      expect({ ...credential, mustChangePassword }).toMatchObject({
        resetId: reset.id,
        version: 2,
        mustChangePassword: true,
      })
      const tokenDigest = digestToken(stateToken.reveal())
      const stored = await f.database.store.read.sessions.findStateToken(f.tenant.id, tokenDigest)
      expect(stored).toMatchObject({ credentialVersion: 2, resetId: reset.id, userId: user.id })
      await expect(f.signIn(user.userName, user.password)).rejects.toMatchObject(wrong(2))
      expect(await f.actions(reset.id)).toEqual(['reset.used'])
    })

    test('leaves the old password working until then', async () => {
      const f = fixture()
      const user = await f.user()
      await f.reset(user, state)
      expect(await f.signIn(user.userName, user.password)).toMatchObject({ status: 'SUCCESS' })
    })

    test('is refused without a token or a count once its deadline is over', async () => {
      const f = fixture()
      const user = await f.user()
      const reset = await f.reset(user, state)
      f.clock.advance(HOUR_MS)
      await expect(f.signIn(user.userName, reset.password)).rejects.toMatchObject(expired)
      await expect(f.signIn(user.userName, reset.password)).rejects.toMatchObject(expired)
      // what is still being sent is its call's to settle
      expect((await f.findReset(reset)).state).toBe(state === 'sending' ? 'sending' : 'expired')
      await expect(f.signIn(user.userName, 'wrong')).rejects.toMatchObject(wrong(2))
      expect(await f.signIn(user.userName, user.password)).toMatchObject({ status: 'SUCCESS' })
    })

    test('gives both of two at once a token, and promotes once', async () => {
      const f = fixture()
      const user = await f.user()
      const reset = await f.reset(user, state)
      const tokens = await Promise.all([
        f.stateToken(user.userName, reset.password),
        f.stateToken(user.userName, reset.password),
      ])
      expect((await f.findUser(user)).credential.version).toBe(2)
      for (const token of tokens) {
        const stored = await f.database.store.read.sessions.findStateToken(
          f.tenant.id,
          digestToken(token.reveal()),
        )
        expect(stored).toMatchObject({ credentialVersion: 2 })
      }
    })
  })

  describe('of a reset that was accepted', () => {
    test('uses it, and again, without another version', async () => {
      const f = fixture()
      const user = await f.user()
      const reset = await f.reset(user, 'accepted')
      await f.stateToken(user.userName, reset.password)
      const first = await f.findReset(reset)
      f.clock.advance(60_000)
      await f.stateToken(user.userName, reset.password)
      expect(await f.findReset(reset)).toEqual(first)
      expect(first).toMatchObject({ state: 'used' })
      expect((await f.findUser(user)).credential.version).toBe(2)
      expect(await f.actions(reset.id)).toEqual(['reset.accepted', 'reset.used'])
    })

    test('has voided the old password', async () => {
      const f = fixture()
      const user = await f.user()
      await f.reset(user, 'accepted')
      await expect(f.signIn(user.userName, user.password)).rejects.toMatchObject(wrong(2))
    })

    test('is expired by a sign-in after its deadline, which leaves no password at all', async () => {
      const f = fixture()
      const user = await f.user()
      const reset = await f.reset(user, 'accepted')
      f.clock.advance(HOUR_MS)
      await expect(f.signIn(user.userName, reset.password)).rejects.toMatchObject(expired)
      expect(await f.findReset(reset)).toMatchObject({ state: 'expired' })
      expect((await f.findUser(user)).credential).toMatchObject({ digest: undefined, version: 3 })
      await expect(f.signIn(user.userName, reset.password)).rejects.toMatchObject(expired)
      await expect(f.signIn(user.userName, user.password)).rejects.toMatchObject(wrong(2))
    })

    test('says the same when the sweeper expired it first', async () => {
      const f = fixture()
      const user = await f.user()
      const reset = await f.reset(user, 'accepted')
      f.clock.advance(HOUR_MS)
      await f.database.store.transaction(async (repositories) => {
        const current = await repositories.users.lock(f.tenant.id, user.id)
        if (current === undefined) throw new Error('no such user')
        const now = await repositories.now()
        const row = await f.findReset(reset)
        expect(
          await expireReset(repositories, { user: current, reset: row, requestId: undefined, now }),
        ).toBe(true)
      })
      await expect(f.signIn(user.userName, reset.password)).rejects.toMatchObject(expired)
      await expect(f.signIn(user.userName, 'wrong')).rejects.toMatchObject(wrong(2))
    })

    test('is reported like one that recovery expired, once', async () => {
      const f = fixture()
      const user = await f.user()
      const reset = await f.reset(user, 'accepted')
      f.clock.advance(HOUR_MS)
      const settled: unknown[] = []
      const deps = { ...f.deps, onSettled: (ended: Reset) => settled.push(ended) }
      for (let attempt = 0; attempt < 2; attempt += 1) {
        await expect(f.signIn(user.userName, reset.password, {}, deps)).rejects.toMatchObject(expired)
      }
      expect(settled).toEqual([expect.objectContaining({ id: reset.id, state: 'expired' })])
    })

    test('gives no more tokens after the deadline, though it was used before', async () => {
      const f = fixture()
      const user = await f.user()
      const reset = await f.reset(user, 'accepted')
      f.clock.advance(HOUR_MS - 60_000)
      await f.stateToken(user.userName, reset.password)
      f.clock.advance(60_000)
      await expect(f.signIn(user.userName, reset.password)).rejects.toMatchObject(expired)
      // its state token still lives: the reset waits for it
      expect(await f.findReset(reset)).toMatchObject({ state: 'used' })
    })
  })

  test('of a superseded reset is answered like a wrong one, and never counts', async () => {
    const f = fixture()
    const user = await f.user()
    const reset = await f.reset(user, 'unknown')
    await f.supersede(user, reset)
    for (let attempt = 0; attempt < 4; attempt += 1) {
      await expect(f.signIn(user.userName, reset.password)).rejects.toMatchObject(wrong(3))
    }
    await expect(f.signIn(user.userName, 'wrong')).rejects.toMatchObject(wrong(2))
    await expect(f.signIn(user.userName, reset.password)).rejects.toMatchObject(wrong(2))
  })

  test('of the newest reset ends every earlier one', async () => {
    const f = fixture()
    const user = await f.user()
    const [older, newer] = [await f.reset(user, 'unknown'), await f.reset(user, 'unknown')]
    await f.stateToken(user.userName, newer.password)
    expect(await f.findReset(older)).toMatchObject({ state: 'superseded' })
    await expect(f.signIn(user.userName, older.password)).rejects.toMatchObject(wrong(3))
  })

  test('of an earlier reset leaves a later one redeemable', async () => {
    const f = fixture()
    const user = await f.user()
    const [older, newer] = [await f.reset(user, 'unknown'), await f.reset(user, 'unknown')]
    await f.stateToken(user.userName, older.password)
    await f.stateToken(user.userName, newer.password)
    expect((await f.findUser(user)).credential).toMatchObject({ resetId: newer.id, version: 3 })
    await expect(f.signIn(user.userName, older.password)).rejects.toMatchObject(wrong(3))
  })

  describe('while locked', () => {
    test.each(['sending', 'unknown', 'accepted'] as const)(
      'of a reset that is %s ends the lock',
      async (state) => {
        const f = fixture()
        const user = await f.user()
        await lock(user.userName)
        const reset = await f.reset(user, state)
        await f.stateToken(user.userName, reset.password)
        await expect(f.signIn(user.userName, 'wrong')).rejects.toMatchObject(wrong(2))
      },
    )

    test('of a used reset ends the lock as well', async () => {
      const f = fixture()
      const user = await f.user()
      const reset = await f.reset(user, 'accepted')
      await f.stateToken(user.userName, reset.password)
      await lock(user.userName)
      await f.stateToken(user.userName, reset.password)
    })

    test('says locked to everything else, and counts nothing', async () => {
      const f = fixture()
      const user = await f.user()
      const superseded = await f.reset(user, 'unknown')
      await f.supersede(user, superseded)
      await lock(user.userName)
      const before = await f.database.store.read.signInFailures.find(f.tenant.id, `user:${user.id}`)
      for (const password of ['wrong', user.password, superseded.password]) {
        await expect(f.signIn(user.userName, password)).rejects.toMatchObject(lockedOut)
      }
      expect(await f.database.store.read.signInFailures.find(f.tenant.id, `user:${user.id}`)).toEqual(before)
    })

    test('says when a delivered password is over, and stays locked', async () => {
      const f = fixture()
      const user = await f.user()
      const reset = await f.reset(user, 'unknown')
      f.clock.advance(HOUR_MS)
      await lock(user.userName)
      await expect(f.signIn(user.userName, reset.password)).rejects.toMatchObject(expired)
      await expect(f.signIn(user.userName, user.password)).rejects.toMatchObject(lockedOut)
    })
  })

  test('ends with one true state when the gateway accepts at the same moment', async () => {
    const f = fixture()
    for (let round = 0; round < 5; round += 1) {
      const user = await f.user()
      const reset = await f.reset(user, 'sending')
      const row = await f.findReset(reset)
      const accept = f.database.store.transaction(async (repositories) => {
        const current = await repositories.users.lock(f.tenant.id, user.id)
        if (current === undefined) throw new Error('no such user')
        const now = await repositories.now()
        const actor = { kind: 'application', id: f.application.id } as const
        return await promoteReset(repositories, {
          user: current,
          reset: row,
          to: 'accepted',
          historyLength: 5,
          notices: { ...fixture().deps, settings: fixture().tenant.settings.notices },
          actor,
          requestId: 'r',
          now,
        })
      })
      const [stateToken] = await Promise.all([f.stateToken(user.userName, reset.password), accept])
      expect(await f.findReset(reset)).toMatchObject({ state: 'used' })
      expect((await f.findUser(user)).credential).toMatchObject({ resetId: reset.id, version: 2 })
      const updated = await f.update(stateToken, reset.password, chosenPassword())
      expect(updated.status).toBe('SUCCESS')
    }
  })

  test('is compared again when the salt changed between look-up and decision', async () => {
    const f = fixture()
    const user = await f.user()
    const next = 'Next-password-1'
    let isChanged = false
    // what the sign-in read first is what was true before the password changed
    const hash = f.deps.hasher.hash
    const hasher = {
      ...f.deps.hasher,
      hash: async (...given: Parameters<typeof hash>) => {
        const digest = await hash(...given)
        if (!isChanged) {
          isChanged = true
          const signedIn = await f.signIn(user.userName, user.password)
          if (signedIn.status !== 'SUCCESS') throw new Error(signedIn.status)
          await f.change(signedIn.idToken, user.password, next)
        }
        return digest
      },
    }
    const deps = { ...f.deps, hasher }
    expect(await f.signIn(user.userName, next, {}, deps)).toMatchObject({ status: 'SUCCESS' })
  })
})
