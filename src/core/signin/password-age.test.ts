import { describe, expect, test } from 'vitest'
import { describeEachDatabase } from '../../../test/support/databases.ts'
import { chosenPassword } from '../../../test/support/passwords.ts'
import { useSignIn } from '../../../test/support/sign-in-fixture.ts'
import { DAY_MS, HOUR_MS } from '../clock.ts'
import type { PasswordPolicy } from '../tenants/tenant.ts'

describeEachDatabase('the age of a password', (kind) => {
  const fixture = useSignIn(kind)

  function withPolicy(change: Partial<PasswordPolicy>) {
    const { tenant } = fixture()
    const passwordPolicy = { ...tenant.settings.passwordPolicy, ...change }
    return { tenant: { ...tenant, settings: { ...tenant.settings, passwordPolicy } } }
  }

  async function userOfAge(ageMs: number) {
    const { clock, ...f } = fixture()
    return await f.user({ passwordChangedAt: clock.now() - ageMs })
  }

  describe('maximum_age_days', () => {
    const ninety = { maximumAgeDays: 90, warnDays: 7 }

    test.each([
      [82.9, 'SUCCESS'],
      [83.1, 'PASSWORD_WARN'],
      [89.9, 'PASSWORD_WARN'],
      [90.1, 'PASSWORD_EXPIRED'],
    ])('a password of %f days signs in with %s', async (days, status) => {
      const f = fixture()
      const user = await userOfAge(days * DAY_MS)
      const answer = await f.signIn(user.userName, user.password, withPolicy(ninety))
      expect(answer.status).toBe(status)
    })

    test('is off by default, and warns only where it is told to', async () => {
      const f = fixture()
      const user = await userOfAge(10_000 * DAY_MS)
      expect((await f.signIn(user.userName, user.password)).status).toBe('SUCCESS')
      const young = await userOfAge(89 * DAY_MS)
      const silent = withPolicy({ maximumAgeDays: 90 })
      expect((await f.signIn(young.userName, young.password, silent)).status).toBe('SUCCESS')
    })

    test('counts from the creation of a user whose password was never changed', async () => {
      const { clock, ...f } = fixture()
      const user = await f.user({ passwordChangedAt: undefined, createdAt: clock.now() - 91 * DAY_MS })
      const answer = await f.signIn(user.userName, user.password, withPolicy(ninety))
      expect(answer.status).toBe('PASSWORD_EXPIRED')
    })

    test('a wrong password does not learn that the right one expired', async () => {
      const f = fixture()
      const user = await userOfAge(91 * DAY_MS)
      await expect(f.signIn(user.userName, 'wrong', withPolicy(ninety))).rejects.toMatchObject({
        code: 'SDK.LOGIN.1005',
      })
    })

    test('what was changed signs in again for its whole time', async () => {
      const { clock, ...f } = fixture()
      const user = await userOfAge(91 * DAY_MS)
      const expired = await f.signIn(user.userName, user.password, withPolicy(ninety))
      if (expired.status !== 'PASSWORD_EXPIRED') throw new Error(`answered ${expired.status}`)
      const password = chosenPassword()
      // a minimum age never holds up what must be changed
      const strict = withPolicy({ ...ninety, minimumAgeHours: 24 })
      await f.update(expired.stateToken, user.password, password, strict)
      expect((await f.findUser(user)).passwordChangedAt).toBeGreaterThan(clock.now() - HOUR_MS)
      expect((await f.signIn(user.userName, password, strict)).status).toBe('SUCCESS')
    })
  })

  describe('minimum_age_hours', () => {
    const day = { minimumAgeHours: 24 }

    async function signedIn(ageMs: number) {
      const f = fixture()
      const user = await userOfAge(ageMs)
      const answer = await f.signIn(user.userName, user.password)
      if (answer.status !== 'SUCCESS') throw new Error(`answered ${answer.status}`)
      return { user, idToken: answer.idToken }
    }

    test('refuses a change of one’s own before, with the time that is left, and changes nothing', async () => {
      const f = fixture()
      const { user, idToken } = await signedIn(HOUR_MS)
      const changing = f.change(idToken, user.password, chosenPassword(), withPolicy(day))
      await expect(changing).rejects.toMatchObject({ code: 'PWD.9004', detail: 'minimum_age' })
      const error = await changing.catch((cause: unknown) => cause)
      const { params, retryAfterSeconds } = error as { params: number[]; retryAfterSeconds: number }
      expect((params[0] ?? 0) * 60 + (params[1] ?? 0)).toBeCloseTo(23 * 60, -1)
      expect(retryAfterSeconds).toBeGreaterThan(22.9 * 3_600)
      expect((await f.signIn(user.userName, user.password)).status).toBe('SUCCESS')
    })

    test('lets it change after, and is off by default', async () => {
      const f = fixture()
      const old = await signedIn(25 * HOUR_MS)
      await f.change(old.idToken, old.user.password, chosenPassword(), withPolicy(day))
      const young = await signedIn(HOUR_MS)
      await f.change(young.idToken, young.user.password, chosenPassword())
    })

    test('is told only to somebody whose old password is right', async () => {
      const f = fixture()
      const { idToken } = await signedIn(HOUR_MS)
      await expect(f.change(idToken, 'wrong', chosenPassword(), withPolicy(day))).rejects.toMatchObject({
        code: 'PWD.9001',
      })
    })

    test('never holds up a password that must be changed, delivered or set by somebody else', async () => {
      const { clock, ...f } = fixture()
      const user = await f.user({ passwordChangedAt: clock.now() })
      const reset = await f.reset(user, 'accepted')
      const token = await f.stateToken(user.userName, reset.password)
      await f.update(token, reset.password, chosenPassword(), withPolicy(day))
      const other = await f.user({ passwordChangedAt: clock.now(), mustChangePassword: true })
      const otherToken = await f.stateToken(other.userName, other.password)
      await f.update(otherToken, other.password, chosenPassword(), withPolicy(day))
    })
  })
})
