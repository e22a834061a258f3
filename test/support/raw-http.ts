import { connect } from 'node:net'

export interface RawAnswer {
  readonly status: number
  /** Names in lower case; the last of equal names. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/**
 * Sends bytes as they are and reads until the server closes, or until one whole answer is there. Nothing
 * between the test and the socket makes a request well-formed.
 */
export function sendRaw(port: number, request: string | Uint8Array): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1')
    let received = ''
    const isHead = Buffer.from(request).toString('latin1', 0, 5) === 'HEAD '
    socket.setEncoding('latin1')
    const finish = (): void => {
      const answer = parseAnswer(received)
      if (answer === undefined)
        reject(new Error(`no whole answer: ${JSON.stringify(received.slice(0, 200))}`))
      else resolve(answer)
      socket.destroy()
    }
    socket.setTimeout(10_000, finish)
    socket.on('connect', () => socket.write(request))
    socket.on('data', (chunk: string) => {
      received += chunk
      if (isWhole(received, isHead)) finish()
    })
    socket.on('end', finish)
    // the server may close while we still send; what it answered before that counts
    socket.on('error', finish)
  })
}

function isWhole(received: string, isHead: boolean): boolean {
  const headEnd = received.indexOf('\r\n\r\n')
  if (headEnd < 0 || isHead) return headEnd >= 0
  const length = /^content-length: *(\d+)/im.exec(received.slice(0, headEnd))?.[1]
  return length !== undefined && received.length >= headEnd + 4 + Number(length)
}

function parseAnswer(received: string): RawAnswer | undefined {
  const headEnd = received.indexOf('\r\n\r\n')
  const [statusLine = '', ...lines] = received.slice(0, headEnd).split('\r\n')
  const status = /^HTTP\/1\.1 (\d{3}) /.exec(statusLine)?.[1]
  if (headEnd < 0 || status === undefined) return undefined
  const headers = lines.map((line) => {
    const colon = line.indexOf(':')
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()]
  })
  const body = Buffer.from(received.slice(headEnd + 4), 'latin1').toString()
  return { status: Number(status), headers: Object.fromEntries(headers), body }
}
