import { randomInt, randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { describeEachDatabase } from '../../../test/support/databases.ts'
import { type SdkFixture, useSdk } from '../../../test/support/sdk-fixture.ts'
import { type SignInFixture, useSignIn } from '../../../test/support/sign-in-fixture.ts'

interface Attempt {
  readonly loginName: string
  readonly password: string
}

const wrong = 'Wrong-password-1'

/** Everything that a wrong password can meet. Whoever guesses must not learn by the effort which of them it met. */
const guesses: Readonly<Record<string, (f: SignInFixture) => Promise<Attempt>>> = {
  'a known user': async (f) => ({ loginName: (await f.user()).userName, password: wrong }),
  'a known user by mobile number': async (f) => ({
    loginName: (await f.user()).mobile ?? '',
    password: wrong,
  }),
  'a name that nobody has': async () => ({ loginName: `nobody-${randomUUID()}`, password: wrong }),
  'a name that nobody has, once more': async (f) => {
    const loginName = `nobody-${randomUUID()}`
    await guess(f, { loginName, password: wrong })
    return { loginName, password: wrong }
  },
  'a name that nobody has, locked': async (f) => await locked(f, `nobody-${randomUUID()}`),
  'the name that nobody has, as it locks': async (f) => await nearlyLocked(f, `nobody-${randomUUID()}`),
  'a user, as it locks': async (f) => await nearlyLocked(f, (await f.user()).userName),
  'a name that no store can hold': async () => ({ loginName: 'a\u0000b', password: wrong }),
  'a locked user': async (f) => await locked(f, (await f.user()).userName),
  'a locked user, with the right password': async (f) => {
    const user = await f.user()
    return { ...(await locked(f, user.userName)), password: user.password }
  },
  'a disabled user': async (f) => ({
    loginName: (await f.user({ disabled: true })).userName,
    password: wrong,
  }),
  'a user without a password': async (f) => {
    const { credential } = await f.user()
    const user = await f.user({ credential: { ...credential, digest: undefined } })
    return { loginName: user.userName, password: wrong }
  },
  'a user who is being sent a password': async (f) => await resetting(f, ['sending']),
  'a user with redeemable resets': async (f) => await resetting(f, ['unknown', 'unknown', 'sending']),
  'a user with a delivered password': async (f) => await resetting(f, ['accepted']),
  'a user, with a superseded password': async (f) => {
    const user = await f.user()
    const reset = await f.reset(user, 'unknown')
    await f.supersede(user, reset)
    return { loginName: user.userName, password: reset.password }
  },
  'a locked user, with a superseded password': async (f) => {
    const user = await f.user()
    const reset = await f.reset(user, 'unknown')
    await f.supersede(user, reset)
    return { ...(await locked(f, user.userName)), password: reset.password }
  },
}

async function resetting(
  f: SignInFixture,
  states: readonly ('sending' | 'unknown' | 'accepted')[],
): Promise<Attempt> {
  const user = await f.user()
  for (const state of states) {
    await f.reset(user, state)
  }
  return { loginName: user.userName, password: wrong }
}

async function locked(f: SignInFixture, loginName: string): Promise<Attempt> {
  await guess(f, await nearlyLocked(f, loginName))
  return { loginName, password: wrong }
}

/** One wrong password is left. */
async function nearlyLocked(f: SignInFixture, loginName: string): Promise<Attempt> {
  for (let count = 1; count < f.tenant.settings.signIn.attemptsMax; count += 1) {
    await guess(f, { loginName, password: wrong })
  }
  return { loginName, password: wrong }
}

async function guess(f: SignInFixture, { loginName, password }: Attempt): Promise<void> {
  await expect(f.signIn(loginName, password)).rejects.toMatchObject({
    code: expect.stringMatching(/^SDK\.LOGIN\.100[35]$/),
  })
}

/**
 * What kind each statement is: a read and a write cost different things. The third takes the lock: of a user's row, or
 * by writing what stands there, of the row that counts for nobody's name. To leave a count that is not stored as it is,
 * nothing is deleted where something would be inserted.
 */
function shapeOf(statements: readonly string[]): readonly string[] {
  const kinds = statements.map((sql) => (/^\s*(\w+)/.exec(sql)?.[1] ?? sql).toLowerCase())
  return kinds.map((kind, index) => (index === 2 ? 'lock' : kind.replace('delete', 'insert')))
}

describeEachDatabase('signing in', (kind) => {
  const fixture = useSignIn(kind)

  test('costs one hash and the same statements whatever a wrong password meets', async () => {
    const f = fixture()
    const costs: Record<string, unknown> = {}
    for (const [title, prepare] of Object.entries(guesses)) {
      const attempt = await prepare(f)
      f.takeHashCount()
      f.takeStatements()
      await guess(f, attempt)
      costs[title] = { hashes: f.takeHashCount(), statements: shapeOf(f.takeStatements()).join(' ') }
    }
    const [first] = Object.values(costs)
    expect(first).toMatchObject({ hashes: 1 })
    expect(costs).toEqual(Object.fromEntries(Object.keys(guesses).map((title) => [title, first])))
  })
})

/** Everybody whom a code, or a guess at one, can be about. */
const people: Readonly<Record<string, (f: SdkFixture) => Promise<string>>> = {
  'a known user': async (f) => (await f.user()).mobile ?? '',
  'a user who has a code': async (f) => {
    const user = await f.user()
    await f.code(user, 'LOGIN_SMS')
    await f.code(user, 'FORGET_PWD_SMS')
    return user.mobile ?? ''
  },
  'a disabled user': async (f) => (await f.user({ disabled: true })).mobile ?? '',
  'a locked user': async (f) => {
    const user = await f.user()
    for (let count = 0; count < f.tenant.settings.signIn.attemptsMax; count += 1) {
      await f.client.signIn(user.userName, wrong)
    }
    return user.mobile ?? ''
  },
  'a user with redeemable resets': async (f) => {
    const user = await f.user()
    await f.reset(user, 'unknown')
    return user.mobile ?? ''
  },
  'a number that nobody has': async () => nobodysMobile(),
  'a number that nobody has, locked': async (f) => {
    const mobile = nobodysMobile()
    for (let count = 0; count < f.tenant.settings.signIn.attemptsMax; count += 1) {
      await f.post('/api/v2/sdk/login/mobile-verify-code', { mobile, verify_code: '000000' })
    }
    return mobile
  },
}

const nobodysMobile = () => `+86-136${String(randomInt(100_000_000)).padStart(8, '0')}`

const operations: Readonly<Record<string, readonly [path: string, body: Record<string, string>]>> = {
  'asking for a code': ['/api/v2/sdk/sms/send', { type: 'LOGIN_SMS' }],
  'signing in by a wrong code': ['/api/v2/sdk/login/mobile-verify-code', { verify_code: 'wrong' }],
  'recovering by a wrong code': [
    '/api/v2/sdk/pwd/update-by-mobile',
    { verify_code: 'wrong', password: 'Some-password-42' },
  ],
}

describeEachDatabase('codes', (kind) => {
  const fixture = useSdk(kind)

  test.each(Object.entries(operations))(
    '%s costs no hash and the same statements, whoever it is about',
    async (_, [path, body]) => {
      const f = fixture()
      // the application and the gateways are in their caches
      await f.post('/api/v2/sdk/sms/send', { mobile: nobodysMobile(), type: 'LOGIN_SMS' })
      const costs: Record<string, unknown> = {}
      for (const [title, prepare] of Object.entries(people)) {
        const mobile = await prepare(f)
        f.takeHashCount()
        f.takeStatements()
        const answer = await f.post(path, { mobile, ...body })
        const code = String(answer.body.error_code).replace('SDK.LOGIN.1003', 'SDK.SMS.1005')
        const statements = shapeOf(f.takeStatements()).join(' ')
        costs[title] = { code, hashes: f.takeHashCount(), statements }
      }
      const [first] = Object.values(costs)
      expect(first).toMatchObject({ hashes: 0 })
      expect(costs).toEqual(Object.fromEntries(Object.keys(people).map((title) => [title, first])))
    },
  )
})
