import { parse as parseHtml } from 'parse5'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { startFaultySmtpServer } from '../../../test/support/faulty-smtp-server.ts'
import {
  handOverFor,
  outgoingMessage,
  samplePassword,
  sendOnce,
} from '../../../test/support/outgoing-message.ts'
import { type SmtpSinkOptions, startSmtpSink } from '../../../test/support/smtp-sink.ts'
import {
  createTestAuthority,
  type TestAuthority,
  type TestCertificate,
} from '../../../test/support/test-certificates.ts'
import { systemClock } from '../../core/clock.ts'
import { Secret } from '../../core/secret.ts'
import { createSmtpGateway } from './smtp.ts'

let authority: TestAuthority
let certificate: TestCertificate
const opened: { close(): Promise<void> }[] = []

beforeAll(async () => {
  authority = await createTestAuthority()
  certificate = await authority.issue()
})

afterEach(async () => {
  await Promise.all(opened.splice(0).map((one) => one.close()))
})

function gatewayTo(url: string, settings: Record<string, unknown> = {}) {
  const gateway = createSmtpGateway(
    {
      name: 'mail',
      channel: 'EMAIL',
      settings: { url, from: 'IT <it@acme.example>', timeout_ms: 2_000, ...settings },
    },
    { clock: systemClock },
  )
  opened.push(gateway)
  return gateway
}

async function sink(options: SmtpSinkOptions = {}) {
  const server = await startSmtpSink(options)
  opened.push(server)
  return server
}

describe('a mail', () => {
  it('is read exactly as it was written, text and HTML', async () => {
    const server = await sink()
    const gateway = gatewayTo(server.url)
    const text = `Grüße, 王!\n\n.\n..dots\n${samplePassword}\nFrom here  \n${'long '.repeat(60)}\n`
    const message = outgoingMessage({
      subject: 'Neues Passwort – 新密码',
      text: new Secret(text),
      html: new Secret(`<p>王</p><code>${'x'.repeat(200)}=20</code>`),
    })
    expect(await sendOnce(gateway, message)).toMatchObject({
      kind: 'accepted',
      reply: expect.stringMatching(/^250/),
    })
    const mail = await server.readLast()
    expect(mail.text?.trimEnd()).toBe(text.trimEnd()) // the parser ends every part with a line
    expect(textOf(mail.html ?? '')).toBe(`王${'x'.repeat(200)}=20`)
    expect(mail.subject).toBe('Neues Passwort – 新密码')
    expect(mail.from).toMatchObject({ name: 'IT', address: 'it@acme.example' })
    expect(mail.to).toMatchObject([{ address: 'alice@acme.example' }])
    expect(server.mails.at(-1)).toMatchObject({ from: 'it@acme.example', to: ['alice@acme.example'] })
  })

  it('says that no person wrote it, and carries its reference in its id', async () => {
    const server = await sink()
    const message = outgoingMessage()
    await sendOnce(gatewayTo(server.url), message)
    const mail = await server.readLast()
    expect(mail.messageId).toBe(`<${message.reference}@acme.example>`)
    expect(mail.headers).toContainEqual(
      expect.objectContaining({ key: 'auto-submitted', value: 'auto-generated' }),
    )
  })

  it('asks that a bounce leave the body out, where the server understands that', async () => {
    const server = await sink()
    await sendOnce(gatewayTo(server.url))
    expect(server.mails[0]?.mailArgs).toMatchObject({ RET: 'HDRS' })

    const plain = await startFaultySmtpServer()
    opened.push(plain)
    await sendOnce(gatewayTo(`smtp://127.0.0.1:${plain.port}`))
    expect(plain.commands.find((line) => line.startsWith('MAIL'))).toBe('MAIL FROM:<it@acme.example>')
  })

  it('gets no header from what stands in subject, name or address', async () => {
    const server = await sink()
    const gateway = gatewayTo(server.url)
    await sendOnce(
      gateway,
      outgoingMessage({
        subject: 'Hi\r\nBcc: eve@evil.example\r\n\r\nbody\u2028X-Evil: 1',
        reference: 'a\r\nX-Evil: 2',
      }),
    )
    const mail = await server.readLast()
    expect(mail.headers.map(({ key }) => key)).not.toContain('bcc')
    expect(mail.headers.map(({ key }) => key)).not.toContain('x-evil')
    expect(mail.subject).toBe('Hi Bcc: eve@evil.example body X-Evil: 1')
    expect(server.mails[0]?.to).toEqual(['alice@acme.example'])

    const outcome = await sendOnce(
      gateway,
      outgoingMessage({ to: 'alice@acme.example>\r\nRCPT TO:<eve@evil.example' }),
    )
    expect(outcome).toMatchObject({ kind: 'refused-recipient', reason: 'recipient_refused' })
    expect(server.mails).toHaveLength(1)
  })

  it('without HTML is text alone', async () => {
    const server = await sink()
    await sendOnce(gatewayTo(server.url), outgoingMessage({ html: undefined }))
    expect((await server.readLast()).html).toBeUndefined()
    expect(server.mails[0]?.raw).toContain('Content-Type: text/plain; charset=utf-8')
  })
})

describe('TLS', () => {
  it('is used when smtp:// is offered it, and from the start with smtps://', async () => {
    const offering = await sink({ certificate })
    const trust = { tls_ca: authority.cert }
    expect(await sendOnce(gatewayTo(offering.url, trust))).toMatchObject({ kind: 'accepted' })
    expect(offering.mails[0]?.isSecure).toBe(true)

    const secure = await sink({ certificate, isSecure: true })
    expect(await sendOnce(gatewayTo(`smtps://127.0.0.1:${secure.port}`, trust))).toMatchObject({
      kind: 'accepted',
    })
    expect(secure.mails[0]?.isSecure).toBe(true)
  })

  it('is done without by smtp:// when it is not offered', async () => {
    const server = await sink()
    expect(await sendOnce(gatewayTo(server.url))).toMatchObject({ kind: 'accepted' })
    expect(server.mails[0]?.isSecure).toBe(false)
  })

  it('is not done without by smtp+starttls://, though somebody strips the offer', async () => {
    const server = await sink()
    const outcome = await sendOnce(gatewayTo(`smtp+starttls://127.0.0.1:${server.port}`))
    expect(outcome).toMatchObject({ kind: 'refused-here', reason: 'gateway_tls' })
    expect(server.mails).toHaveLength(0)
  })

  it.each(['smtp', 'smtp+starttls', 'smtps'])(
    'of an unknown authority is refused by %s://',
    async (protocol) => {
      const server = await sink({ certificate, isSecure: protocol === 'smtps' })
      const outcome = await sendOnce(gatewayTo(`${protocol}://127.0.0.1:${server.port}`))
      expect(outcome).toMatchObject({ kind: 'refused-here', reason: 'gateway_tls' })
      expect(server.mails).toHaveLength(0)
    },
  )

  it.each(['smtp', 'smtps'])('for another name is refused by %s://', async (protocol) => {
    const other = await authority.issue({ dns: ['mail.acme.example'], ip: [] })
    const server = await sink({ certificate: other, isSecure: protocol === 'smtps' })
    const gateway = gatewayTo(`${protocol}://localhost:${server.port}`, { tls_ca: authority.cert })
    expect(await sendOnce(gateway)).toMatchObject({ kind: 'refused-here', reason: 'gateway_tls' })
    expect(server.mails).toHaveLength(0)
  })

  it('with a server that speaks none is refused by smtps://', async () => {
    const server = await sink()
    const outcome = await sendOnce(gatewayTo(`smtps://127.0.0.1:${server.port}`))
    expect(outcome).toMatchObject({ kind: 'refused-here' })
    expect(server.mails).toHaveLength(0)
  })
})

describe('signing in', () => {
  const credentials = { user: 'bob', password: 'p@ss:w/rd %' }

  it('uses the credentials of the URL or of the settings', async () => {
    const server = await sink({ credentials, certificate })
    const inUrl = `smtp://bob:${encodeURIComponent(credentials.password)}@127.0.0.1:${server.port}`
    const trust = { tls_ca: authority.cert }
    expect(await sendOnce(gatewayTo(inUrl, trust))).toMatchObject({ kind: 'accepted' })
    expect(
      await sendOnce(
        gatewayTo(server.url, { ...trust, user: 'bob', password: new Secret(credentials.password) }),
      ),
    ).toMatchObject({ kind: 'accepted' })
    expect(server.mails.map(({ user }) => user)).toEqual(['bob', 'bob'])
  })

  it('with wrong credentials is refused, and the answer does not repeat them', async () => {
    const server = await sink({ credentials })
    const outcome = await sendOnce(gatewayTo(server.url, { user: 'bob', password: 'wrong-one' }))
    expect(outcome).toMatchObject({ kind: 'refused-here', reason: 'gateway_auth' })
    expect(JSON.stringify(outcome)).not.toContain('wrong-one')
  })

  it('is not given up when the server offers no way to do it', async () => {
    const server = await sink()
    expect(await sendOnce(gatewayTo(server.url, credentials))).toMatchObject({
      kind: 'refused-here',
      reason: 'gateway_auth',
    })
    expect(server.mails).toHaveLength(0)
  })
})

describe('many mails at once', () => {
  it('share as many connections as there are slots', async () => {
    const server = await sink()
    const gateway = gatewayTo(server.url, { connections_max: 3 })
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, () => sendOnce(gateway, outgoingMessage(), handOverFor(5_000))),
    )
    expect(outcomes.map(({ kind }) => kind)).toEqual(Array(20).fill('accepted'))
    expect(server.mails).toHaveLength(20)
    expect(new Set(server.mails.map(({ connectionId }) => connectionId)).size).toBeLessThanOrEqual(3)
  })

  it('change connections after a hundred', async () => {
    const server = await sink()
    const gateway = gatewayTo(server.url, { connections_max: 1 })
    for (let count = 0; count < 101; count += 1) {
      await sendOnce(gateway)
    }
    const ids = server.mails.map(({ connectionId }) => connectionId)
    expect(new Set(ids.slice(0, 100)).size).toBe(1)
    expect(ids[100]).not.toBe(ids[99])
  })
})

function textOf(html: string): string {
  const visit = (node: object): string =>
    'value' in node && typeof node.value === 'string'
      ? node.value
      : 'childNodes' in node && Array.isArray(node.childNodes)
        ? node.childNodes.map(visit).join('')
        : ''
  return visit(parseHtml(html)).trim()
}
