import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createPageClient } from '../../test/support/page-client.ts'
import { startApp, type TestApp } from '../../test/support/start-app.ts'
import { defaultTenantSettings } from '../core/tenants/tenant.ts'

const logo = `data:image/svg+xml;base64,${Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>').toString('base64')}`

describe('the company on its pages', () => {
  let test: TestApp
  beforeAll(async () => {
    const pages = { ...defaultTenantSettings.pages, color: '#ffd500', logo }
    test = await startApp('sqlite', {
      oldPassword: 'keep-until-used', // a reset ends no session
      settings: { pages, messages: { ...defaultTenantSettings.messages, support: 'extension <100>' } },
    })
  })
  afterAll(() => test.close())

  it('is seen by its name, logo, color and whom to call', async () => {
    const client = createPageClient(test.url)
    const page = await client.get('/sign-in')
    expect(page.text).toContain(`<img class="logo" src="${logo}"`)
    expect(page.text).toContain('<span class="company">Acme</span>')
    expect(page.text).toContain('extension &lt;100&gt;')
    const style = await client.get('/pages/style.css')
    expect(style.text).toContain('--brand: #ffd500; --on-brand: #000000')
    const kept = await fetch(`${test.url}/pages/style.css`, {
      headers: { 'if-none-match': style.headers.get('etag') ?? '' },
    })
    expect(kept.status).toBe(304)
  })

  it('is where the bare address leads, and an unknown one leads back', async () => {
    const client = createPageClient(test.url)
    expect((await client.get('/')).location).toBe('/sign-in')
    const unknown = await client.get('/nowhere')
    expect([unknown.status, unknown.text.includes('href="/"')]).toEqual([404, true])
    // a program is answered as a program
    const answer = await fetch(`${test.url}/nowhere`)
    expect(await answer.json()).toMatchObject({ error_code: 'REQUEST.9003' })
  })

  it('tells its people what happened to their account', async () => {
    const user = await test.addUser()
    const client = createPageClient(test.url)
    await client.get('/sign-in')
    await client.submit('/sign-in', { login_name: user.userName, password: 'wrong' })
    await client.submit('/sign-in', { login_name: user.userName, password: user.password })
    expect((await test.client.resetPassword(user.id, 'EMAIL')).status).toBe(200)
    const { text } = await client.get('/account')
    const told = [...text.matchAll(/<li class="row"><div><p>([^<]+)<\/p>/g)].map(([, event]) => event)
    expect(told.slice(-3)).toEqual([
      expect.stringMatching(/^Password reset, sent by e-mail to .*\*\*\*@acme\.example$/),
      'Signed in',
      'Wrong password',
    ])
  })
})
