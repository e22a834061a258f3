import { lookup as lookUp } from 'node:dns'
import { request as httpRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import type { LookupFunction } from 'node:net'
import { type Clock, SECOND_MS } from '../../core/clock.ts'
import type { FailureReason, PostEvent, PostOutcome, SignedEvent } from '../../core/webhooks/event-poster.ts'
import { isTlsFailure } from '../is-tls-failure.ts'
import { isPublicAddress } from './is-public-address.ts'
import { hostOf, judgeUrl, type PrivateHosts } from './judge-url.ts'
import { signEvent } from './sign-event.ts'

/** What a receiver says in its answer is read by nobody: so much is thrown away, then the line is closed. */
const ANSWER_BYTES_MAX = 64 * 1_024
const PRIVATE_ADDRESS = 'EPRIVATEADDRESS'

/**
 * Posts one signed event on a connection of its own. No redirect is followed, no proxy asked, and the address is judged
 * where it is used: of what the name leads to at this moment only public addresses are connected to, so that a name
 * cannot lead elsewhere after it was looked at.
 */
export function createEventPoster(deps: {
  readonly clock: Pick<Clock, 'now'>
  readonly privateHosts: PrivateHosts
}): PostEvent {
  return async (event) => {
    const url = URL.parse(event.url)
    if (url === null) {
      return { kind: 'failed', reason: 'unreachable', note: 'the address cannot be read' }
    }
    const refusal = judgeUrl(url, deps.privateHosts)
    if (refusal !== undefined) {
      return { kind: 'failed', reason: refusal }
    }
    const isPrivateAllowed = deps.privateHosts.includes(hostOf(url))
    const headers = signEvent(event, deps.clock.now())
    return await exchange(event, { url, headers, now: deps.clock.now, isPrivateAllowed })
  }
}

interface Terms {
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly now: () => number
  readonly isPrivateAllowed: boolean
}

async function exchange(
  event: SignedEvent,
  { url, headers, now, isPrivateAllowed }: Terms,
): Promise<PostOutcome> {
  return await new Promise((resolve) => {
    let isConnected = false
    let answered: PostOutcome | undefined
    const body = Buffer.from(event.payload)
    const request = (url.protocol === 'https:' ? httpsRequest : httpRequest)(url, {
      method: 'POST',
      agent: false,
      headers: {
        ...headers,
        'content-type': 'application/json',
        'content-length': body.length,
        'user-agent': 'Rekey-Webhooks',
      },
      ...(isPrivateAllowed ? {} : { lookup: lookUpPublic }),
    })
    const timer = setTimeout(() => end(failed('timeout')), event.timeoutMs)
    const onStop = () => end(failed('stopped'))
    event.signal?.addEventListener('abort', onStop)

    function end(outcome: PostOutcome): void {
      clearTimeout(timer)
      event.signal?.removeEventListener('abort', onStop)
      // the first one counts, and a status says more than how its body ended
      resolve(answered ?? outcome)
      request.destroy()
    }

    request.once('socket', (socket) => {
      socket.once(url.protocol === 'https:' ? 'secureConnect' : 'connect', () => {
        isConnected = true
      })
    })
    request.once('response', (response) => {
      const outcome = outcomeOf(response, now())
      answered = outcome
      void throwAway(response).then(() => end(outcome))
    })
    request.on('error', (error: NodeJS.ErrnoException) =>
      end(failed(reasonOf(error, isConnected), error.message || error.code)),
    )
    request.once('close', () => end(failed('connection_lost')))
    if (event.signal?.aborted === true) {
      onStop()
    } else {
      request.end(body)
    }
  })
}

function failed(reason: FailureReason, note?: string): PostOutcome {
  return { kind: 'failed', reason, ...(note === undefined ? {} : { note: note.slice(0, 200) }) }
}

function outcomeOf(response: IncomingMessage, nowMs: number): PostOutcome {
  const status = response.statusCode ?? 0
  if (status >= 200 && status < 300) {
    return { kind: 'delivered', status }
  }
  const reason = status === 410 ? 'gone' : status >= 300 && status < 400 ? 'redirect' : 'status'
  const retryAfterMs = status === 429 || status === 503 ? readRetryAfter(response, nowMs) : undefined
  return { kind: 'failed', reason, status, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) }
}

/** Seconds or a date. */
function readRetryAfter(response: IncomingMessage, nowMs: number): number | undefined {
  const text = response.headers['retry-after']?.trim() ?? ''
  if (/^\d{1,9}$/.test(text)) {
    return Number(text) * SECOND_MS
  }
  const at = Date.parse(text)
  return Number.isNaN(at) ? undefined : Math.max(0, at - nowMs)
}

/** The status has said everything; a line that breaks now changes nothing. */
async function throwAway(response: IncomingMessage): Promise<void> {
  let length = 0
  try {
    for await (const chunk of response) {
      length += (chunk as Buffer).length
      if (length > ANSWER_BYTES_MAX) {
        return
      }
    }
  } catch {
    // broken off
  }
}

/** Looks a name up and forgets every address that is not public. */
const lookUpPublic: LookupFunction = (hostname, options, callback) => {
  lookUp(hostname, { ...options, all: true }, (error, addresses) => {
    if (error !== null) {
      callback(error, '')
      return
    }
    const allowed = addresses.filter(({ address }) => isPublicAddress(address))
    const [first] = allowed
    if (first === undefined) {
      const refusal = Object.assign(new Error(`${hostname} leads to no public address`), {
        code: PRIVATE_ADDRESS,
      })
      callback(refusal, '')
    } else if (options.all === true) {
      callback(null, allowed)
    } else {
      callback(null, first.address, first.family)
    }
  })
}

function reasonOf(error: NodeJS.ErrnoException, isConnected: boolean): FailureReason {
  const code = error.code ?? ''
  if (code === PRIVATE_ADDRESS) {
    return 'private_address'
  }
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return 'unknown_host'
  }
  if (isTlsFailure(code)) {
    return 'tls'
  }
  if (code.startsWith('HPE_')) {
    return 'protocol'
  }
  return isConnected ? 'connection_lost' : 'unreachable'
}
