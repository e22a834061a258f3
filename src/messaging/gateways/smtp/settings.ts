import addressparser from 'nodemailer/lib/addressparser'
import { Secret } from '../../../core/secret.ts'
import {
  CONNECTIONS_MAX_DEFAULT,
  checkCommonSettings,
  type GatewaySettings,
  readNumber,
  readText,
  TIMEOUT_MS_DEFAULT,
} from '../../gateway-settings.ts'

export interface SmtpSettings {
  readonly host: string
  readonly port: number
  /** `offered`: STARTTLS when the server offers it; `required`: STARTTLS or nothing; `from-start`: TLS before SMTP. */
  readonly tls: 'offered' | 'required' | 'from-start'
  readonly user: string | undefined
  readonly password: Secret | undefined
  readonly from: { readonly name: string; readonly address: string }
  /** The whole attempt. */
  readonly timeoutMs: number
  /** Name look-up to the end of TLS. */
  readonly connectTimeoutMs: number
  readonly greetingTimeoutMs: number
  /** Longest silence of the server. */
  readonly socketTimeoutMs: number
  readonly connectionsMax: number
  /** PEM. With it, only these authorities are trusted. */
  readonly tlsCa: string | undefined
}

const STAGE_TIMEOUT_MS_DEFAULT = 5_000

const keys = [
  'url',
  'from',
  'user',
  'password',
  'timeout_ms',
  'connect_timeout_ms',
  'greeting_timeout_ms',
  'socket_timeout_ms',
  'connections_max',
  'tls_ca',
]

const tlsOfProtocol: Readonly<Record<string, SmtpSettings['tls']>> = {
  'smtp:': 'offered',
  'smtp+starttls:': 'required',
  'smtps:': 'from-start',
}
// RFC 5321, RFC 6409 and RFC 8314
const portOfTls = { offered: 25, required: 587, 'from-start': 465 } as const

/** What is wrong with the settings, in sentences that say what to do; none quotes a value, which may be secret. */
export function validateSmtpSettings(settings: GatewaySettings): readonly string[] {
  const problems = checkCommonSettings('smtp', settings, keys)
  const url = parseUrl(settings.url)
  if (url === undefined) {
    problems.push(
      'url must be smtp://host:port, smtp+starttls://host:port or smtps://host:port, with nothing after it',
    )
  }
  if (parseFrom(settings.from) === undefined) {
    problems.push('from must be one address such as "IT <it@acme.example>"')
  }
  const user = readText(settings.user) ?? url?.user
  const password = readText(settings.password) ?? url?.password
  if ((user === undefined) !== (password === undefined)) {
    problems.push('user and password belong together: set both, or neither')
  }
  if (url?.user !== undefined && readText(settings.user) !== undefined) {
    problems.push('user stands in url too: keep one of them')
  }
  return problems
}

/** @throws Error when the settings are not valid */
export function readSmtpSettings(settings: GatewaySettings): SmtpSettings {
  const url = parseUrl(settings.url)
  const from = parseFrom(settings.from)
  const [problem] = validateSmtpSettings(settings)
  if (url === undefined || from === undefined || problem !== undefined) {
    throw new Error(`settings of an smtp gateway: ${problem}`)
  }
  const password = readText(settings.password) ?? url.password
  const timeoutMs = readNumber(settings.timeout_ms, TIMEOUT_MS_DEFAULT)
  return {
    host: url.host,
    port: url.port ?? portOfTls[url.tls],
    tls: url.tls,
    user: readText(settings.user) ?? url.user,
    password: password === undefined ? undefined : new Secret(password),
    from,
    timeoutMs,
    connectTimeoutMs: readNumber(settings.connect_timeout_ms, STAGE_TIMEOUT_MS_DEFAULT),
    greetingTimeoutMs: readNumber(settings.greeting_timeout_ms, STAGE_TIMEOUT_MS_DEFAULT),
    socketTimeoutMs: readNumber(settings.socket_timeout_ms, timeoutMs),
    connectionsMax: readNumber(settings.connections_max, CONNECTIONS_MAX_DEFAULT),
    tlsCa: readText(settings.tls_ca),
  }
}

interface SmtpUrl {
  readonly tls: SmtpSettings['tls']
  readonly host: string
  readonly port: number | undefined
  readonly user: string | undefined
  readonly password: string | undefined
}

function parseUrl(value: unknown): SmtpUrl | undefined {
  const url = URL.parse(readText(value) ?? '')
  const tls = url === null ? undefined : tlsOfProtocol[url.protocol]
  if (url === null || tls === undefined || !/^(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])$/.test(url.hostname)) {
    return undefined
  }
  if (
    (url.pathname !== '' && url.pathname !== '/') ||
    url.search !== '' ||
    url.hash !== '' ||
    url.port === '0'
  ) {
    return undefined
  }
  const user = decodePart(url.username)
  const password = decodePart(url.password)
  return {
    tls,
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? undefined : Number(url.port),
    user,
    password,
  }
}

function decodePart(text: string): string | undefined {
  if (text === '') {
    return undefined
  }
  try {
    return decodeURIComponent(text)
  } catch {
    return text // a lone % that was not meant as an escape
  }
}

function parseFrom(value: unknown): SmtpSettings['from'] | undefined {
  const text = readText(value) ?? ''
  if (/\p{Cc}/u.test(text)) {
    return undefined
  }
  const [first, ...others] = addressparser(text)
  if (first?.address === undefined || others.length > 0) {
    return undefined
  }
  return /^[^\s@<>,;"]+@[^\s@<>,;"]+$/.test(first.address)
    ? { name: first.name, address: first.address }
    : undefined
}
