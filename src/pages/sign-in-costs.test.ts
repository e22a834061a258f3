import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { describeEachDatabase } from '../../test/support/databases.ts'
import { type SignInFixture, useSignIn } from '../../test/support/sign-in-fixture.ts'
import { type Attempt, guesses, shapeOf } from '../../test/support/sign-in-guesses.ts'
import { bindBrowserCalls } from '../core/browser/bind-browser-calls.ts'
import type { Core } from '../core/core.ts'
import { systemRandomBytes } from '../core/randomness.ts'
import { signIn } from '../core/signin/sign-in.ts'
import type { PageAnswer } from '../http/page.ts'
import { createSite } from './create-site.ts'
import { formToken } from './form-token.ts'

const formCookie = randomBytes(16).toString('base64url')

/** Sends the form of the sign-in page as one and the same browser. */
async function submit(f: SignInFixture, { loginName, password }: Attempt): Promise<PageAnswer> {
  const { mac } = f.seal
  const core = {
    ...bindBrowserCalls({ ...f.deps, typing: f.deps.addresses }),
    signIn: (call: Parameters<Core['signIn']>[0]) => signIn(f.deps, call),
  } as Core
  const { pages } = createSite({ core, random: systemRandomBytes, mac })
  const page = pages.find(({ method, path }) => method === 'POST' && path === '/sign-in')
  const token = formToken(mac, { tenantId: f.tenant.id, formCookie, signedInCookie: '' })
  const answer = await page?.handle({
    requestId: 'request-1',
    tenant: f.tenant,
    address: '127.0.0.1',
    isHttps: false,
    language: 'en',
    headers: { cookie: `rekey-form=${formCookie}` },
    params: {},
    query: {},
    form: { form_token: token, login_name: loginName, password },
  })
  if (answer === undefined) throw new Error('there is no sign-in page')
  return answer
}

describeEachDatabase('the sign-in page', (kind) => {
  const fixture = useSignIn(kind)

  test('costs one hash and the same statements, and says the same to the byte, whatever a wrong password meets', async () => {
    const f = fixture()
    const costs: Record<string, unknown> = {}
    const texts = new Map<number, Set<string>>()
    for (const [title, prepare] of Object.entries(guesses)) {
      const attempt = await prepare(f)
      f.takeHashCount()
      f.takeStatements()
      const { status, body } = await submit(f, attempt)
      costs[title] = { hashes: f.takeHashCount(), statements: shapeOf(f.takeStatements()).join(' ') }
      // the name was typed by whoever guesses, and how many tries are left depends on how many there were
      const text = body
        .split(attempt.loginName)
        .join('NAME')
        .replace(/\d+ attempts? left/, 'LEFT')
      texts.set(status, (texts.get(status) ?? new Set()).add(text.replace('a\u0000b', 'NAME')))
    }
    const [first] = Object.values(costs)
    expect(first).toMatchObject({ hashes: 1 })
    expect(costs).toEqual(Object.fromEntries(Object.keys(guesses).map((title) => [title, first])))
    expect([...texts.keys()].toSorted()).toEqual([400, 429])
    expect([...texts.values()].map(({ size }) => size)).toEqual([1, 1])
  })
})
