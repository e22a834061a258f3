import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeEachDatabase } from '../../test/support/databases.ts'
import { createPageClient, type PageClient } from '../../test/support/page-client.ts'
import { chosenPassword } from '../../test/support/passwords.ts'
import { startApp, type TestApp } from '../../test/support/start-app.ts'
import { en } from './texts/en.ts'
import { zh } from './texts/zh.ts'

describeEachDatabase('forms', (kind) => {
  let test: TestApp
  beforeAll(async () => {
    test = await startApp(kind, { env: { REKEY_TRUST_PROXY: '127.0.0.1/32' } })
  })
  afterAll(() => test.close())

  const browser = (headers?: Record<string, string>): PageClient => createPageClient(test.url, headers)
  const behindProxy = (address: string, protocol: string) =>
    browser({ 'x-forwarded-for': address, 'x-forwarded-proto': protocol })

  it('are refused without a token, and come back with what was typed but the password', async () => {
    const user = await test.addUser()
    const client = browser()
    await client.get('/sign-in')
    const fields = { login_name: user.userName, password: user.password }
    const answer = await client.send('/sign-in', new URLSearchParams(fields).toString())
    expect(answer.status).toBe(403)
    expect(answer.text).toContain(en.problems.staleForm)
    expect(answer.text).toContain(`<title>${en.problems.heading}: ${en.signIn.title}`)
    expect(answer.text).toContain(`value="${user.userName}"`)
    expect(answer.text).not.toContain(user.password)
    // pressed again it works
    expect((await client.submit('/sign-in', fields)).location).toBe('/account')
  })

  it('are refused with the token of another browser, or of before a sign-in', async () => {
    const user = await test.addUser()
    const fields = { login_name: user.userName, password: user.password }
    const [mine, theirs] = [browser(), browser()]
    const page = await theirs.get('/sign-in')
    const foreign = /name="form_token" value="([^"]*)"/.exec(page.text)?.[1] ?? ''
    await mine.get('/sign-in')
    expect((await mine.submit('/sign-in', { ...fields, form_token: foreign })).status).toBe(403)
    const before = /name="form_token" value="([^"]*)"/.exec((await mine.get('/sign-in')).text)?.[1] ?? ''
    expect((await mine.submit('/sign-in', fields)).location).toBe('/account')
    await mine.get('/account')
    const answer = await mine.submit('/account/sessions/end', { form_token: before })
    expect(answer.location).toBe('/account?said=stale')
    expect((await mine.get('/account')).status).toBe(200)
  })

  it('say that cookies are off, in the reader’s language', async () => {
    const client = browser({ 'accept-language': 'zh-CN,en;q=0.5' })
    await client.get('/sign-in')
    client.cookies.clear()
    const answer = await client.submit('/sign-in', { login_name: 'alice', password: 'x' })
    expect(answer.status).toBe(403)
    expect(answer.text).toContain(zh.problems.noCookies)
    expect(answer.text).toContain('<html lang="zh-CN">')
  })

  it.each([
    ['a body that is no UTF-8', '/sign-in', 'login_name=\xff', {}, 400],
    ['another media type', '/sign-in', '<xml/>', { 'content-type': 'text/xml' }, 415],
    ['too much', '/sign-in', `password=${'x'.repeat(2_000_000)}`, {}, 413],
    ['an unknown address', '/sign-in/further', 'a=b', { accept: 'text/html' }, 404],
  ] as const)('answer %s without a failure', async (_title, path, text, headers, status) => {
    const client = browser()
    await client.get('/sign-in')
    const response = await fetch(`${test.url}${path}`, {
      method: 'POST',
      body: Buffer.from(text, 'latin1'),
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    })
    expect(response.status).toBe(status)
    if (path === '/sign-in') expect(await response.text()).toContain(en.errors.home)
  })

  it.each(['login_name', 'password'])('take a %s of any length and any characters', async (name) => {
    const client = browser()
    await client.get('/sign-in')
    for (const value of ['\0', '𝒂'.repeat(5_000), '"><script>', ' ', '\u202e']) {
      const fields = { login_name: 'nobody', password: 'x', [name]: value }
      const answer = await client.submit('/sign-in', fields)
      expect([400, 429]).toContain(answer.status)
      expect(answer.text).not.toContain('"><script>')
    }
  })

  it('set cookies that only https and this host see, where a proxy says https', async () => {
    const user = await test.addUser()
    const client = behindProxy('192.0.2.10', 'https')
    const page = await client.get('/sign-in')
    expect(page.status).toBe(200)
    const answer = await client.submit('/sign-in', { login_name: user.userName, password: user.password })
    expect(answer.location).toBe('/account')
    const session = answer.headers.getSetCookie().find((line) => line.startsWith('__Host-rekey-session='))
    expect(session).toMatch(/; Path=\/; HttpOnly; Secure; SameSite=Lax$/)
    expect(session).not.toContain('Domain')
    expect((await client.get('/account')).status).toBe(200)
  })

  it('take no password over http from beyond this machine', async () => {
    const client = behindProxy('192.0.2.10', 'http')
    const page = await client.get('/sign-in')
    expect(page.status).toBe(403)
    expect(page.text).toContain(en.errors.needsHttps.text)
    expect(page.text).not.toContain('type="password"')
    expect((await client.submit('/sign-in', { login_name: 'a', password: 'b' })).status).toBe(403)
  })

  it('are kept by nobody, framed by nobody, and run nothing inline', async () => {
    const { headers, text } = await browser().get('/sign-in')
    expect(headers.get('cache-control')).toBe('no-store')
    expect(headers.get('content-security-policy')).toMatch(
      /^default-src 'none'; script-src 'self'; style-src 'self';/,
    )
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
    expect(text).not.toMatch(/<script>|<style>| style=| on\w+=|javascript:/)
  })

  it('load in three requests and well below 60 kB', async () => {
    const user = await test.addUser()
    const client = browser()
    const first = await client.get('/sign-in')
    await client.submit('/sign-in', { login_name: user.userName, password: user.password })
    for (const page of [first, await client.get('/account')]) {
      const parts = [
        ...page.text.matchAll(/<(?:link rel="stylesheet" href|script src|img[^>]* src)="([^"]+)"/g),
      ]
      const paths = parts.map(([, path = '']) => path).filter((path) => !path.startsWith('data:'))
      expect(paths).toHaveLength(2)
      const sizes = await Promise.all(paths.map(async (path) => (await client.get(path)).text.length))
      expect(page.text.length + sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(60_000)
    }
  })

  it('tell while a new password is typed which rules it breaks, and write none of it down', async () => {
    const user = await test.addUser({ mustChangePassword: true })
    const client = browser()
    await client.get('/sign-in')
    await client.submit('/sign-in', { login_name: user.userName, password: user.password })
    await client.get('/new-password')
    const check = async (password: string) => {
      const answer = await client.submit('/password-check', { new_password: password })
      return (JSON.parse(answer.text) as { broken: readonly string[] }).broken
    }
    expect(await check('short')).toEqual(expect.arrayContaining(['length', 'classes', 'weak']))
    expect(await check(`A1-${user.userName}-zq`)).toContain('user_info')
    expect(await check(chosenPassword())).toEqual([])
    const stranger = await browser().send('/password-check', 'new_password=x')
    expect(stranger.status).toBe(403)
  })
})
