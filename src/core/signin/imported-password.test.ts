import { hash as bcryptHash } from '@node-rs/bcrypt'
import { describe, expect, test } from 'vitest'
import { describeEachDatabase } from '../../../test/support/databases.ts'
import { cheapHashParameters, type SeededUser } from '../../../test/support/seed-tenant.ts'
import { type SignInFixture, useSignIn } from '../../../test/support/sign-in-fixture.ts'

const password = 'Imported-password-1'

/** A user who came with a bcrypt hash of `password`. */
async function importedUser(f: SignInFixture, change: Partial<SeededUser> = {}): Promise<SeededUser> {
  const { credential } = await f.user()
  const digest = await bcryptHash(password, 4)
  return await f.user({ ...change, credential: { ...credential, digest } })
}

describeEachDatabase('an imported password', (kind) => {
  const fixture = useSignIn(kind)
  const wrong = { code: 'SDK.LOGIN.1005' }

  test('signs in, and from then on is an Argon2id hash like any other', async () => {
    const f = fixture()
    const user = await importedUser(f)
    await expect(f.signIn(user.userName, 'Imported-password-2')).rejects.toMatchObject(wrong)
    f.takeHashCount()
    expect(await f.signIn(user.userName, password)).toMatchObject({ status: 'SUCCESS' })
    await f.deps.hashUpgrades.settle()
    expect(f.takeHashCount()).toBe(3) // two to sign in, one to convert
    const { credential } = await f.findUser(user)
    expect(credential).toMatchObject({ parameters: cheapHashParameters, version: 1 })
    expect(credential.digest).not.toMatch(/^\$/)
    expect(credential.salt).not.toBe(user.credential.salt)
    expect(await f.signIn(user.userName, password)).toMatchObject({ status: 'SUCCESS' })
    expect(f.takeHashCount()).toBe(1)
    expect(await f.actions(user.id)).toContain('password.rehashed')
  })

  test('costs exactly one hash more, and the statements of any other wrong password', async () => {
    const f = fixture()
    const costs = []
    for (const user of [await f.user(), await importedUser(f)]) {
      f.takeHashCount()
      f.takeStatements()
      await expect(f.signIn(user.userName, 'wrong')).rejects.toMatchObject(wrong)
      costs.push({ hashes: f.takeHashCount(), statements: f.takeStatements().length })
    }
    const [own, imported] = costs
    expect(imported).toEqual({ hashes: (own?.hashes ?? 0) + 1, statements: own?.statements })
  })

  describe('beside a reset', () => {
    test('works until the new one is used, and is not converted meanwhile', async () => {
      const f = fixture()
      const user = await importedUser(f)
      const reset = await f.reset(user, 'unknown')
      expect(await f.signIn(user.userName, password)).toMatchObject({ status: 'SUCCESS' })
      await f.deps.hashUpgrades.settle()
      expect((await f.findUser(user)).credential).toEqual(user.credential)
      expect(await f.signIn(user.userName, reset.password)).toMatchObject({ status: 'PASSWORD_EXPIRED' })
      await expect(f.signIn(user.userName, password)).rejects.toMatchObject(wrong)
      f.takeHashCount()
      await f.stateToken(user.userName, reset.password)
      expect(f.takeHashCount()).toBe(1)
    })

    test('is void once the reset is accepted, and stays in the history', async () => {
      const f = fixture()
      const user = await importedUser(f)
      const reset = await f.reset(user, 'accepted')
      await expect(f.signIn(user.userName, password)).rejects.toMatchObject(wrong)
      const stateToken = await f.stateToken(user.userName, reset.password)
      const settings = {
        ...f.tenant.settings,
        passwordPolicy: { ...f.tenant.settings.passwordPolicy, history: 5 },
      }
      const tenant = { ...f.tenant, settings }
      const again = f.update(stateToken, reset.password, password, { tenant })
      await expect(again).rejects.toMatchObject({ code: 'PWD.9003' })
      await f.update(stateToken, reset.password, 'Quite-another-1', { tenant })
      expect(await f.signIn(user.userName, 'Quite-another-1')).toMatchObject({ status: 'SUCCESS' })
    })
  })

  test('can be changed by whoever knows it', async () => {
    const f = fixture()
    const user = await importedUser(f)
    await f.reset(user, 'unknown') // so that it is not converted first
    const signedIn = await f.signIn(user.userName, password)
    if (signedIn.status !== 'SUCCESS') throw new Error(signedIn.status)
    const mistaken = f.change(signedIn.idToken, 'Imported-password-2', 'Next-password-1')
    await expect(mistaken).rejects.toMatchObject({ code: 'PWD.9001' })
    await f.change(signedIn.idToken, password, 'Next-password-1')
    expect(await f.signIn(user.userName, 'Next-password-1')).toMatchObject({ status: 'SUCCESS' })
    await expect(f.signIn(user.userName, password)).rejects.toMatchObject(wrong)
  })

  test('that must be changed is compared as imported until it is', async () => {
    const f = fixture()
    const user = await importedUser(f, { mustChangePassword: true })
    const stateToken = await f.stateToken(user.userName, password)
    await f.update(stateToken, password, 'Next-password-1')
    expect(await f.signIn(user.userName, 'Next-password-1')).toMatchObject({ status: 'SUCCESS' })
  })

  test('is never signed in with by its hash', async () => {
    const f = fixture()
    const user = await importedUser(f)
    const stored = user.credential.digest ?? ''
    await expect(f.signIn(user.userName, stored)).rejects.toMatchObject(wrong)
  })
})
