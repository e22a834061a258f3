import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import { markAsOutside } from './record-evidence.ts'
import type { TestCertificate } from './test-certificates.ts'

export interface ReceivedSmsRequest {
  readonly method: string
  /** Path with query. */
  readonly path: string
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: string
}

export interface SmsAnswer {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

/** drop: FIN. hang: nothing more is said. reset: RST. */
export type SmsFault = 'drop' | 'hang' | 'reset'
/** On the new connection; when the whole request was read; in the middle of the answer. */
export type SmsStage = 'connection' | 'request' | 'answer'

export interface SmsSink {
  readonly port: number
  readonly url: string
  /** Whole requests, oldest first. */
  readonly requests: readonly ReceivedSmsRequest[]
  readonly connections: number
  readonly openConnections: number
  /** How requests are answered from now on. Default: 200 with an empty JSON object. */
  answer: SmsAnswer
  fault: { readonly at: SmsStage; readonly kind: SmsFault } | undefined
  /** Held until this resolves, then answered. */
  beforeAnswer: (() => Promise<void>) | undefined
  /** Ends every connection that carries no request now. */
  dropIdleConnections(): void
  close(): Promise<void>
}

/** A real HTTP endpoint that takes every SMS and keeps it, and misbehaves on command. */
export async function startSmsSink(
  options: { readonly certificate?: TestCertificate } = {},
): Promise<SmsSink> {
  const requests: ReceivedSmsRequest[] = []
  const sockets = new Set<Socket>()
  const state: Pick<SmsSink, 'answer' | 'fault' | 'beforeAnswer'> & { connections: number } = {
    answer: { status: 200, body: '{}' },
    fault: undefined,
    beforeAnswer: undefined,
    connections: 0,
  }
  const listener: RequestListener = (request, response) => {
    void respond(state, requests, request, response)
  }
  const server =
    options.certificate === undefined
      ? createServer(listener)
      : createTlsServer({ ...options.certificate }, listener)
  markAsOutside(server)
  server.keepAliveTimeout = 60_000
  server.on('connection', (socket: Socket) => {
    state.connections += 1
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => undefined)
    if (state.fault?.at === 'connection') {
      misbehave(socket, state.fault.kind)
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const url = `${options.certificate === undefined ? 'http' : 'https'}://127.0.0.1:${port}/send`
  return Object.defineProperties(state, {
    port: { value: port },
    url: { value: url },
    requests: { value: requests },
    openConnections: { get: () => sockets.size },
    dropIdleConnections: { value: () => server.closeIdleConnections() },
    close: {
      value: async () => {
        for (const socket of sockets) {
          socket.destroy()
        }
        await new Promise((resolve) => server.close(resolve))
      },
    },
  }) as unknown as SmsSink
}

async function respond(
  state: Pick<SmsSink, 'answer' | 'fault' | 'beforeAnswer'>,
  requests: ReceivedSmsRequest[],
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = await readBody(request)
  requests.push({ method: request.method ?? '', path: request.url ?? '', headers: request.headers, body })
  await state.beforeAnswer?.()
  const { answer, fault } = state
  if (fault?.at === 'request') {
    misbehave(request.socket, fault.kind)
    return
  }
  const text = answer.body ?? ''
  response.writeHead(answer.status, { 'content-length': Buffer.byteLength(text), ...answer.headers })
  if (fault?.at === 'answer') {
    response.write(text.slice(0, Math.floor(text.length / 2)), () => misbehave(request.socket, fault.kind))
    return
  }
  response.end(text)
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) {
    chunks.push(Buffer.from(chunk))
  }
  return Buffer.concat(chunks).toString('utf8')
}

function misbehave(socket: Socket, kind: SmsFault): void {
  if (kind === 'drop') {
    socket.end()
    socket.destroySoon()
  } else if (kind === 'reset') {
    socket.resetAndDestroy()
  }
}
