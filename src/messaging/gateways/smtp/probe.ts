import { Readable } from 'node:stream'
import { TLSSocket } from 'node:tls'
import SMTPConnection from 'nodemailer/lib/smtp-connection'
import type { Clock } from '../../../core/clock.ts'
import { Secret } from '../../../core/secret.ts'
import { failed, ok, type Probe, type ProbeEnd, skipped } from '../../gateway-probe.ts'
import type { GatewaySpec } from '../../gateway-settings.ts'
import { isTlsFailure } from '../../is-tls-failure.ts'
import { reachAddress } from '../../probe-address.ts'
import { judgeCertificate } from '../../probe-certificate.ts'
import { scrubReply } from '../../scrub-reply.ts'
import { describeFailure, type SmtpFailure } from './judge-failure.ts'
import { connectionOptions, lost, overdue, refuseToGoOn, signIn } from './open-connection.ts'
import { readSmtpSettings, type SmtpSettings } from './settings.ts'

/**
 * Goes the way of a mail up to where its body would leave, and stops there: name, connection, TLS, authentication,
 * sender. @throws Error when the settings are not valid
 */
export async function probeSmtp(
  probe: Probe,
  clock: Clock,
  spec: Pick<GatewaySpec, 'settings'>,
  to: string | undefined,
): Promise<void> {
  const settings = readSmtpSettings(spec.settings)
  const { host, port, connectTimeoutMs: timeoutMs } = settings
  const socket = await reachAddress(probe, clock, { host, port, timeoutMs })
  if (socket === undefined) {
    return
  }
  const connection = new SMTPConnection({
    ...connectionOptions(settings),
    connection: socket,
    // let through to be able to tell what is wrong; nothing but EHLO is said before the certificate is judged
    tls: { ...connectionOptions(settings)?.tls, rejectUnauthorized: false },
  })
  connection.on('error', () => undefined)
  try {
    await converse(probe, connection, settings, to)
  } finally {
    connection.close()
    socket.destroy()
  }
}

async function converse(
  probe: Probe,
  connection: SMTPConnection,
  settings: SmtpSettings,
  to: string | undefined,
): Promise<void> {
  const failure = await listen(connection, settings, (done) => connection.connect(done))
  if (failure !== undefined) {
    const isTls = isAboutTls(connection, settings, failure)
    probe.record(isTls ? 'tls' : 'greeting', isTls ? tlsEnd(settings, failure) : greetingEnd(failure))
    return
  }
  const isSecured = probe.record('tls', judgeTls(connection, settings))
  if (!isSecured || !probe.record('authentication', await authenticate(connection, settings))) {
    return
  }
  probe.record('sender', await nameSender(connection, settings, to))
}

/** What went wrong, or undefined. */
async function listen(
  connection: SMTPConnection,
  settings: SmtpSettings,
  start: (done: (error?: unknown) => void) => void,
): Promise<SmtpFailure | undefined> {
  return await new Promise((resolve) => {
    const timer = setTimeout(() => end(overdue), settings.timeoutMs)
    const onLost = () => setImmediate(() => end(lost)) // an error with more to tell comes first
    function end(error?: unknown): void {
      clearTimeout(timer)
      connection.off('error', end)
      connection.off('end', onLost)
      resolve(error === undefined || error === null ? undefined : describeFailure(error))
    }
    connection.on('error', end)
    connection.on('end', onLost)
    start(end)
  })
}

function isAboutTls(connection: SMTPConnection, settings: SmtpSettings, failure: SmtpFailure): boolean {
  return (
    connection.upgrading === true ||
    failure.code === 'ETLS' ||
    isTlsFailure(failure.originalCode) ||
    (settings.tls === 'from-start' && !connection.secure)
  )
}

function greetingEnd(failure: SmtpFailure): ProbeEnd {
  const said = failure.reply ?? failure.message
  return failed(
    `connected, but there is no SMTP: ${said}`,
    'Check the port in url: 25 and 587 begin in plain text, 465 needs smtps://. The server may also block this machine.',
  )
}

function tlsEnd(settings: SmtpSettings, failure: SmtpFailure): ProbeEnd {
  const said = failure.reply ?? failure.message
  if (settings.tls === 'from-start') {
    return failed(
      `no TLS from the first byte: ${said}`,
      'Check the port in url (465 is usual for smtps://); where TLS begins later, write smtp+starttls://.',
    )
  }
  return failed(
    `STARTTLS failed: ${said}`,
    'Have STARTTLS with TLS 1.2 or newer enabled on the server, or use its port for smtps://.',
  )
}

function judgeTls(connection: SMTPConnection, settings: SmtpSettings): ProbeEnd {
  const socket: unknown = Reflect.get(connection, '_socket') // in no type, but the only way to the certificate
  if (connection.secure && socket instanceof TLSSocket) {
    return judgeCertificate(socket, settings.host, settings.tlsCa !== undefined)
  }
  const refusal = refuseToGoOn(connection, settings)
  if (refusal?.code === 'ETLS') {
    return failed(
      refusal.message,
      'Have STARTTLS with TLS 1.2 or newer enabled on the server, or use its port for smtps://.',
    )
  }
  return skipped('not offered by the server: mail to it can be read on the way')
}

async function authenticate(connection: SMTPConnection, settings: SmtpSettings): Promise<ProbeEnd> {
  const { user } = settings
  if (user === undefined) {
    return skipped('no user is set')
  }
  const refusal =
    refuseToGoOn(connection, settings) ??
    (await listen(connection, settings, (done) => signIn(connection, settings, done)))
  return refusal === undefined
    ? ok(`signed in as ${user}`)
    : failed(
        `not signed in as ${user}: ${clean(settings, refusal)}`,
        'Check user and password of this gateway, and that the server lets this account sign in over SMTP.',
      )
}

/** A sender is refused at MAIL, or together with the recipient; DATA is as far as it goes without a message. */
async function nameSender(
  connection: SMTPConnection,
  settings: SmtpSettings,
  to: string | undefined,
): Promise<ProbeEnd> {
  const { address } = settings.from
  const failure = await listen(connection, settings, (done) => {
    const body = new Readable({
      read() {
        connection.close() // the line ends before a body has begun: there is no message
        done()
      },
    })
    connection.send({ from: address, to: [to ?? address] }, body, done)
  })
  if (failure === undefined) {
    return ok(`${address} may send`)
  }
  if (failure.command === 'RCPT TO' && failure.replyCode !== undefined && failure.replyCode >= 500) {
    return ok(`${address} may send; ${to ?? address} was refused as recipient: ${clean(settings, failure)}`)
  }
  return failed(
    `${address} may not send: ${clean(settings, failure)}`,
    'Have the server allow this sender (or this machine as a relay), or change from of this gateway.',
  )
}

function clean(settings: SmtpSettings, failure: SmtpFailure): string {
  return scrubReply(failure.reply ?? failure.message, settings.password ?? new Secret(''))
}
