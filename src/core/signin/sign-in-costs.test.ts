import { randomInt } from 'node:crypto'
import { expect, test } from 'vitest'
import { describeEachDatabase } from '../../../test/support/databases.ts'
import { type SdkFixture, useSdk } from '../../../test/support/sdk-fixture.ts'
import { useSignIn } from '../../../test/support/sign-in-fixture.ts'
import { guess, guesses, shapeOf, wrong } from '../../../test/support/sign-in-guesses.ts'

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
