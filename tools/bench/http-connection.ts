import { connect, type Socket } from 'node:net'

export interface HttpAnswer {
  readonly status: number
  readonly body: string
}

export interface HttpConnection {
  /** Sends the bytes of one whole request and waits for its answer. One at a time. */
  call(request: string): Promise<HttpAnswer>
  close(): void
}

/**
 * One kept-open line to an HTTP/1.1 server whose answers carry a Content-Length. By hand, because a load generator on
 * the same cores must cost little: Node's own client takes several times the CPU.
 */
export async function openHttpConnection(url: string): Promise<HttpConnection> {
  const { hostname, port } = new URL(url)
  const socket = await open(hostname, Number(port))
  let received = ''
  let settle: { resolve(answer: HttpAnswer): void; reject(error: Error): void } | undefined

  function fail(error: Error): void {
    settle?.reject(error)
    settle = undefined
  }
  socket.setEncoding('utf8')
  socket.on('data', (chunk: string) => {
    received += chunk
    const answer = readAnswer(received)
    if (answer !== undefined) {
      received = ''
      const waiting = settle
      settle = undefined
      waiting?.resolve(answer)
    }
  })
  socket.on('error', fail)
  socket.on('close', () => fail(new Error('the server closed the connection')))
  return {
    call: (request) =>
      new Promise((resolve, reject) => {
        settle = { resolve, reject }
        socket.write(request)
      }),
    close: () => void socket.destroy(),
  }
}

function open(host: string, port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, noDelay: true }, () => resolve(socket))
    socket.once('error', reject)
  })
}

const LENGTH_HEADER = /\r\ncontent-length: (\d+)\r\n/i

function readAnswer(text: string): HttpAnswer | undefined {
  const headEnd = text.indexOf('\r\n\r\n')
  if (headEnd < 0) {
    return undefined
  }
  const head = text.slice(0, headEnd + 2)
  const length = Number(LENGTH_HEADER.exec(head)?.[1] ?? 0)
  const body = text.slice(headEnd + 4)
  return Buffer.byteLength(body) < length ? undefined : { status: Number(head.slice(9, 12)), body }
}

export interface RequestParts {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
}

/** The bytes of a request. */
export function formatRequest({ method, path, headers, body = '' }: RequestParts): string {
  const all = { Host: '127.0.0.1', ...headers, 'Content-Length': String(Buffer.byteLength(body)) }
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`)
  return `${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n${body}`
}
