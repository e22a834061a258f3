import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { describeEachDatabase } from '../../../test/support/databases.ts'
import { startFaultySmtpServer } from '../../../test/support/faulty-smtp-server.ts'
import { runRekey, runRekeyOn } from '../../../test/support/run-rekey.ts'
import { seedGateway } from '../../../test/support/seed-tenant.ts'
import { startSmsSink } from '../../../test/support/sms-sink.ts'
import { startSmtpSink } from '../../../test/support/smtp-sink.ts'
import { startApp, type TestApp } from '../../../test/support/start-app.ts'
import { createSelfSignedCertificate, createTestAuthority } from '../../../test/support/test-certificates.ts'
import { Secret } from '../../core/secret.ts'

// each of these starts the program, on whatever machine runs the tests
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 })

interface Step {
  readonly name: string
  readonly outcome: string
  readonly note: string
  readonly remedy: string | null
}

describeEachDatabase('rekey check-gateway', (kind) => {
  let test: TestApp
  const closing: { close(): Promise<void> }[] = []
  beforeAll(async () => {
    test = await startApp(kind)
  })
  afterEach(async () => {
    await Promise.all(closing.splice(0).map((one) => one.close()))
  })
  afterAll(() => test.close())

  const rekey = (...args: string[]) => runRekeyOn(test, ...args)

  /** The steps of a gateway with these settings, as machines see them. */
  async function check(
    settings: Readonly<Record<string, unknown>>,
    { channel = 'EMAIL', to }: { readonly channel?: 'EMAIL' | 'SMS'; readonly to?: string } = {},
  ): Promise<{
    readonly code: number | null
    readonly steps: readonly Step[]
    readonly last: Step | undefined
  }> {
    const name = `g-${randomUUID().slice(0, 8)}`
    const common =
      channel === 'EMAIL' ? { from: 'it@acme.example' } : { body: '{"to":"{{ to }}","text":"{{ text }}"}' }
    const gatewayKind = channel === 'EMAIL' ? 'smtp' : 'sms-http'
    await seedGateway(test.database.store, test.tenant, {
      name,
      channel,
      kind: gatewayKind,
      settings: { ...common, timeout_ms: 2_000, ...settings },
      priority: 9,
    })
    const run = await rekey('check-gateway', name, '--json', ...(to === undefined ? [] : ['--to', to]))
    expect(run.stderr).toBe('')
    const { steps } = JSON.parse(run.stdout) as { readonly steps: readonly Step[] }
    return { code: run.code, steps, last: steps.at(-1) }
  }
  const outcomes = (steps: readonly Step[]) => steps.map(({ name, outcome }) => `${name} ${outcome}`)

  describe('smtp', () => {
    it('passes every step over TLS with credentials, and sends nothing without --to', async () => {
      const authority = await createTestAuthority()
      const credentials = { user: 'it', password: 'canary-password' }
      const sink = await startSmtpSink({ credentials, certificate: await authority.issue() })
      closing.push(sink)
      const url = sink.url.replace('smtp:', 'smtp+starttls:').replace('127.0.0.1', 'localhost')
      const { code, steps } = await check({ url, ...credentials, tls_ca: authority.cert })
      expect(outcomes(steps)).toEqual(['dns ok', 'connect ok', 'tls ok', 'authentication ok', 'sender ok'])
      expect([code, sink.mails.length]).toEqual([0, 0])
    })

    it('delivers a test message with --to, that holds no password', async () => {
      const testsOnRecord = async () =>
        (await test.database.store.read.audit.list(test.tenant.id, 1_000)).filter(
          ({ action }) => action === 'gateway.tested',
        )
      await check({ url: test.smtp.url })
      expect(await testsOnRecord()).toEqual([])
      const { code, last } = await check({ url: test.smtp.url }, { to: 'me@acme.example' })
      expect([code, last?.name, last?.outcome]).toEqual([0, 'message', 'ok'])
      const mail = await test.smtp.readLast()
      expect(mail.to?.[0]?.address).toBe('me@acme.example')
      expect(mail.text).toContain('No password was changed.')
      const [row] = await testsOnRecord()
      expect(row).toMatchObject({
        actor: { kind: 'operator' },
        targetKind: 'gateway',
        detail: { gateway: row?.targetId, channel: 'EMAIL', outcome: 'accepted' },
      })
      expect(JSON.stringify(row)).not.toContain('me@acme.example')
    })

    it.each([
      [
        'a name that does not exist',
        'smtp://no-such-host.invalid:25',
        'dns',
        /there is no no-such-host/,
        /Correct the host/,
      ],
      [
        'a port where nothing listens',
        'smtp://127.0.0.1:1',
        'connect',
        /ECONNREFUSED/,
        /Nothing listens at this port/,
      ],
    ])('says what to do about %s', async (_what, url, step, note, remedy) => {
      const { code, last } = await check({ url })
      expect(code).toBe(1)
      expect(last).toMatchObject({ name: step, outcome: 'failed' })
      expect(last?.note).toMatch(note)
      expect(last?.remedy).toMatch(remedy)
    })

    it('names the authority that is not trusted', async () => {
      const authority = await createTestAuthority()
      const sink = await startSmtpSink({ certificate: await authority.issue(), isSecure: true })
      closing.push(sink)
      const { code, last } = await check({ url: `smtps://127.0.0.1:${sink.port}`, user: 'it', password: 'x' })
      expect([code, last?.name, last?.outcome]).toEqual([1, 'tls', 'failed'])
      expect(last?.note).toContain('"Test authority" that issued the certificate is not trusted')
      expect(last?.remedy).toContain('tls_ca')
    })

    it('names the host that the certificate is for, and says no password there', async () => {
      const authority = await createTestAuthority()
      const certificate = await authority.issue({ dns: ['mail.acme.example'], ip: [] })
      const server = await startFaultySmtpServer({ certificate, extensions: ['AUTH PLAIN'] })
      closing.push(server)
      const url = `smtp+starttls://localhost:${server.port}`
      const { last } = await check({ url, user: 'it', password: 'canary-password', tls_ca: authority.cert })
      expect(last?.note).toBe('the certificate is for mail.acme.example, not for localhost')
      expect(last?.remedy).toContain('have one issued for localhost')
      expect(server.commands.join('\n')).not.toMatch(/AUTH/)
    })

    const days = (count: number) => new Date(Date.now() + count * 86_400_000)
    it.each([
      [
        'expired',
        { notBefore: days(-20), notAfter: days(-10) },
        /^the certificate expired at /,
        /^Renew the certificate on the server/,
      ],
      [
        'not valid yet',
        { notBefore: days(10), notAfter: days(20) },
        /^the certificate is not valid before /,
        /^Check the clock of this machine/,
      ],
    ])('says what to do about a certificate that is %s', async (_what, validity, note, remedy) => {
      const authority = await createTestAuthority()
      const sink = await startSmtpSink({ certificate: await authority.issue(validity), isSecure: true })
      closing.push(sink)
      const { code, last } = await check({ url: `smtps://127.0.0.1:${sink.port}`, tls_ca: authority.cert })
      expect([code, last?.name, last?.outcome]).toEqual([1, 'tls', 'failed'])
      expect(last?.note).toMatch(note)
      expect(last?.remedy).toMatch(remedy)
    })

    it('says what to do about a certificate that is signed by itself, and it can be trusted by name', async () => {
      const certificate = await createSelfSignedCertificate()
      const sink = await startSmtpSink({ certificate, isSecure: true })
      closing.push(sink)
      const url = `smtps://127.0.0.1:${sink.port}`
      const { code, last } = await check({ url })
      expect([code, last?.name, last?.outcome]).toEqual([1, 'tls', 'failed'])
      expect(last?.note).toMatch(/^the certificate is signed by itself/)
      expect(last?.remedy).toContain('Put this certificate (PEM) into tls_ca')
      expect((await check({ url, tls_ca: certificate.cert })).code).toBe(0)
    })

    it('says that a server without STARTTLS gives no TLS', async () => {
      const { last } = await check({ url: test.smtp.url.replace('smtp:', 'smtp+starttls:') })
      expect(last).toMatchObject({ name: 'tls', outcome: 'failed' })
      expect(last?.remedy).toContain('Have STARTTLS with TLS 1.2')
    })

    it('says that TLS does not begin at the first byte', async () => {
      const { last } = await check({ url: test.smtp.url.replace('smtp:', 'smtps:') })
      expect(last).toMatchObject({ name: 'tls', outcome: 'failed' })
      expect(last?.remedy).toContain('smtp+starttls://')
    })

    it('says that the credentials are refused, without them', async () => {
      const sink = await startSmtpSink({ credentials: { user: 'it', password: 'right' } })
      closing.push(sink)
      const { last } = await check({ url: sink.url, user: 'it', password: 'canary-wrong' })
      expect(last).toMatchObject({ name: 'authentication', outcome: 'failed' })
      expect(last?.note).toContain('not signed in as it')
      expect(JSON.stringify(last)).not.toContain('canary-wrong')
    })

    it.each([
      ['mail', '553 5.7.1 not your address', 'failed'],
      ['rcpt', '550 5.1.1 no such user', 'ok'],
    ] as const)('judges the sender when the server refuses at %s', async (stage, reply, outcome) => {
      const server = await startFaultySmtpServer({ replies: { [stage]: reply } })
      closing.push(server)
      const { last } = await check({ url: `smtp://127.0.0.1:${server.port}` })
      expect(last).toMatchObject({ name: 'sender', outcome })
      expect(last?.note).toContain(reply)
      expect(server.bodies).toBe('')
    })

    it('says that what answers is silent or no SMTP server', async () => {
      const server = await startFaultySmtpServer({ fault: { at: 'greeting', kind: 'drop' } })
      closing.push(server)
      const { steps, last } = await check({ url: `smtp://127.0.0.1:${server.port}` })
      expect(last).toMatchObject({ name: 'greeting', outcome: 'failed' })
      expect(last?.note).toContain('there is no SMTP')
      expect(outcomes(steps)).toEqual(['dns ok', 'connect ok', 'greeting failed'])
    })
  })

  describe('sms-http', () => {
    it('sends a test message that the vendor takes', async () => {
      const { code, steps } = await check({ url: test.sms.url }, { channel: 'SMS', to: '+86 138 0000 0001' })
      expect(code).toBe(0)
      expect(outcomes(steps).at(-1)).toBe('message ok')
      expect(JSON.parse(test.sms.requests.at(-1)?.body ?? '')).toMatchObject({ to: '+8613800000001' })
    })

    it('says what the vendor answered when it refuses', async () => {
      test.sms.answer = { status: 401, body: 'no such key' }
      const { code, last } = await check({ url: test.sms.url }, { channel: 'SMS', to: '+8613800000001' })
      test.sms.answer = { status: 200, body: '{}' }
      expect([code, last?.name, last?.outcome]).toEqual([1, 'message', 'failed'])
      expect(last?.note).toContain('no such key')
      expect(last?.remedy).toContain('credentials')
    })

    it('names the authority that is not trusted, and sends nothing there', async () => {
      const authority = await createTestAuthority()
      const sink = await startSmsSink({ certificate: await authority.issue() })
      closing.push(sink)
      const refused = await check({ url: sink.url }, { channel: 'SMS', to: '+8613800000001' })
      expect(refused.last).toMatchObject({ name: 'tls', outcome: 'failed' })
      expect(refused.last?.note).toContain('"Test authority"')
      expect(sink.requests).toEqual([])
      const trusted = await check({ url: sink.url, tls_ca: authority.cert }, { channel: 'SMS' })
      expect(outcomes(trusted.steps).slice(0, 3)).toEqual(['dns ok', 'connect ok', 'tls ok'])
    })
  })

  it('prints a step a line for people', async () => {
    const { code, stdout } = await rekey('check-gateway', 'mail')
    expect(code).toBe(0)
    expect(stdout).toMatch(
      /^Gateway mail \(EMAIL, smtp\)\n {2}✓ dns {12} +\d+ ms {2}127\.0\.0\.1 is an address/,
    )
    expect(stdout).toContain('  – authentication')
    expect(stdout).toContain('All steps passed. No message was sent: add --to ADDRESS to send a test.')
  })

  it('names the gateways that there are, and what --to must be', async () => {
    const unknown = await rekey('check-gateway', 'nowhere')
    expect([unknown.code, unknown.stderr]).toEqual([1, expect.stringContaining('mail  (EMAIL, smtp)')])
    const wrong = await rekey('check-gateway', 'sms', '--to', 'me@acme.example')
    expect([wrong.code, wrong.stderr]).toEqual([1, expect.stringContaining('a mobile number such as')])
  })

  it('says that secrets do not open with another master key', async () => {
    const sealed = test.app.seal.seal(new Secret('smtp://127.0.0.1:25'), `gateway:${test.tenant.id}:sealed`)
    await seedGateway(test.database.store, test.tenant, {
      name: 'sealed',
      channel: 'EMAIL',
      kind: 'smtp',
      settings: { url: sealed, from: 'it@acme.example' },
      priority: 9,
    })
    const run = await runRekey(['check-gateway', 'sealed'], {
      REKEY_DATABASE_URL: test.database.url,
      REKEY_MASTER_KEY: Buffer.alloc(32, 9).toString('base64'),
    })
    expect(run.code).toBe(1)
    expect(run.stdout).toContain('cannot be opened with this master key')
  })
})
