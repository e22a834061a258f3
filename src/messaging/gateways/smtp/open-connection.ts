import { isIP } from 'node:net'
import SMTPConnection from 'nodemailer/lib/smtp-connection'
import type { AttemptOutcome } from '../../gateway.ts'
import { describeFailure, judgeBeforeHandOver, type SmtpFailure } from './judge-failure.ts'
import type { SmtpSettings } from './settings.ts'

export type OpenedConnection =
  | { readonly kind: 'open'; readonly connection: SMTPConnection }
  | { readonly kind: 'failed'; readonly outcome: AttemptOutcome }

/** Connects, secures and signs in, all within `msLeft`. Every failure is a refusal: no message has been named yet. */
export async function openConnection(settings: SmtpSettings, msLeft: number): Promise<OpenedConnection> {
  const connection = new SMTPConnection(connectionOptions(settings))
  return await new Promise((resolve) => {
    const timer = setTimeout(() => fail(overdue), msLeft)
    const onLost = () => setImmediate(() => fail(lost)) // an error with more to tell comes first

    function settle(opened: OpenedConnection): void {
      clearTimeout(timer)
      connection.off('error', fail)
      connection.off('end', onLost)
      // an idle connection may end at any time; what that means is found out by its next use
      connection.on('error', () => {})
      resolve(opened)
    }

    function fail(error: unknown): void {
      const progress = {
        isGreeted: connection.lastServerResponse !== false,
        isUpgrading: connection.upgrading === true,
      }
      settle({ kind: 'failed', outcome: judgeBeforeHandOver(describeFailure(error), progress) })
      connection.close()
    }

    connection.on('error', fail)
    connection.on('end', onLost)
    connection.connect((error) => {
      const refusal = error ?? refuseToGoOn(connection, settings)
      if (refusal !== undefined) {
        fail(refusal)
        return
      }
      signIn(connection, settings, (loginError) => {
        if (loginError === null) {
          settle({ kind: 'open', connection })
        } else {
          fail(loginError)
        }
      })
    })
  })
}

export function connectionOptions(settings: SmtpSettings): ConstructorParameters<typeof SMTPConnection>[0] {
  return {
    host: settings.host,
    port: settings.port,
    secure: settings.tls === 'from-start',
    requireTLS: settings.tls === 'required',
    connectionTimeout: settings.connectTimeoutMs,
    dnsTimeout: settings.connectTimeoutMs,
    greetingTimeout: settings.greetingTimeoutMs,
    socketTimeout: settings.socketTimeoutMs,
    // closing means now: what is not sent by then must not leave
    socketCloseTimeout: 0,
    maxResponseSize: 64 * 1_024,
    allowInternalNetworkInterfaces: true,
    tls: {
      // said aloud, so that NODE_TLS_REJECT_UNAUTHORIZED cannot switch it off
      rejectUnauthorized: true,
      minVersion: 'TLSv1.2',
      ...(settings.tlsCa === undefined ? {} : { ca: settings.tlsCa }),
    },
  }
}

/** Why an open connection must not be used with these settings. */
export function refuseToGoOn(connection: SMTPConnection, settings: SmtpSettings): SmtpFailure | undefined {
  if (settings.tls !== 'offered' && !connection.secure) {
    return { ...lost, code: 'ETLS', message: 'the server did not secure the connection' }
  }
  if (settings.user === undefined) {
    return undefined
  }
  if (!connection.secure && !isLoopback(settings.host)) {
    return {
      ...lost,
      code: 'ETLS',
      message: 'the server offers no TLS, and credentials are not sent without it',
    }
  }
  if (!connection.allowsAuth) {
    return { ...lost, code: 'EAUTH', message: 'the server offers no way to sign in' }
  }
  return undefined
}

export function signIn(
  connection: SMTPConnection,
  settings: SmtpSettings,
  done: (error: unknown) => void,
): void {
  if (settings.user === undefined || settings.password === undefined) {
    done(null)
    return
  }
  connection.login({ user: settings.user, pass: settings.password.reveal() }, (error) => done(error ?? null))
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))
}

export const lost: SmtpFailure = {
  code: 'ECONNECTION',
  originalCode: '',
  command: '',
  message: 'the connection was lost',
  reply: undefined,
  replyCode: undefined,
}

export const overdue: SmtpFailure = { ...lost, code: 'ETIMEDOUT', message: 'no answer in time' }
