import {
  CONNECTIONS_MAX_DEFAULT,
  checkCommonSettings,
  type GatewaySettings,
  readNumber,
  readText,
  TIMEOUT_MS_DEFAULT,
} from '../../gateway-settings.ts'
import type { Place } from '../../place.ts'
import { type AnswerRules, readAnswerRules, validateAnswerRule } from './answer-rules.ts'
import { validateTemplateLimits } from './template-limits.ts'
import { validateGatewayBody } from './validate-gateway-body.ts'

export interface SmsHttpSettings {
  readonly method: string
  /** Templates. */
  readonly url: string
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body: string | undefined
  readonly bodyPlace: Place
  readonly rules: AnswerRules
  readonly timeoutMs: number
  readonly connectionsMax: number
  /** PEM. With it, only these authorities are trusted. */
  readonly tlsCa: string | undefined
}

const keys = [
  'url',
  'method',
  'headers',
  'body',
  'accept',
  'refuse',
  'timeout_ms',
  'connections_max',
  'tls_ca',
  'template_limits',
]
const methods = ['POST', 'PUT', 'GET']
// what carries the message is ours to say
const headersOfOurs = [
  'content-length',
  'transfer-encoding',
  'connection',
  'host',
  'expect',
  'upgrade',
  'te',
  'trailer',
]

/** What is wrong with the settings, in sentences that say what to do; none quotes a value, which may be secret. */
export function validateSmsHttpSettings(settings: GatewaySettings): readonly string[] {
  const problems = checkCommonSettings('sms-http', settings, keys)
  const method = settings.method ?? 'POST'
  if (typeof method !== 'string' || !methods.includes(method)) {
    problems.push('method must be POST, PUT or GET')
  }
  if (method === 'GET' && isSet(settings.body)) {
    problems.push('body does not go with method GET: put its values into url, or use POST')
  }
  if (!isPlainUrl(readText(settings.url))) {
    problems.push('url must begin with https:// or http:// and a fixed host; values may stand after the host')
  }
  problems.push(...validateHeaders(settings.headers))
  problems.push(...validateAnswerRule('accept', settings.accept))
  problems.push(...validateAnswerRule('refuse', settings.refuse))
  problems.push(...validateTemplateLimits(settings.template_limits))
  if (isSet(settings.body) && readText(settings.body) === undefined) {
    problems.push('body must be text')
  }
  return problems.length > 0 ? problems : validateGatewayBody(readUnchecked(settings))
}

/** @throws Error when the settings are not valid */
export function readSmsHttpSettings(settings: GatewaySettings): SmsHttpSettings {
  const [problem] = validateSmsHttpSettings(settings)
  if (problem !== undefined) {
    throw new Error(`settings of an sms-http gateway: ${problem}`)
  }
  return readUnchecked(settings)
}

function readUnchecked(settings: GatewaySettings): SmsHttpSettings {
  const body = readText(settings.body)
  const headers = readHeaders(settings.headers)
  const contentType = headers.find(([name]) => name === 'content-type')?.[1] ?? guessContentType(body)
  return {
    method: typeof settings.method === 'string' ? settings.method : 'POST',
    url: readText(settings.url) ?? '',
    headers:
      body === undefined
        ? headers
        : [...headers.filter(([name]) => name !== 'content-type'), ['content-type', contentType] as const],
    body,
    bodyPlace: placeOf(contentType),
    rules: readAnswerRules(settings.accept, settings.refuse),
    timeoutMs: readNumber(settings.timeout_ms, TIMEOUT_MS_DEFAULT),
    connectionsMax: readNumber(settings.connections_max, CONNECTIONS_MAX_DEFAULT),
    tlsCa: readText(settings.tls_ca),
  }
}

function guessContentType(body: string | undefined): string {
  return /^\s*[[{](?![{%])/.test(body ?? '')
    ? 'application/json; charset=utf-8'
    : 'application/x-www-form-urlencoded; charset=utf-8'
}

/** How values are escaped in a body of this type. */
function placeOf(contentType: string): Place {
  const type = contentType.split(';')[0]?.trim().toLowerCase() ?? ''
  if (type.endsWith('/json') || type.endsWith('+json')) {
    return 'json'
  }
  if (type.endsWith('/xml') || type.endsWith('+xml') || type === 'text/html') {
    return 'html'
  }
  return type === 'application/x-www-form-urlencoded' ? 'url' : 'text'
}

function readHeaders(value: unknown): readonly (readonly [string, string])[] {
  if (typeof value !== 'object' || value === null) {
    return []
  }
  return Object.entries(value).map(([name, text]) => [name.toLowerCase(), readText(text) ?? String(text)])
}

function validateHeaders(value: unknown): readonly string[] {
  if (!isSet(value)) {
    return []
  }
  if (typeof value !== 'object' || Array.isArray(value)) {
    return ['headers must be names with values, such as { authorization: "Bearer …" }']
  }
  const problems: string[] = []
  for (const [name, text] of Object.entries(value ?? {})) {
    if (!/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/.test(name)) {
      problems.push('headers holds a name that is none: use letters, digits and hyphens')
    } else if (headersOfOurs.includes(name.toLowerCase())) {
      problems.push(`headers must not set ${name}: it follows from url and body`)
    } else if (!(typeof text === 'number' || readText(text) !== undefined)) {
      problems.push(`headers: ${name} must have text as its value`)
    }
  }
  return problems
}

/** Scheme and host stand still, so that no value can send the message elsewhere. */
function isPlainUrl(text: string | undefined): boolean {
  const origin = /^https?:\/\/[^/?#\\\s]+/i.exec(text ?? '')?.[0]
  return origin !== undefined && !/[{}%]\s*[{%]/.test(origin) && URL.canParse(origin)
}

function isSet(value: unknown): boolean {
  return value !== undefined && value !== null
}
