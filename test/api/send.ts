import { Agent, request } from 'node:http'

export interface SentRequest {
  readonly method: string
  /** Path and query, as they are sent. */
  readonly target: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string | undefined
}

export interface ReceivedAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly text: string
}

const ANSWERED_WITHIN_MS = 20_000 // a reset takes up to 25 s with a gateway that hangs, and none does here
const agent = new Agent({ keepAlive: true, maxSockets: 16 })

/**
 * Sends a request as it is, with whatever `Host` it names and a body whatever its method.
 * @throws Error nothing whole came back in 20 s
 */
export function send(port: number, sent: SentRequest): Promise<ReceivedAnswer> {
  const { method, target, body } = sent
  const bytes = body === undefined ? undefined : Buffer.from(body)
  const length = bytes === undefined ? {} : { 'content-length': String(bytes.length) }
  return new Promise((resolve, reject) => {
    const outgoing = request(
      {
        agent,
        host: '127.0.0.1',
        port,
        method,
        path: target,
        headers: { ...sent.headers, ...length },
        signal: AbortSignal.timeout(ANSWERED_WITHIN_MS),
      },
      (incoming) => {
        const chunks: Buffer[] = []
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
        incoming.on('error', reject)
        incoming.on('end', () =>
          resolve({
            status: incoming.statusCode ?? 0,
            headers: incoming.headers,
            text: Buffer.concat(chunks).toString(),
          }),
        )
      },
    )
    outgoing.on('error', reject)
    outgoing.end(bytes)
  })
}
