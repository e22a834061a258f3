import { type DefaultTreeAdapterMap, parse } from 'parse5'
import PostalMime from 'postal-mime'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createPasswordHasher } from '../../src/core/password/create-password-hasher.ts'
import { generatePassword } from '../../src/core/password/generate-password.ts'
import { systemRandomBytes } from '../../src/core/randomness.ts'
import { Secret } from '../../src/core/secret.ts'
import { defaultTenantSettings, type SendMode } from '../../src/core/tenants/tenant.ts'
import { chooseTemplate } from '../../src/messaging/choose-template.ts'
import type { OutgoingMessage } from '../../src/messaging/gateway.ts'
import { createRequestRenderer } from '../../src/messaging/gateways/sms-http/render-request.ts'
import { readSmsHttpSettings } from '../../src/messaging/gateways/sms-http/settings.ts'
import { buildMail } from '../../src/messaging/gateways/smtp/build-mail.ts'
import { renderMessage } from '../../src/messaging/render-template.ts'
import { describeEachDatabase } from '../support/databases.ts'
import { expectMustChange } from '../support/passwords.ts'
import { cheapHashParameters, type SeededUser, seedGateway } from '../support/seed-tenant.ts'
import { startApp, type TestApp } from '../support/start-app.ts'

const defaultPolicy = defaultTenantSettings.passwordPolicy
const policies = { default: defaultPolicy, 'four-class': { ...defaultPolicy, classesMin: 4 } } as const
const sendModes = ['EMAIL', 'SMS'] as const
const languages = ['en', 'zh'] as const
const about = { userName: 'alice', name: 'Alice', email: 'alice@acme.example', mobile: '+86-13800000001' }
const PASSWORDS_EACH = 2_500
// two at a time, as many as CI has cores
const AT_ONCE = 2
const RESETS_EACH = 50
// some 3 s each; a machine that is busy with other things takes its time
const TIME_LIMIT_MS = 120_000

const smsSettings = {
  url: 'https://sms.example/send',
  body: '{"to":"{{ to }}","text":"{{ text }}","parameters":{"code":"{{ password }}"}}',
}

const hasher = createPasswordHasher({ random: systemRandomBytes, concurrencyMax: 2, queueMax: 1_000 })
const renderSmsRequest = createRequestRenderer(readSmsHttpSettings(smsSettings))

describe.each(Object.keys(policies) as (keyof typeof policies)[])('under the %s policy', (policy) => {
  it.each(sendModes)(
    `what the recipient of each of ${PASSWORDS_EACH} passwords by %s reads is what signs in`,
    async (sendMode) => {
      const wrong: string[] = []
      let compared = 0
      const checkOne = async (index: number): Promise<void> => {
        const password = generatePassword(policies[policy], sendMode, { about, random: systemRandomBytes })
        const salt = hasher.newSalt()
        const stored = await hasher.hash(password, salt, cheapHashParameters)
        const message = compose(sendMode, languages[index % languages.length] ?? 'en', password)
        for (const [place, read] of Object.entries(await readEverywhere(message))) {
          compared += 1
          if ((await hasher.hash(new Secret(read), salt, cheapHashParameters)) !== stored) {
            wrong.push(`${place}: ${read} instead of ${password.reveal()}`)
          }
        }
      }
      await inParallel(PASSWORDS_EACH, AT_ONCE, checkOne)
      expect(wrong).toEqual([])
      expect(compared).toBe(2 * PASSWORDS_EACH) // mail: text and HTML; SMS: the text and the vendor's parameter
    },
    TIME_LIMIT_MS,
  )
})

describeEachDatabase('through the whole server, over real SMTP and real HTTP', (kind) => {
  let app: TestApp
  beforeAll(async () => {
    app = await startApp(kind)
    await useBuiltInTemplates(app)
    await seedGateway(app.database.store, app.tenant, {
      name: 'sms',
      channel: 'SMS',
      kind: 'sms-http',
      settings: { ...smsSettings, url: app.sms.url },
    })
  })
  afterAll(() => app.close())

  it.each(Object.keys(policies) as (keyof typeof policies)[])(
    `each of ${RESETS_EACH * sendModes.length} passwords under the %s policy, read from its message, signs in`,
    async (policy) => {
      const settings = { ...app.tenant.settings, passwordPolicy: policies[policy] }
      await app.database.store.transaction((repositories) =>
        repositories.tenants.update({ ...app.tenant, settings }),
      )
      app.clock.advance(6_000) // past what the server remembers of the tenant
      await app.client.token()
      await inParallel(RESETS_EACH * sendModes.length, 2 * AT_ONCE, async (index) => {
        const sendMode = sendModes[index % sendModes.length] ?? 'EMAIL'
        const user = await app.addUser({ language: languages[index % 4 < 2 ? 0 : 1] })
        expect((await app.client.resetPassword(user.id, sendMode)).status).toBe(200)
        const read = await readReceived(app, user, sendMode)
        expect(new Set(Object.values(read)).size).toBe(1)
        await expectMustChange(app.client, user.userName, Object.values(read)[0] ?? '')
      })
    },
    TIME_LIMIT_MS,
  )
})

function compose(sendMode: SendMode, language: string, password: Secret): OutgoingMessage {
  const chosen = chooseTemplate([], { event: 'reset-password', channel: sendMode, languages: [language] })
  const message =
    chosen &&
    renderMessage(chosen.template, {
      to: sendMode === 'EMAIL' ? 'alice@acme.example' : '+86-13800000001',
      language,
      variables: {
        name: 'Alice O’Hara & "Söhne" <b>',
        userName: 'alice',
        password,
        issuedAt: 1_763_845_620_000,
        expiresAt: 1_763_932_020_000,
        timeZone: 'Asia/Shanghai',
        tenantName: 'Acme & <Co>',
        reference: '20251122210700000-0000-000000000',
        signInUrl: 'https://id.acme.example/sign-in',
        notMeUrl: 'https://id.acme.example/not-me/20251122210700000-0000-000000000.0123456789abcdef',
      },
    })
  if (message === undefined) {
    throw new Error('the built-in template cannot carry the password')
  }
  return message
}

/** What stands in each part that a recipient, or a vendor's template, reads. */
async function readEverywhere(message: OutgoingMessage): Promise<Readonly<Record<string, string>>> {
  if (message.channel === 'SMS') {
    return readSmsBody(renderSmsRequest(message).body?.toString('utf8') ?? '')
  }
  const from = { name: 'IT', address: 'it@acme.example' }
  return await readMail(await buildMail(from, message, 1_763_845_620_000))
}

async function readMail(raw: Buffer | string): Promise<Readonly<Record<string, string>>> {
  const mail = await PostalMime.parse(raw)
  return { text: passwordIn(mail.text ?? ''), html: passwordIn(seenIn(mail.html ?? '')) }
}

function readSmsBody(body: string): Readonly<Record<string, string>> {
  const { text, parameters } = JSON.parse(body) as { text: string; parameters: { code: string } }
  return { text: passwordIn(text), parameter: parameters.code }
}

async function readReceived(
  app: TestApp,
  user: SeededUser,
  sendMode: SendMode,
): Promise<Readonly<Record<string, string>>> {
  if (sendMode === 'EMAIL') {
    const [mail, ...others] = app.smtp.mails.filter(({ to }) => to.includes(user.email ?? ''))
    expect(others).toEqual([])
    return await readMail(mail?.raw ?? '')
  }
  const to = (user.mobile ?? '').replace('-', '')
  const [request, ...others] = app.sms.requests.filter(({ body }) => body.includes(to))
  expect(others).toEqual([])
  return readSmsBody(request?.body ?? '{}')
}

/** A person takes what stands alone on a line and is no word, no address and not their own name; the company's name does too. */
function passwordIn(shown: string): string {
  const lines = shown.split('\n').map((line) => line.replace(/\r$/, ''))
  const [password, ...others] = lines.filter(
    (line) => /^(?=.*\d)[\x21-\x7e]+$/.test(line) && !/^(https:\/\/|alice)/.test(line),
  )
  if (password === undefined || others.length > 0) {
    throw new Error(`no one line holds a password alone:\n${shown}`)
  }
  return password
}

type Node = DefaultTreeAdapterMap['node']
const unseen = new Set(['head', 'style', 'script', 'title', 'template'])
const blocks = new Set(['p', 'div', 'br', 'body', 'table', 'tr', 'td', 'h1'])

/** The page as text: what is not shown left out, white space as a browser folds it, each block on lines of its own. */
function seenIn(html: string): string {
  const walk = (node: Node, keepsSpace: boolean): string => {
    if ('value' in node) {
      return keepsSpace ? node.value : node.value.replace(/\s+/g, ' ')
    }
    if (unseen.has(node.nodeName) || !('childNodes' in node)) {
      return ''
    }
    const style = 'attrs' in node ? (node.attrs.find(({ name }) => name === 'style')?.value ?? '') : ''
    const inner = node.childNodes
      .map((child) => walk(child, keepsSpace || /white-space:\s*pre/.test(style)))
      .join('')
    return blocks.has(node.nodeName) || /display:\s*block/.test(style) ? `\n${inner}\n` : inner
  }
  return walk(parse(html), false)
}

/** So that the built-in texts are sent, which every tenant starts with. */
async function useBuiltInTemplates(app: TestApp): Promise<void> {
  const { store } = app.database
  const templates = await store.read.templates.list(app.tenant.id)
  await store.transaction(async (repositories) => {
    for (const template of templates) {
      await repositories.templates.delete(app.tenant.id, template)
    }
  })
}

async function inParallel(
  count: number,
  atOnce: number,
  run: (index: number) => Promise<void>,
): Promise<void> {
  let next = 0
  const work = async () => {
    while (next < count) {
      next += 1
      await run(next - 1)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, work))
}
