import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { describeEachDatabase } from '../../../test/support/databases.ts'
import { cheapHashParameters, type SeededUser } from '../../../test/support/seed-tenant.ts'
import { type SignInFixture, useSignIn } from '../../../test/support/sign-in-fixture.ts'
import { createPasswordHasher, digestsEqual } from '../password/create-password-hasher.ts'
import type { PasswordHasher } from '../password/password-hasher.ts'
import { systemRandomBytes } from '../randomness.ts'
import { Secret } from '../secret.ts'
import type { SignInDeps } from './sign-in-deps.ts'
import { createHashUpgrades } from './upgrade-hash.ts'

const newParameters = 'argon2id$m=128,t=1,p=1'

/** A server whose settings ask for other parameters than the users' hashes have. */
function withNewParameters(f: SignInFixture, hasherChange: Partial<PasswordHasher> = {}) {
  const skipped: unknown[] = []
  const hasher = {
    ...createPasswordHasher({
      random: systemRandomBytes,
      concurrencyMax: 2,
      queueMax: 100,
      parameters: newParameters,
    }),
    ...hasherChange,
  }
  const hashUpgrades = createHashUpgrades({
    store: f.deps.store,
    hasher,
    onSkipped: ({ cause }) => skipped.push(cause),
  })
  const deps: SignInDeps = { ...f.deps, hasher, hashUpgrades }
  const signIn = async (user: SeededUser, password = user.password) => {
    const answer = await f.signIn(user.userName, password, {}, deps)
    await hashUpgrades.settle()
    return answer
  }
  return { deps, hasher, skipped, signIn }
}

async function lastRehash(f: SignInFixture, user: SeededUser) {
  const rows = await f.deps.store.read.audit.list(f.tenant.id, 1_000)
  return rows.find((row) => row.targetId === user.id && row.action === 'password.rehashed')
}

describeEachDatabase('upgrading a hash', (kind) => {
  const fixture = useSignIn(kind)

  test('gives an own password a fresh salt and the settings’ parameters at its next sign-in', async () => {
    const f = fixture()
    const { hasher, signIn } = withNewParameters(f)
    const user = await f.user()
    expect(await signIn(user)).toMatchObject({ status: 'SUCCESS' })
    const { credential } = await f.findUser(user)
    expect(credential).toMatchObject({ parameters: newParameters, version: 1 })
    expect(credential.salt).not.toBe(user.credential.salt)
    const digest = await hasher.hash(new Secret(user.password), credential.salt, newParameters)
    expect(digestsEqual(digest, credential.digest ?? '')).toBe(true)
    const detail = { from: cheapHashParameters, to: newParameters }
    expect(await lastRehash(f, user)).toMatchObject({ actor: { kind: 'server' }, detail })
    expect(await signIn(user)).toMatchObject({ status: 'SUCCESS' })
    expect((await f.findUser(user)).credential).toEqual(credential)
  })

  test('ends no session: whoever signed in before changes the password as if nothing had happened', async () => {
    const f = fixture()
    const { signIn } = withNewParameters(f)
    const user = await f.user()
    const before = await f.signIn(user.userName, user.password)
    await signIn(user)
    if (before.status !== 'SUCCESS') throw new Error(before.status)
    await f.change(before.idToken, user.password, 'Next-password-1')
    expect(await f.signIn(user.userName, 'Next-password-1')).toMatchObject({ status: 'SUCCESS' })
  })

  test('counts nothing wrong against a change of password that it overtakes', async () => {
    const f = fixture()
    const { signIn } = withNewParameters(f)
    const user = await f.user()
    const before = await f.signIn(user.userName, user.password)
    if (before.status !== 'SUCCESS') throw new Error(before.status)
    const { hash } = f.deps.hasher
    let isUpgraded = false
    const overtaken: PasswordHasher = {
      ...f.deps.hasher,
      hash: async (...given) => {
        const digest = await hash(...given)
        if (!isUpgraded) {
          isUpgraded = true
          await signIn(user)
        }
        return digest
      },
    }
    await f.change(before.idToken, user.password, 'Next-password-2', {
      deps: { ...f.deps, hasher: overtaken },
    })
    expect(await f.actions(user.id)).toEqual([
      'sign_in.succeeded',
      'sign_in.succeeded',
      'password.rehashed',
      'password.changed',
    ])
  })

  test.each(['sending', 'unknown'] as const)(
    'waits while a reset is %s: the delivered password works, and so does the old one',
    async (state) => {
      const f = fixture()
      const { signIn } = withNewParameters(f)
      const user = await f.user()
      const reset = await f.reset(user, state)
      expect(await signIn(user)).toMatchObject({ status: 'SUCCESS' })
      expect((await f.findUser(user)).credential).toEqual(user.credential)
      expect(await signIn(user, reset.password)).toMatchObject({ status: 'PASSWORD_EXPIRED' })
    },
  )

  test('waits for a reset that began while it hashed', async () => {
    const f = fixture()
    const user = await f.user()
    const base = withNewParameters(f).hasher
    let reset: { readonly password: string } | undefined
    const { signIn } = withNewParameters(f, {
      hash: async (...given) => {
        const digest = await base.hash(...given)
        if (given[3] === 'spare') reset = await f.reset(user, 'sending')
        return digest
      },
    })
    expect(await signIn(user)).toMatchObject({ status: 'SUCCESS' })
    expect((await f.findUser(user)).credential).toEqual(user.credential)
    expect(await signIn(user, reset?.password)).toMatchObject({ status: 'PASSWORD_EXPIRED' })
  })

  test('puts nothing in place of a password that was changed while it hashed', async () => {
    const f = fixture()
    const user = await f.user()
    const base = withNewParameters(f).hasher
    const { signIn } = withNewParameters(f, {
      hash: async (...given) => {
        const digest = await base.hash(...given)
        if (given[3] === 'spare') {
          const other = await f.signIn(user.userName, user.password)
          if (other.status !== 'SUCCESS') throw new Error(other.status)
          await f.change(other.idToken, user.password, 'Next-password-3')
        }
        return digest
      },
    })
    await signIn(user)
    await expect(f.signIn(user.userName, user.password)).rejects.toMatchObject({ code: 'SDK.LOGIN.1005' })
    expect(await f.signIn(user.userName, 'Next-password-3')).toMatchObject({ status: 'SUCCESS' })
  })

  test('leaves a delivered password alone: a password of the employee’s own follows', async () => {
    const f = fixture()
    const { signIn } = withNewParameters(f)
    const user = await f.user()
    const reset = await f.reset(user, 'accepted')
    expect(await signIn(user, reset.password)).toMatchObject({ status: 'PASSWORD_EXPIRED' })
    expect((await f.findUser(user)).credential).toMatchObject({ salt: user.credential.salt, version: 2 })
    expect(await lastRehash(f, user)).toBeUndefined()
  })

  test('forgets superseded secrets, which nothing typed could be compared with any more', async () => {
    const f = fixture()
    const { signIn } = withNewParameters(f)
    const user = await f.user()
    const reset = await f.reset(user, 'unknown')
    await f.supersede(user, reset)
    await signIn(user)
    expect((await f.findReset(reset)).digest).toBeUndefined()
    expect((await f.findUser(user)).credential.parameters).toBe(newParameters)
  })

  test('is left out when no place is free, and the answer is as ever', async () => {
    const f = fixture()
    const user = await f.user()
    const base = withNewParameters(f).hasher
    const refusal = new Error(`full-${randomUUID()}`)
    const { signIn, skipped } = withNewParameters(f, {
      hash: async (...given) => {
        if (given[3] === 'spare') throw refusal
        return await base.hash(...given)
      },
    })
    expect(await signIn(user)).toMatchObject({ status: 'SUCCESS' })
    expect(skipped).toEqual([refusal])
    expect((await f.findUser(user)).credential).toEqual(user.credential)
  })

  test('happens once when somebody signs in several times at once', async () => {
    const f = fixture()
    const { deps, signIn } = withNewParameters(f)
    const user = await f.user()
    await Promise.all(Array.from({ length: 4 }, () => f.signIn(user.userName, user.password, {}, deps)))
    await signIn(user)
    const actions = await f.actions(user.id)
    expect(actions.filter((action) => action === 'password.rehashed')).toHaveLength(1)
  })
})
