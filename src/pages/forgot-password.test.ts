import PostalMime from 'postal-mime'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeEachDatabase } from '../../test/support/databases.ts'
import { createPageClient } from '../../test/support/page-client.ts'
import { chosenPassword, expectSignsIn } from '../../test/support/passwords.ts'
import { startApp, type TestApp } from '../../test/support/start-app.ts'
import { waitUntil } from '../../test/support/wait-until.ts'
import { en } from './texts/en.ts'

describeEachDatabase('a forgotten password', (kind) => {
  let test: TestApp
  beforeAll(async () => {
    test = await startApp(kind)
  })
  afterAll(() => test.close())

  async function ask(contact: string) {
    const client = createPageClient(test.url)
    await client.get('/forgot-password')
    const asked = await client.submit('/forgot-password', { contact })
    return { client, asked, page: await client.get('/forgot-password/code') }
  }

  async function codeFor(address: string): Promise<string> {
    let code: string | undefined
    await waitUntil(async () => {
      for (const { to, raw } of test.smtp.mails.toReversed()) {
        const text = to.includes(address) ? (await PostalMime.parse(raw)).text : ''
        code ??= /^\s*(\d{6})\s*$/m.exec(text ?? '')?.[1]
      }
      return code !== undefined
    })
    return code ?? ''
  }

  it('is answered alike for an address that somebody has and one that nobody has, also with a wrong code', async () => {
    const user = await test.addUser()
    const locked = await test.addUser({ disabled: true })
    const seen = new Set<string>()
    for (const contact of [user.email ?? '', locked.email ?? '', `nobody-${user.userName}@acme.example`]) {
      const { client, asked, page } = await ask(contact)
      expect([asked.status, asked.location]).toEqual([303, '/forgot-password/code'])
      const fields = { code: '000000', new_password: chosenPassword() }
      const wrong = await client.submit('/forgot-password/code', fields)
      expect(wrong.status).toBe(400)
      const plain = [page.text, wrong.text].map((text) =>
        text
          .split(contact)
          .join('CONTACT')
          .replace(/name="form_token" value="[^"]*"/g, 'TOKEN'),
      )
      seen.add(plain.join('\n'))
    }
    expect(seen.size).toBe(1)
  })

  it('changes nothing until the code is right, signs nobody in, and is told afterwards without the password', async () => {
    const user = await test.addUser()
    const { client } = await ask(user.email ?? '')
    const code = await codeFor(user.email ?? '')
    await expectSignsIn(test.client, user.userName, user.password)
    const password = chosenPassword()
    const weak = await client.submit('/forgot-password/code', { code, new_password: 'short' })
    expect(weak.text).toContain('id="new_password-problem"')
    const before = test.smtp.mails.length
    const grouped = `${code.slice(0, 3)} ${code.slice(3)}`
    const done = await client.submit('/forgot-password/code', { code: grouped, new_password: password })
    expect(done.location).toBe('/sign-in?said=recovered')
    expect(client.cookies.has('rekey-session')).toBe(false)
    await expectSignsIn(test.client, user.userName, password)
    const again = await client.submit('/forgot-password/code', { code, new_password: chosenPassword() })
    expect(again.location).toBe('/forgot-password')
    await waitUntil(async () => test.smtp.mails.length > before)
    for (const { raw } of test.smtp.mails) expect((await PostalMime.parse(raw)).text).not.toContain(password)
  })

  it('is limited for one address, known or not, in the same words', async () => {
    const user = await test.addUser()
    const answers: string[] = []
    for (const contact of [user.email ?? '', `nobody-${user.userName}@acme.example`]) {
      for (let count = 0; count < 5; count += 1) await ask(contact)
      const { asked } = await ask(contact)
      expect(asked.status).toBe(400)
      answers.push(
        asked.text
          .split(contact)
          .join('CONTACT')
          .replace(/name="form_token" value="[^"]*"/g, ''),
      )
    }
    expect(new Set(answers.map((text) => text.replace(/\d+ (minutes|seconds)/, 'TIME'))).size).toBe(1)
    expect(answers[0]).toContain('Too many codes')
  })

  it('says what is neither address nor number, and keeps it', async () => {
    const { asked } = await ask('neither')
    expect(asked.status).toBe(400)
    expect(asked.text).toContain(en.forgot.badContact)
    expect(asked.text).toContain('value="neither"')
  })
})
