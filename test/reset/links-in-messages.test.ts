import PostalMime from 'postal-mime'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { Secret } from '../../src/core/secret.ts'
import { builtInTemplate } from '../../src/messaging/templates/built-in-templates.ts'
import { describeEachDatabase } from '../support/databases.ts'
import { chosenPassword, expectRefused, expectSignsIn } from '../support/passwords.ts'
import type { SeededUser } from '../support/seed-tenant.ts'
import { startApp, type TestApp } from '../support/start-app.ts'
import { waitUntil } from '../support/wait-until.ts'

const ORIGIN = 'https://id.acme.example'

describeEachDatabase('a message', (kind) => {
  let app: TestApp
  beforeAll(async () => {
    app = await startApp(kind, { env: { REKEY_PUBLIC_URL: ORIGIN } })
    const { tenant, database } = app
    const template = builtInTemplate('reset-password', 'EMAIL', 'en')
    if (template === undefined) throw new Error('there is no built-in mail')
    // the words of the built-in mail, and the brackets that tests read passwords by
    const text = `${template.text}\n[{{ password }}]`
    const key = { tenantId: tenant.id, event: 'reset-password', channel: 'EMAIL', language: 'en' } as const
    await database.store.transaction(({ templates }) =>
      templates.put({ ...key, subject: 'New', text, html: template.html }),
    )
  })
  afterAll(() => app.close())

  async function mailTo(user: SeededUser, subject: string): Promise<string> {
    let found: string | undefined
    await waitUntil(async () => {
      const mails = app.smtp.mails.filter(({ to }) => to.includes(user.email ?? ''))
      const parsed = await Promise.all(mails.map(({ raw }) => PostalMime.parse(raw)))
      found = parsed.find((mail) => mail.subject?.includes(subject))?.text
      return found !== undefined
    })
    return found ?? ''
  }

  const tokenIn = (text: string) => new Secret(/\/not-me\/([\w.-]+)/.exec(text)?.[1] ?? '')
  const press = (token: Secret) =>
    app.app.core.disownReset({ tenant: app.tenant, token, address: undefined, requestId: 'request-1' })

  it('of a reset says where to sign in and until when in the reader’s zone, from the configuration alone', async () => {
    const user = await app.addUser({ timeZone: 'Pacific/Auckland' })
    const headers = { 'x-forwarded-host': 'evil.example', forwarded: 'host=evil.example' }
    expect((await app.client.resetPassword(user.id, 'EMAIL', headers)).status).toBe(200)
    const text = await mailTo(user, 'New')
    expect(text).toContain(`Sign in at: ${ORIGIN}/sign-in\n`)
    expect(text).toMatch(/Works until: \d+ \w+ \d{4} at \d\d:\d\d GMT\+1[23]\n/)
    expect(text).not.toContain('evil.example')
  })

  it('of a reset carries a link that freezes the account, and the delivered password with it', async () => {
    const user = await app.addUser()
    await app.client.resetPassword(user.id, 'EMAIL')
    const token = tokenIn(await mailTo(user, 'New'))
    const password = await app.readMailedPassword()
    expect(await app.app.core.findDisownable(app.tenant, token)).toMatchObject({
      about: 'reset',
      timeZone: app.tenant.timeZone,
      isDone: false,
    })
    expect(await press(token)).toEqual({ kind: 'frozen' })
    await expectRefused(app.client, user.userName, password)
  })

  it('about a password that a reset by SMS changed carries the link of that reset', async () => {
    const user = await app.addUser()
    const { headers } = await app.client.resetPassword(user.id, 'SMS')
    const token = tokenIn(await mailTo(user, 'was changed'))
    expect(token.reveal()).toContain(headers.get('x-reset-id'))
    const found = await app.app.core.findDisownable(app.tenant, token)
    expect(found).toMatchObject({ about: 'reset', sentTo: { channel: 'SMS' } })
    expect(await press(token)).toEqual({ kind: 'frozen' })
  })

  it('about a password that somebody chose carries a link that voids it', async () => {
    const user = await app.addUser()
    const session = await expectSignsIn(app.client, user.userName, user.password)
    const chosen = chosenPassword()
    await app.client.changePassword(String(session.body.id_token), user.password, chosen)
    const token = tokenIn(await mailTo(user, 'was changed'))
    expect(await app.app.core.findDisownable(app.tenant, token)).toMatchObject({ about: 'password' })
    expect(await press(token)).toEqual({ kind: 'frozen' })
    await expectRefused(app.client, user.userName, chosen)
  })
})
