import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { describeEachDatabase } from '../../../test/support/databases.ts'
import { chosenPassword } from '../../../test/support/passwords.ts'
import { seedTenant } from '../../../test/support/seed-tenant.ts'
import { useSignIn } from '../../../test/support/sign-in-fixture.ts'
import { HOUR_MS } from '../clock.ts'
import { Secret } from '../secret.ts'
import { disableUser } from '../users/change-user-state.ts'

const invalidToken = { code: 'invalid_token' }

describeEachDatabase('changeOwnPassword', (kind) => {
  const fixture = useSignIn(kind)
  const chosen = chosenPassword

  async function signedIn() {
    const f = fixture()
    const user = await f.user()
    return { user, idToken: await idTokenOf(user.userName, user.password) }
  }

  async function idTokenOf(userName: string, password: string): Promise<Secret> {
    const answer = await fixture().signIn(userName, password)
    if (answer.status !== 'SUCCESS') throw new Error(answer.status)
    return answer.idToken
  }

  test('replaces the password and ends every session, its own too', async () => {
    const f = fixture()
    const { user, idToken } = await signedIn()
    const otherIdToken = await idTokenOf(user.userName, user.password)
    const password = chosen()
    await f.change(idToken, user.password, password)
    await expect(f.change(idToken, password, chosen())).rejects.toMatchObject(invalidToken)
    await expect(f.change(otherIdToken, password, chosen())).rejects.toMatchObject(invalidToken)
    await expect(f.signIn(user.userName, user.password)).rejects.toMatchObject({ code: 'SDK.LOGIN.1005' })
    expect(await f.signIn(user.userName, password)).toMatchObject({ status: 'SUCCESS' })
    expect((await f.findUser(user)).credential.version).toBe(2)
  })

  test('supersedes resets that are under way and forgets their secrets', async () => {
    const f = fixture()
    const { user, idToken } = await signedIn()
    const resets = [await f.reset(user, 'unknown'), await f.reset(user, 'sending')]
    await f.change(idToken, user.password, chosen())
    for (const reset of resets) {
      expect(await f.findReset(reset)).toMatchObject({ state: 'superseded', digest: undefined })
      await expect(f.signIn(user.userName, reset.password)).rejects.toMatchObject({ code: 'SDK.LOGIN.1005' })
    }
  })

  test('of two at once lets the first win', async () => {
    const f = fixture()
    const { user, idToken } = await signedIn()
    const passwords = [chosen(), chosen()]
    const outcomes = await Promise.allSettled(
      passwords.map((password) => f.change(idToken, user.password, password)),
    )
    const winner = outcomes.findIndex((outcome) => outcome.status === 'fulfilled')
    expect(outcomes[1 - winner]).toMatchObject({ status: 'rejected', reason: invalidToken })
    expect(await f.signIn(user.userName, String(passwords[winner]))).toMatchObject({ status: 'SUCCESS' })
  })

  test('never leaves two passwords when a delivered one is used at the same moment', async () => {
    const f = fixture()
    for (let round = 0; round < 5; round += 1) {
      const { user, idToken } = await signedIn()
      const reset = await f.reset(user, 'unknown')
      const password = chosen()
      const [changed, used] = await Promise.allSettled([
        f.change(idToken, user.password, password),
        f.signIn(user.userName, reset.password),
      ])
      // whichever took the user's lock first ended the other
      expect([changed.status, used.status].toSorted()).toEqual(['fulfilled', 'rejected'])
      const works = changed.status === 'fulfilled' ? password : reset.password
      expect(await f.signIn(user.userName, works)).toBeDefined()
      await expect(f.signIn(user.userName, user.password)).rejects.toBeDefined()
    }
  })

  describe('refuses an id_token', () => {
    test('whose session has ended by a promotion', async () => {
      const f = fixture()
      const { user, idToken } = await signedIn()
      const reset = await f.reset(user, 'accepted')
      await expect(f.change(idToken, reset.password, chosen())).rejects.toMatchObject(invalidToken)
    })

    test('of an older credential version, though its session was not cleared away', async () => {
      const f = fixture()
      const { user, idToken } = await signedIn()
      await f.database.store.transaction((repositories) =>
        repositories.users.bumpCredentialVersion(f.tenant.id, user.id),
      )
      await expect(f.change(idToken, user.password, chosen())).rejects.toMatchObject(invalidToken)
    })

    test('of a disabled user, though their session would still last', async () => {
      const f = fixture()
      const { user, idToken } = await signedIn()
      const caller = { tenant: f.tenant, application: f.application, requestId: 'r' }
      await disableUser(f.database.store, caller, user.id)
      await expect(f.change(idToken, user.password, chosen())).rejects.toMatchObject(invalidToken)
    })

    test('that is too old', async () => {
      const f = fixture()
      const { user, idToken } = await signedIn()
      f.clock.advance(5 * HOUR_MS + 3_000)
      await expect(f.change(idToken, user.password, chosen())).rejects.toMatchObject(invalidToken)
    })

    test('of an application that was disabled', async () => {
      const f = fixture()
      const { user, idToken } = await signedIn()
      const disable = (disabled: boolean) =>
        f.database.store.transaction((repositories) =>
          repositories.applications.update({ ...f.application, disabled }, f.clock.now()),
        )
      await disable(true)
      await expect(f.change(idToken, user.password, chosen())).rejects.toMatchObject(invalidToken)
      await disable(false)
      await f.change(idToken, user.password, chosen())
    })

    test('that another tenant signed, or that says something else of its session', async () => {
      const f = fixture()
      const { user, idToken } = await signedIn()
      const claims = (await f.deps.signer.verify(f.tenant, idToken.reveal())) ?? {}
      const other = await seedTenant(f.database.store)
      const somebodyElse = await f.user()
      const forged = [
        await f.deps.signer.sign(other, claims, 100),
        await f.deps.signer.sign(f.tenant, { ...claims, sub: somebodyElse.id }, 100),
        await f.deps.signer.sign(f.tenant, { ...claims, aud: 'other' }, 100),
        await f.deps.signer.sign(f.tenant, { ...claims, jti: randomUUID() }, 100),
        await f.deps.signer.sign(f.tenant, { sub: f.application.clientId, aud: f.application.clientId }, 100),
        'no.jwt.at-all',
        '',
      ]
      for (const token of forged) {
        await expect(f.change(new Secret(token), user.password, chosen())).rejects.toMatchObject(invalidToken)
      }
    })
  })

  test('counts wrong old passwords where sign-in counts, until the lock', async () => {
    const f = fixture()
    const { user, idToken } = await signedIn()
    await expect(f.change(idToken, 'wrong', chosen())).rejects.toMatchObject({
      code: 'PWD.9001',
      params: [2],
    })
    await expect(f.signIn(user.userName, 'wrong')).rejects.toMatchObject({ params: [1] })
    for (const oldPassword of ['wrong', user.password]) {
      await expect(f.change(idToken, oldPassword, chosen())).rejects.toMatchObject({ code: 'SDK.LOGIN.1003' })
    }
    await expect(f.signIn(user.userName, user.password)).rejects.toMatchObject({ code: 'SDK.LOGIN.1003' })
  })

  test('asks for the old password if one is set', async () => {
    const f = fixture()
    const { user, idToken } = await signedIn()
    await expect(f.change(idToken, undefined, chosen())).rejects.toMatchObject({
      code: 'SDK.COMMON.1001',
      params: ['old_password'],
    })
    expect(await f.signIn(user.userName, user.password)).toMatchObject({ status: 'SUCCESS' })
  })

  test('refuses the same password, and one that the policy forbids', async () => {
    const f = fixture()
    const { user, idToken } = await signedIn()
    const same = f.change(idToken, user.password, user.password)
    await expect(same).rejects.toMatchObject({ code: 'PWD.9002' })
    await expect(f.change(idToken, user.password, 'short')).rejects.toMatchObject({ code: 'PWD.0002' })
    await f.change(idToken, user.password, chosen())
  })
})
