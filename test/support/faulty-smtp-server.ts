import { type AddressInfo, createServer, type Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import type { TestCertificate } from './test-certificates.ts'

export const smtpStages = [
  'greeting',
  'ehlo',
  'starttls',
  'handshake',
  'auth',
  'mail',
  'rcpt',
  'data',
  'mid-body',
  'after-dot',
] as const
export type SmtpStage = (typeof smtpStages)[number]

/** drop: FIN. hang: nothing more is said. reset: RST. */
export const smtpFaults = ['drop', 'hang', 'reset'] as const
export type SmtpFault = (typeof smtpFaults)[number]

export interface SmtpScript {
  readonly fault?: { readonly at: SmtpStage; readonly kind: SmtpFault }
  /** What is answered instead of success, without line end: `550 no such user`. */
  readonly replies?: Partial<Record<SmtpStage, string>>
  /** EHLO lines beyond the first; STARTTLS is added with a certificate. */
  readonly extensions?: readonly string[]
  readonly certificate?: TestCertificate
}

export interface FaultySmtpServer {
  readonly port: number
  /** Applies to what comes from now on, on open connections too. */
  script: SmtpScript
  /** Every line a client sent outside bodies, in order. */
  readonly commands: readonly string[]
  /** Every byte that came after a 354. */
  readonly bodies: string
  readonly connections: number
  readonly openConnections: number
  /** Which fault and replies actually happened. */
  readonly fired: readonly SmtpStage[]
  close(): Promise<void>
}

/** An SMTP server that misbehaves on command. */
export async function startFaultySmtpServer(script: SmtpScript = {}): Promise<FaultySmtpServer> {
  const state = { script, commands: [] as string[], bodies: '', connections: 0, fired: [] as SmtpStage[] }
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    state.connections += 1
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => undefined)
    const converse = startConversation(state, socket)
    converse.greet()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    port,
    get script() {
      return state.script
    },
    set script(next) {
      state.script = next
    },
    get commands() {
      return state.commands
    },
    get bodies() {
      return state.bodies
    },
    get connections() {
      return state.connections
    },
    get openConnections() {
      return sockets.size
    },
    get fired() {
      return state.fired
    },
    async close() {
      for (const socket of sockets) {
        socket.destroy()
      }
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

interface State {
  script: SmtpScript
  commands: string[]
  bodies: string
  fired: SmtpStage[]
}

function startConversation(state: State, plain: Socket): { greet(): void } {
  let socket: Socket = plain
  let isSilent = false
  let isInBody = false
  let isFirstBodyChunk = true
  let buffered = ''

  /** True: the fault of this stage happened, say nothing more. */
  function misbehave(stage: SmtpStage): boolean {
    const { fault } = state.script
    if (fault?.at !== stage) {
      return false
    }
    state.fired.push(stage)
    isSilent = true
    if (fault.kind === 'drop') {
      plain.end()
    } else if (fault.kind === 'reset') {
      plain.resetAndDestroy()
    }
    return true
  }

  function answer(stage: SmtpStage, success: string): boolean {
    if (misbehave(stage)) {
      return false
    }
    const reply = state.script.replies?.[stage]
    if (reply !== undefined) {
      state.fired.push(stage)
    }
    socket.write(`${reply ?? success}\r\n`)
    if (reply?.startsWith('421')) {
      plain.end()
    }
    return reply === undefined || /^[23]/.test(reply)
  }

  function listen(): void {
    socket.on('error', () => undefined)
    socket.on('data', (bytes: Buffer) => {
      if (isSilent) {
        return
      }
      buffered += bytes.toString('latin1')
      take()
    })
  }

  function take(): void {
    while (!isSilent && buffered !== '') {
      if (isInBody) {
        takeBody()
        return
      }
      const end = buffered.indexOf('\r\n')
      if (end === -1) {
        return
      }
      const line = buffered.slice(0, end)
      buffered = buffered.slice(end + 2)
      state.commands.push(line)
      obey(line)
    }
  }

  function takeBody(): void {
    if (isFirstBodyChunk) {
      isFirstBodyChunk = false
      if (misbehave('mid-body')) {
        state.bodies += buffered.slice(0, 20)
        return
      }
      const reply = state.script.replies?.['mid-body']
      if (reply !== undefined) {
        state.fired.push('mid-body')
        socket.write(`${reply}\r\n`)
      }
    }
    const end = buffered.startsWith('.\r\n') ? 3 : buffered.indexOf('\r\n.\r\n') + 5
    if (end === 4) {
      return // no dot yet
    }
    state.bodies += buffered.slice(0, end)
    buffered = buffered.slice(end)
    isInBody = false
    answer('after-dot', '250 2.0.0 taken')
    take()
  }

  function obey(line: string): void {
    const verb = line.split(' ')[0]?.toUpperCase() ?? ''
    switch (verb) {
      case 'EHLO':
      case 'HELO':
        answer('ehlo', greetingLines(state.script, socket instanceof TLSSocket))
        break
      case 'STARTTLS':
        startTls()
        break
      case 'AUTH':
        answer('auth', '235 2.7.0 welcome')
        break
      case 'MAIL':
        answer('mail', '250 2.1.0 sender fine')
        break
      case 'RCPT':
        answer('rcpt', '250 2.1.5 recipient fine')
        break
      case 'DATA':
        isInBody = answer('data', '354 go on') && state.script.replies?.data === undefined
        isInBody ||= state.script.replies?.data?.startsWith('3') === true
        isFirstBodyChunk = true
        break
      case 'QUIT':
        socket.end('221 bye\r\n')
        break
      default:
        socket.write('250 fine\r\n')
    }
  }

  function startTls(): void {
    const { certificate } = state.script
    if (certificate === undefined) {
      state.fired.push('starttls')
      socket.write('502 5.5.1 not here\r\n')
      return
    }
    if (!answer('starttls', '220 2.0.0 go ahead')) {
      return
    }
    plain.removeAllListeners('data')
    if (misbehave('handshake')) {
      return
    }
    socket = new TLSSocket(plain, { isServer: true, key: certificate.key, cert: certificate.cert })
    buffered = ''
    listen()
  }

  return {
    greet() {
      listen()
      answer('greeting', '220 faulty.example ESMTP')
    },
  }
}

function greetingLines(script: SmtpScript, isSecure: boolean): string {
  const offered = [
    ...(script.extensions ?? []),
    ...(script.certificate !== undefined && !isSecure ? ['STARTTLS'] : []),
  ]
  const lines = ['faulty.example', ...offered]
  return lines.map((line, at) => `250${at === lines.length - 1 ? ' ' : '-'}${line}`).join('\r\n')
}
