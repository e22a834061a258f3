import type { AddressInfo, Socket } from 'node:net'
import PostalMime, { type Email } from 'postal-mime'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'
import type { TestCertificate } from './test-certificates.ts'

export interface ReceivedMail {
  readonly from: string
  readonly to: readonly string[]
  /** Parameters of MAIL FROM, such as RET. */
  readonly mailArgs: Readonly<Record<string, unknown>>
  /** As it came over the wire. */
  readonly raw: string
  readonly connectionId: string
  readonly isSecure: boolean
  readonly user: string | undefined
}

export interface SmtpSink {
  readonly port: number
  /** `smtp://127.0.0.1:port` */
  readonly url: string
  /** Oldest first. */
  readonly mails: readonly ReceivedMail[]
  /** The newest mail, read by an independent parser. */
  readLast(): Promise<Email>
  /** Ends every line without another word, as a machine that is gone. */
  dropConnections(): void
  close(): Promise<void>
}

export interface SmtpRefusal {
  readonly code: number
  readonly text: string
}

export interface SmtpSinkOptions {
  readonly credentials?: { readonly user: string; readonly password: string }
  readonly certificate?: TestCertificate
  /** TLS from the first byte instead of STARTTLS. */
  readonly isSecure?: boolean
  /** How the body is answered; default: taken. */
  readonly refuseWith?: SmtpRefusal
  /** Held until this resolves, then answered. */
  readonly beforeAnswer?: () => Promise<void>
  /** Asked when `beforeAnswer` is over: a mail that was kept is refused all the same. */
  readonly verdict?: () => SmtpRefusal | undefined
  /** Default: as many as come. */
  readonly port?: number
}

/** A real SMTP server that takes every mail and keeps it. */
export async function startSmtpSink(options: SmtpSinkOptions = {}): Promise<SmtpSink> {
  const mails: ReceivedMail[] = []
  const server = new SMTPServer({ ...serverOptions(options), onData: receive })

  function receive(...[stream, session, done]: Parameters<NonNullable<SMTPServerOptions['onData']>>): void {
    const chunks: Buffer[] = []
    stream.on('data', (chunk: Buffer) => chunks.push(chunk))
    stream.on('end', () => {
      const { mailFrom, rcptTo } = session.envelope
      if (options.refuseWith !== undefined) {
        done(toError(options.refuseWith))
        return
      }
      mails.push({
        from: mailFrom === false ? '' : mailFrom.address,
        to: rcptTo.map(({ address }) => address),
        mailArgs: mailFrom === false || typeof mailFrom.args !== 'object' ? {} : { ...mailFrom.args },
        raw: Buffer.concat(chunks).toString('utf8'),
        connectionId: session.id,
        isSecure: session.secure,
        user: typeof session.user === 'string' ? session.user : undefined,
      })
      void (options.beforeAnswer?.() ?? Promise.resolve()).then(() => done(toError(options.verdict?.())))
    })
  }

  const sockets = new Set<Socket>()
  server.server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  server.on('error', () => undefined) // clients that go away are part of the tests
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve))
  const { port } = server.server.address() as AddressInfo
  return {
    port,
    url: `smtp://127.0.0.1:${port}`,
    mails,
    async readLast() {
      const last = mails.at(-1)
      if (last === undefined) {
        throw new Error('no mail arrived')
      }
      return await PostalMime.parse(last.raw)
    },
    dropConnections() {
      for (const socket of sockets) {
        socket.destroy()
      }
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}

function toError(refusal: SmtpRefusal | undefined): Error | undefined {
  return refusal && Object.assign(new Error(refusal.text), { responseCode: refusal.code })
}

function serverOptions(options: SmtpSinkOptions): SMTPServerOptions {
  const { credentials, certificate } = options
  return {
    secure: options.isSecure ?? false,
    hidePIPELINING: false,
    disableReverseLookup: true,
    authOptional: credentials === undefined,
    closeTimeout: 100,
    disabledCommands: [
      ...(credentials === undefined ? ['AUTH'] : []),
      ...(certificate === undefined ? ['STARTTLS'] : []),
    ],
    allowInsecureAuth: true,
    hideDSN: false,
    ...(certificate === undefined ? {} : { key: certificate.key, cert: certificate.cert }),
    onAuth(auth, _session, done) {
      const isRight = auth.username === credentials?.user && auth.password === credentials?.password
      done(isRight ? null : new Error('Invalid credentials'), isRight ? { user: auth.username } : undefined)
    },
  } as SMTPServerOptions
}
