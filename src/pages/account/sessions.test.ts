import { afterAll, beforeAll, expect, it } from 'vitest'
import { createApiClient } from '../../../test/support/api-client.ts'
import { describeEachDatabase } from '../../../test/support/databases.ts'
import { createPageClient, type PageClient } from '../../../test/support/page-client.ts'
import { chosenPassword } from '../../../test/support/passwords.ts'
import { type SeededUser, seedTenant } from '../../../test/support/seed-tenant.ts'
import { startApp, type TestApp } from '../../../test/support/start-app.ts'
import { MINUTE_MS } from '../../core/clock.ts'
import { Secret } from '../../core/secret.ts'
import { en } from '../texts/en.ts'

describeEachDatabase('sessions of browsers', (kind) => {
  let test: TestApp
  beforeAll(async () => {
    test = await startApp(kind)
  })
  afterAll(() => test.close())

  async function signedIn(user: SeededUser, password = user.password): Promise<PageClient> {
    const client = createPageClient(test.url)
    await client.get('/sign-in')
    const answer = await client.submit('/sign-in', { login_name: user.userName, password })
    expect(answer.location).toBe('/account')
    return client
  }

  const isIn = async (client: PageClient) => (await client.get('/account')).status === 200

  it('end when nobody uses them, and go on while somebody does', async () => {
    const user = await test.addUser()
    const [idle, used] = [await signedIn(user), await signedIn(user)]
    for (const _step of [1, 2, 3]) {
      test.clock.advance(12 * MINUTE_MS)
      expect(await isIn(used)).toBe(true)
    }
    const answer = await idle.get('/account')
    expect(answer.location).toBe('/sign-in?said=ended')
    expect((await idle.get(answer.location ?? '')).text).toContain(en.signIn.ended)
  })

  it('end after their lifetime however much they are used', async () => {
    const client = await signedIn(await test.addUser())
    for (let minutes = 0; minutes < 12 * 60 - 20; minutes += 20) {
      test.clock.advance(20 * MINUTE_MS)
      expect(await isIn(client)).toBe(true)
    }
    test.clock.advance(20 * MINUTE_MS)
    expect(await isIn(client)).toBe(false)
  })

  it('end with a reset that is used, a disabled user and a password that an application sets', async () => {
    const user = await test.addUser()
    const client = createApiClient(test.url, test.application)
    const call = async (path: string, body = '{}') =>
      await client.call('PUT', `/api/v2/tenant/users/${user.id}/${path}`, {
        headers: { authorization: `Bearer ${await client.token()}`, 'content-type': 'application/json' },
        body,
      })
    const first = await signedIn(user)
    const password = chosenPassword()
    const set = await call('change-password', JSON.stringify({ password, pwd_must_modify: 'false' }))
    expect(set.status).toBe(200)
    expect(await isIn(first)).toBe(false)
    const second = await signedIn(user, password)
    expect((await call('disable')).status).toBe(200)
    expect(await isIn(second)).toBe(false)
    expect((await call('enable')).status).toBe(200)
    const third = await signedIn(user, password)
    expect((await client.resetPassword(user.id, 'EMAIL')).status).toBe(200)
    expect(await isIn(third)).toBe(false)
  })

  it('end one by one or all others, of this person and of nobody else', async () => {
    const [user, neighbour] = [await test.addUser(), await test.addUser()]
    const [here, there, elsewhere] = [await signedIn(user), await signedIn(user), await signedIn(user)]
    const theirs = await signedIn(neighbour)
    const idOf = async (client: PageClient) => {
      const { sessions } = test.database.store.read
      const all = await sessions.listOfUser(test.tenant.id, client === theirs ? neighbour.id : user.id, 9)
      return all.map(({ id }) => id)
    }
    const [foreign = ''] = await idOf(theirs)
    await here.get('/account')
    await here.submit('/account/sessions/end', { session_id: foreign })
    expect(await isIn(theirs)).toBe(true)
    const page = await here.get('/account')
    const [, shown = ''] = /name="session_id" value="([^"]+)"/.exec(page.text) ?? []
    const ended = await here.submit('/account/sessions/end', { session_id: shown })
    expect(ended.location).toBe('/account?said=ended')
    expect([await isIn(there), await isIn(elsewhere)].toSorted()).toEqual([false, true])
    await here.get('/account')
    expect((await here.submit('/account/sessions/end', {})).location).toBe('/account?said=others-ended')
    expect([await isIn(here), await isIn(there), await isIn(elsewhere)]).toEqual([true, false, false])
  })

  it('are good for nothing but the pages, and those of applications for nothing here', async () => {
    const user = await test.addUser()
    const browser = await signedIn(user)
    const sdk = await test.client.signIn(user.userName, user.password)
    const client = createPageClient(test.url)
    client.cookies.set('rekey-session', String(sdk.body.session_token))
    expect((await client.get('/account')).location).toMatch(/^\/sign-in/)
    const token = await createApiClient(test.url, test.application).token()
    const exchange = await test.client.call('POST', '/api/v2/tenant/sso/session-token/refresh', {
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ session_token: browser.cookies.get('rekey-session') }),
    })
    expect(exchange.status).toBeGreaterThanOrEqual(400)
  })

  it('get a new cookie at each sign-in and change of password, and the old one is dead', async () => {
    const user = await test.addUser()
    const client = await signedIn(user)
    const before = client.cookies.get('rekey-session') ?? ''
    const next = chosenPassword()
    await client.get('/account/password')
    const fields = { old_password: user.password, new_password: next }
    const changed = await client.submit('/account/password', fields)
    expect(changed.location).toBe('/account?said=password-saved')
    expect(await isIn(client)).toBe(true)
    expect(client.cookies.get('rekey-session')).not.toBe(before)
    const stale = createPageClient(test.url)
    stale.cookies.set('rekey-session', before)
    expect(await isIn(stale)).toBe(false)
  })

  it('are left by signing out, on the server too', async () => {
    const client = await signedIn(await test.addUser())
    const cookie = client.cookies.get('rekey-session') ?? ''
    await client.get('/account')
    expect((await client.submit('/sign-out', {})).location).toBe('/sign-in?said=signed-out')
    client.cookies.set('rekey-session', cookie)
    expect(await isIn(client)).toBe(false)
  })

  it('belong to their tenant', async () => {
    const client = await signedIn(await test.addUser())
    const sessionToken = new Secret(client.cookies.get('rekey-session') ?? '')
    const other = await seedTenant(test.database.store)
    const { core } = test.app
    expect(await core.findBrowserSession({ tenant: test.tenant, sessionToken })).toBeDefined()
    expect(await core.findBrowserSession({ tenant: other, sessionToken })).toBeUndefined()
  })

  it('remember a language for pages and messages', async () => {
    const user = await test.addUser()
    const client = await signedIn(user)
    await client.get('/account')
    const answer = await client.submit('/language', { language: 'zh', from: 'account' })
    expect(answer.location).toBe('/account?said=language-saved')
    expect((await client.get('/account')).text).toContain('<html lang="zh-CN">')
    expect((await test.database.store.read.users.find(test.tenant.id, user.id))?.language).toBe('zh')
    // without a session the browser keeps it
    const stranger = createPageClient(test.url)
    await stranger.get('/sign-in')
    await stranger.submit('/language', { language: 'zh' })
    expect((await stranger.get('/sign-in')).text).toContain('<html lang="zh-CN">')
  })
})
