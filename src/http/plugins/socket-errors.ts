import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { ApiError } from '../../errors/api-error.ts'
import type { HttpDeps } from '../http-deps.ts'
import { languageOf } from '../language.ts'
import { securityHeaders } from '../security-headers.ts'
import { answerError, type ErrorAnswer } from './errors.ts'
import { recordRequest } from './request-log.ts'

type Recorder = Pick<HttpDeps, 'logger' | 'metrics'>

/** Node keeps the answer that a socket works on here; its own handler looks at it the same way. */
type HttpSocket = Socket & { readonly _httpMessage?: { readonly headersSent: boolean } | null }

/** Requests that Node would answer by itself, or not at all, before anybody of ours sees them. */
export function answerSocketErrors(server: Server, deps: Recorder, newRequestId: () => string): void {
  server.on('checkExpectation', (request: IncomingMessage, response: ServerResponse) => {
    const requestId = newRequestId()
    const answer = answerError(new ApiError('REQUEST.9010', { detail: 'expect' }), contextOf(request))
    response.writeHead(answer.status, { ...headersOf(answer, requestId), Connection: 'close' })
    response.end(answer.body)
    record(deps, requestId, answer, request)
  })
  server.on('connect', (request: IncomingMessage, socket: Duplex) => {
    const requestId = newRequestId()
    const answer = answerError(new ApiError('REQUEST.9004'), contextOf(request))
    // no path takes CONNECT, so the list of what is allowed is empty
    endSocket(socket, answer, { ...headersOf(answer, requestId), Allow: '' })
    record(deps, requestId, answer, request)
  })
}

/**
 * Answers what the HTTP parser refused: bytes that are no request, oversized headers, requests that never end.
 */
export function createClientErrorHandler(deps: Recorder, newRequestId: () => string) {
  return (error: NodeJS.ErrnoException, socket: Socket): void => {
    const { _httpMessage: current } = socket as HttpSocket
    if (error.code === 'ECONNRESET' || !socket.writable || current?.headersSent === true) {
      socket.destroy()
      return
    }
    const requestId = newRequestId()
    const answer = answerError(asParserError(error), { language: 'en', route: undefined })
    endSocket(socket, answer, headersOf(answer, requestId))
    record(deps, requestId, answer, undefined)
  }
}

/** Those whose own code says more than that the head of the request is malformed. */
const telling = new Set([
  'HPE_HEADER_OVERFLOW',
  'HPE_CHUNK_EXTENSIONS_OVERFLOW',
  'HPE_INVALID_URL',
  'HPE_INVALID_CHUNK_SIZE',
  'HPE_INVALID_EOF_STATE',
  'ERR_HTTP_REQUEST_TIMEOUT',
])

function asParserError(error: NodeJS.ErrnoException): unknown {
  if (telling.has(error.code ?? '')) return error
  return new ApiError('REQUEST.9001', { detail: 'header', cause: error })
}

function contextOf(request: IncomingMessage) {
  return { language: languageOf(request.headers), route: undefined }
}

function headersOf(answer: ErrorAnswer, requestId: string): Record<string, string> {
  return {
    ...securityHeaders,
    ...answer.headers,
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': String(Buffer.byteLength(answer.body)),
    'X-Request-Id': requestId,
  }
}

function endSocket(socket: Duplex, answer: ErrorAnswer, headers: Readonly<Record<string, string>>): void {
  const lines = Object.entries({ ...headers, Date: new Date().toUTCString(), Connection: 'close' })
  const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')
  const statusLine = `HTTP/1.1 ${answer.status} ${STATUS_CODES[answer.status] ?? ''}\r\n`
  socket.end(`${statusLine}${head}\r\n${answer.body}`, () => socket.destroy())
}

function record(
  deps: Recorder,
  requestId: string,
  answer: ErrorAnswer,
  request: IncomingMessage | undefined,
): void {
  recordRequest(deps, {
    requestId,
    method: request?.method ?? 'none',
    url: request?.url ?? '',
    route: undefined,
    page: undefined,
    status: answer.status,
    state: { language: 'en', address: undefined, isHttps: false, startedMs: 0, code: answer.code },
    durationMs: 0,
  })
}
