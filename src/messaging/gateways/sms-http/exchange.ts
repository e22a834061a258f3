import { type Agent, type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { askPermission } from '../../ask-permission.ts'
import type { AttemptOutcome, GatewayReason } from '../../gateway.ts'
import { isTlsFailure } from '../../is-tls-failure.ts'
import type { HttpAnswer } from './answer-rules.ts'
import type { RenderedRequest } from './render-request.ts'

export type Exchange =
  | { readonly kind: 'answered'; readonly answer: HttpAnswer }
  | { readonly kind: 'unanswered'; readonly outcome: AttemptOutcome; readonly isStale: boolean }

export interface ExchangeTerms {
  readonly method: string
  readonly agent: Agent
  readonly msLeft: number
  mayHandOver(): Promise<boolean>
}

// more than any vendor's answer; what is longer is not read
const ANSWER_BYTES_MAX = 64 * 1_024

/**
 * One request and its answer; redirects are answers like any other. The connection is opened first, then `mayHandOver`
 * is asked, then everything leaves: a failure before that moment is a refusal, one after it leaves the outcome unknown.
 */
export async function exchange(rendered: RenderedRequest, terms: ExchangeTerms): Promise<Exchange> {
  return await new Promise((resolve) => {
    let isConnected = false
    let isHandedOver = false
    let isAnswering = false
    let isSettled = false
    const request = startRequest(rendered, terms)
    const timer = setTimeout(() => end(unanswered('gateway_timeout', 'no answer in time')), terms.msLeft)

    function end(result: Exchange): void {
      if (isSettled) {
        return // the connection may already carry another request
      }
      isSettled = true
      clearTimeout(timer)
      resolve(result)
      if (result.kind === 'unanswered') {
        request.destroy()
      }
    }

    function unanswered(reason: GatewayReason, reply: string): Exchange {
      const isStale = !isHandedOver && request.reusedSocket && reason === 'gateway_connection_lost'
      return {
        kind: 'unanswered',
        outcome: { kind: isHandedOver ? 'unknown' : 'refused-here', reason, reply },
        isStale,
      }
    }

    async function handOver(): Promise<void> {
      isConnected = true
      const refusal = await askPermission(terms.mayHandOver)
      if (refusal !== undefined) {
        end({ kind: 'unanswered', outcome: refusal, isStale: false })
      } else if (!isSettled && !request.destroyed) {
        isHandedOver = true
        request.end(rendered.body)
      }
    }

    request.once('socket', (socket) => {
      if (request.reusedSocket) {
        // one turn of the event loop first: a goodbye that has already arrived is read before anything is written
        setImmediate(() => void handOver())
      } else {
        socket.once(rendered.url.protocol === 'https:' ? 'secureConnect' : 'connect', () => void handOver())
      }
    })
    request.once('response', (response) => {
      isAnswering = true // from here on the answer itself tells how it ends
      void readAnswer(response).then((answer) => {
        const early = unanswered('gateway_protocol', 'an answer before the request')
        end(isHandedOver ? { kind: 'answered', answer } : early)
      })
    })
    request.on('error', (error: NodeJS.ErrnoException) => {
      if (!isAnswering) {
        end(unanswered(reasonOf(error, isConnected), error.message))
      }
    })
    request.once('close', () => {
      if (!isAnswering) {
        end(unanswered('gateway_connection_lost', 'the connection was closed'))
      }
    })
  })
}

/** Nothing is written before `end`: Node keeps the headers back until then. */
function startRequest(rendered: RenderedRequest, terms: ExchangeTerms): ClientRequest {
  const { body, url } = rendered
  const length = body === undefined ? {} : { 'content-length': body.length }
  const options = {
    agent: terms.agent,
    method: terms.method,
    headers: { ...Object.fromEntries(rendered.headers), ...length },
  }
  return url.protocol === 'https:' ? httpsRequest(url, options) : httpRequest(url, options)
}

async function readAnswer(response: IncomingMessage): Promise<HttpAnswer> {
  const chunks: Buffer[] = []
  let length = 0
  let isCut = false
  try {
    for await (const chunk of response) {
      chunks.push(Buffer.from(chunk))
      length += chunks.at(-1)?.length ?? 0
      if (length > ANSWER_BYTES_MAX) {
        isCut = true
        break
      }
    }
  } catch {
    // broken off: what came is kept, and `complete` stays false
  }
  const body = Buffer.concat(chunks).subarray(0, ANSWER_BYTES_MAX).toString('utf8')
  return { status: response.statusCode ?? 0, body, isComplete: response.complete || isCut, isCut }
}

function reasonOf(error: NodeJS.ErrnoException, isConnected: boolean): GatewayReason {
  const code = error.code ?? ''
  if (isTlsFailure(code)) {
    return 'gateway_tls'
  }
  if (code.startsWith('HPE_')) {
    return 'gateway_protocol'
  }
  if (code === 'ETIMEDOUT') {
    return 'gateway_timeout'
  }
  return isConnected ? 'gateway_connection_lost' : 'gateway_unreachable'
}
