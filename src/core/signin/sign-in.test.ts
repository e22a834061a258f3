import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { describeEachDatabase } from '../../../test/support/databases.ts'
import { fixtureSettings, useSignIn } from '../../../test/support/sign-in-fixture.ts'
import { MINUTE_MS, SECOND_MS } from '../clock.ts'
import { digestToken } from '../tokens/digest-token.ts'

const wrong = (remaining: number) => ({ code: 'SDK.LOGIN.1005', params: [remaining] })
const locked = { code: 'SDK.LOGIN.1003' }

describeEachDatabase('signIn', (kind) => {
  const fixture = useSignIn(kind)

  describe('with an own password', () => {
    test('opens a session and an id_token that names it', async () => {
      const { deps, database, tenant, application, ...f } = fixture()
      const user = await f.user()
      const answer = await f.signIn(user.userName, user.password)
      if (answer.status !== 'SUCCESS') throw new Error(answer.status)
      expect(answer.expiresInSeconds).toBe(604_800)
      const claims = (await deps.signer.verify(tenant, answer.idToken.reveal())) ?? {}
      expect(claims).toMatchObject({ sub: user.id, aud: application.clientId })
      expect(Number(claims.exp) - Number(claims.iat)).toBe(18_000)
      expect(JSON.parse(String(claims.api))).toEqual({
        name: user.name,
        mobile: user.mobile,
        id: user.id,
        userName: user.userName,
        email: user.email,
      })
      const tokenDigest = digestToken(answer.sessionToken.reveal())
      const session = await database.store.read.sessions.findByToken(tenant.id, tokenDigest)
      expect(session).toMatchObject({ id: claims.jti, userId: user.id, credentialVersion: 1 })
      expect(await f.findUser(user)).toMatchObject({ lastSignInAddress: '192.0.2.1' })
      expect(await f.actions(user.id)).toEqual(['sign_in.succeeded'])
    })

    test('takes e-mail address and mobile number for a name, in any spelling', async () => {
      const f = fixture()
      const user = await f.user()
      const bareMobile = String(user.mobile).replace('+86-', '')
      for (const name of [user.userName.toUpperCase(), String(user.email).toUpperCase(), bareMobile]) {
        expect(await f.signIn(name, user.password)).toMatchObject({ status: 'SUCCESS' })
      }
    })

    test('gives nothing but a state token while the password must be changed', async () => {
      const f = fixture()
      const user = await f.user({ mustChangePassword: true })
      expect(await f.signIn(user.userName, user.password)).toMatchObject({ status: 'PASSWORD_EXPIRED' })
    })

    test('denies a disabled user with the right password, and only with it', async () => {
      const f = fixture()
      const user = await f.user({ disabled: true })
      expect(await f.signIn(user.userName, user.password)).toEqual({ status: 'ACCESS_DENIED' })
      await expect(f.signIn(user.userName, 'wrong')).rejects.toMatchObject(wrong(2))
    })

    test('does not know users of another tenant', async () => {
      const f = fixture()
      const user = await f.user()
      const tenant = { ...f.tenant, id: `other-${randomUUID()}` }
      await expect(f.signIn(user.userName, user.password, { tenant })).rejects.toMatchObject(wrong(2))
    })

    test('refuses an address beyond its limit before anything else', async () => {
      const f = fixture()
      const user = await f.user()
      const signInSettings = { ...fixtureSettings.signIn, perAddressPerMinute: 1 }
      const tenant = { ...f.tenant, settings: { ...fixtureSettings, signIn: signInSettings } }
      await f.signIn(user.userName, user.password, { tenant, address: '192.0.2.77' })
      f.takeHashCount()
      await expect(
        f.signIn(user.userName, user.password, { tenant, address: '192.0.2.77' }),
      ).rejects.toMatchObject({ code: 'SDK.LOGIN.9002' })
      expect(f.takeHashCount()).toBe(0)
    })
  })

  describe('with a wrong password', () => {
    test('counts down, locks, and unlocks in time', async () => {
      const f = fixture()
      const user = await f.user()
      await expect(f.signIn(user.userName, 'wrong')).rejects.toMatchObject(wrong(2))
      await expect(f.signIn(user.userName, 'wrong')).rejects.toMatchObject(wrong(1))
      await expect(f.signIn(user.userName, 'wrong')).rejects.toMatchObject({ ...locked, params: [15, 0] })
      expect(await f.actions(user.id)).toEqual(['sign_in.failed', 'sign_in.failed', 'sign_in.locked'])
      f.clock.advance(90 * SECOND_MS)
      const halfway = await f.signIn(user.userName, user.password).catch((error: unknown) => error)
      expect(halfway).toMatchObject({ ...locked, params: [13, expect.any(Number)] })
      f.clock.advance(14 * MINUTE_MS)
      await expect(f.signIn(user.userName, 'wrong')).rejects.toMatchObject(wrong(2))
      expect(await f.signIn(user.userName, user.password)).toMatchObject({ status: 'SUCCESS' })
    })

    test('does the same for a name that nobody has', async () => {
      const f = fixture()
      const name = `nobody-${randomUUID()}`
      await expect(f.signIn(name, 'wrong')).rejects.toMatchObject(wrong(2))
      await expect(f.signIn(name.toUpperCase(), 'wrong')).rejects.toMatchObject(wrong(1))
      await expect(f.signIn(name, 'wrong')).rejects.toMatchObject({ ...locked, params: [15, 0] })
      await expect(f.signIn(name, 'wrong')).rejects.toMatchObject(locked)
      f.clock.advance(15 * MINUTE_MS)
      await expect(f.signIn(name, 'wrong')).rejects.toMatchObject(wrong(2))
    })

    test('counts each of many at once, for somebody and for nobody', async () => {
      const f = fixture()
      const user = await f.user()
      for (const name of [user.userName, `nobody-${randomUUID()}`]) {
        const calls = Array.from({ length: 5 }, () => f.signIn(name, 'wrong').catch((error) => error))
        const codes = (await Promise.all(calls)).map((error) => `${error.code} ${error.params[0]}`)
        // a later call may find a few milliseconds gone
        const rounded = codes.map((code) => code.replace('1003 14', '1003 15'))
        const lockedOut = Array.from({ length: 3 }, () => 'SDK.LOGIN.1003 15')
        expect(rounded.toSorted()).toEqual([...lockedOut, 'SDK.LOGIN.1005 1', 'SDK.LOGIN.1005 2'])
      }
    })

    test('forgets failures that are older than the lock lasts', async () => {
      const f = fixture()
      const user = await f.user()
      await expect(f.signIn(user.userName, 'wrong')).rejects.toMatchObject(wrong(2))
      f.clock.advance(15 * MINUTE_MS)
      await expect(f.signIn(user.userName, 'wrong')).rejects.toMatchObject(wrong(2))
    })

    test('forgets failures once the right password came', async () => {
      const f = fixture()
      const user = await f.user()
      await expect(f.signIn(user.userName, 'wrong')).rejects.toMatchObject(wrong(2))
      await f.signIn(user.userName, user.password)
      await expect(f.signIn(user.userName, 'wrong')).rejects.toMatchObject(wrong(2))
    })

    test('is told to a user who has no password at all', async () => {
      const f = fixture()
      const user = await f.user()
      const version = await f.database.store.transaction((repositories) =>
        repositories.users.replaceCredential(f.tenant.id, user.id, {
          digest: undefined,
          resetId: undefined,
          mustChangePassword: true,
          changedAt: 0,
        }),
      )
      expect(version).toBe(2)
      await expect(f.signIn(user.userName, user.password)).rejects.toMatchObject(wrong(2))
    })

    test.each([['\0'], ['alice\0'], ['\ud800'], [' '], ["' OR 1=1 --"], ['x'.repeat(10_000)]])(
      'is all that a strange name gets: %j',
      async (name) => {
        await expect(fixture().signIn(name, 'wrong')).rejects.toMatchObject({ code: 'SDK.LOGIN.1005' })
      },
    )

    test('never writes the name that nobody has into the record', async () => {
      const f = fixture()
      const name = `nobody-${randomUUID()}`
      await expect(f.signIn(name, 'wrong')).rejects.toMatchObject(wrong(2))
      const [row] = await f.database.store.read.audit.list(f.tenant.id, 1)
      expect(row).toMatchObject({ action: 'sign_in.failed', targetId: undefined })
      expect(JSON.stringify(row)).not.toContain(name)
    })
  })
})
