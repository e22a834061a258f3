import type { Operation } from './document.ts'
import type { ReceivedAnswer } from './send.ts'

/** What an answer has that the document does not say; undefined: nothing. */
export function findFault(operation: Operation, answer: ReceivedAnswer): string | undefined {
  const { status, headers, text } = answer
  const documented = operation.answers[String(status)]
  if (documented === undefined) return `status ${status} is not documented: ${text}`
  if (status >= 500 && status !== 503) return `status ${status}: ${text}`
  if (typeof headers['x-request-id'] !== 'string') return 'no X-Request-Id'
  if (documented.mediaType === undefined) return text === '' ? undefined : `a body is not documented: ${text}`
  if (!String(headers['content-type']).startsWith(documented.mediaType)) {
    return `media type ${headers['content-type']} is not documented`
  }
  const body = documented.mediaType === 'application/json' ? parse(text) : text
  if (!documented.fits(body)) return `the body of ${status} does not fit its schema: ${text}`
  const code = codeOf(body)
  const isKnown = code === undefined || documented.codes.includes(code)
  return isKnown ? undefined : `code ${code} is not documented under ${status}`
}

/** Undefined: no error. */
export function codeOf(body: unknown): string | undefined {
  if (typeof body !== 'object' || body === null) return undefined
  const code = 'error_code' in body ? body.error_code : 'error' in body ? body.error : undefined
  return code === undefined ? undefined : String(code)
}

export function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
