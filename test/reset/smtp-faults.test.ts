import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeEachDatabase } from '../support/databases.ts'
import {
  type FaultySmtpServer,
  type SmtpFault,
  type SmtpStage,
  smtpFaults,
  startFaultySmtpServer,
} from '../support/faulty-smtp-server.ts'
import { expectMustChange, expectRefused, expectSignsIn } from '../support/passwords.ts'
import { type SeededUser, seedGateway } from '../support/seed-tenant.ts'
import { startApp, type TestApp } from '../support/start-app.ts'
import { createTestAuthority } from '../support/test-certificates.ts'

type Outcome = 'failed' | 'unknown'

/** Reset protocol, rule 3: what is not handed over is refused; once the body may have been taken, only a reply decides. */
const outcomeAt: Readonly<Record<SmtpStage, Outcome>> = {
  greeting: 'failed',
  ehlo: 'failed',
  starttls: 'failed',
  handshake: 'failed',
  auth: 'failed',
  mail: 'failed',
  rcpt: 'failed',
  data: 'failed',
  'mid-body': 'unknown',
  'after-dot': 'unknown',
}
const faults = (Object.keys(outcomeAt) as SmtpStage[]).flatMap((stage) =>
  smtpFaults.map((kind) => [stage, kind, outcomeAt[stage]] as const),
)

describeEachDatabase('a mail gateway that fails', (kind) => {
  let server: FaultySmtpServer
  let app: TestApp

  beforeAll(async () => {
    const authority = await createTestAuthority()
    const certificate = await authority.issue()
    server = await startFaultySmtpServer({
      certificate,
      extensions: ['AUTH PLAIN LOGIN'],
    })
    app = await startApp(kind)
    await seedGateway(app.database.store, app.tenant, {
      name: 'mail',
      channel: 'EMAIL',
      kind: 'smtp',
      settings: {
        url: `smtp+starttls://it:secret@localhost:${server.port}`,
        from: 'it@acme.example',
        timeout_ms: 600,
        tls_ca: authority.cert,
      },
    })
    app.clock.advance(6_000)
  })
  afterAll(async () => {
    await app.close()
    await server.close()
  })

  async function resetUnder(
    stage: SmtpStage,
    fault: SmtpFault,
  ): Promise<{ user: SeededUser; detail: string | null }> {
    const user = await app.addUser()
    const firedBefore = server.fired.length
    server.script = { ...server.script, fault: { at: stage, kind: fault } }
    const answer = await app.client.resetPassword(user.id, 'EMAIL')
    expect(server.fired.slice(firedBefore)).toContain(stage)
    expect(answer.text).toBe('{"error_code":"MSG.0001","error_msg":"Message sending failed"}')
    expect(answer.status).toBe(400)
    return { user, detail: answer.headers.get('x-error-detail') }
  }

  it.each(faults)(
    'at %s with %s leaves the reset %s and the old password working',
    async (stage, fault, outcome) => {
      const bodiesBefore = server.bodies.length
      const { user, detail } = await resetUnder(stage, fault)
      const [reset] = await app.database.store.read.resets.list(app.tenant.id, user.id, 1)
      expect(reset?.state).toBe(outcome)
      expect(detail === 'delivery_unknown').toBe(outcome === 'unknown')
      expect(reset?.leaseToken).toBeUndefined()
      const body = server.bodies.slice(bodiesBefore)
      if (outcome === 'failed') {
        expect(body).toBe('')
        expect(reset?.digest).toBeUndefined()
        await expectSignsIn(app.client, user.userName, user.password)
        return
      }
      await expectSignsIn(app.client, user.userName, user.password)
      if (stage === 'after-dot') {
        // the message may have arrived: then its password works, and from its first use on the old one does not
        const password = /\[(\S+)\]/.exec(body)?.[1] ?? ''
        await expectMustChange(app.client, user.userName, password)
        await expectRefused(app.client, user.userName, user.password)
      }
    },
  )

  it.each([
    ['mail', '451 greylisted', 'gateway_refused'],
    ['rcpt', '450 mailbox busy', 'gateway_refused'],
    ['rcpt', '550 no such user', 'recipient_refused'],
    ['data', '554 no', 'gateway_refused'],
    ['after-dot', '451 out of space', 'gateway_refused'],
    ['after-dot', '554 looks like spam', 'message_refused'],
    ['auth', '535 wrong password', 'gateway_auth'],
    ['greeting', '554 go away', 'gateway_refused'],
  ] as const)('that answers at %s with "%s" fails the reset: %s', async (stage, reply, detail) => {
    const user = await app.addUser()
    const { certificate, extensions } = server.script
    server.script = {
      replies: { [stage]: reply },
      ...(certificate === undefined ? {} : { certificate }),
      ...(extensions === undefined ? {} : { extensions }),
    }
    const answer = await app.client.resetPassword(user.id, 'EMAIL')
    expect(answer.text).toBe('{"error_code":"MSG.0001","error_msg":"Message sending failed"}')
    expect(answer.headers.get('x-error-detail')).toBe(detail)
    const [reset] = await app.database.store.read.resets.list(app.tenant.id, user.id, 1)
    expect(reset).toMatchObject({ state: 'failed', digest: undefined, gateway: 'mail' })
    await expectSignsIn(app.client, user.userName, user.password)
  })
})
