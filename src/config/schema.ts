import {
  DEFAULT_HASH_PARAMETERS,
  HASH_MEMORY_KIB_MAX,
  HASH_MINIMUMS,
  HASH_PASSES_MAX,
} from '../core/password/hash-parameters.ts'
import type { Secret } from '../core/secret.ts'

export const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const
export type LogLevel = (typeof logLevels)[number]

/** What the server is told at its start. Units stand last in the names. */
export interface Settings {
  readonly host: string
  /** 0: any free one. */
  readonly port: number
  /** `sqlite:{file}` or `postgres://…`; a Secret because it may hold a password. */
  readonly databaseUrl: Secret
  /** Base64 of 32 bytes; undefined: `loadMasterKey` looks beside the embedded database. */
  readonly masterKey: Secret | undefined
  /** Origin without a path, e.g. `https://id.acme.example`; undefined: the address the server listens at. */
  readonly publicUrl: string | undefined
  readonly logLevel: LogLevel
  /** Whether `/docs/api` is there. */
  readonly apiReference: 'on' | 'off'
  /** Addresses and CIDR blocks whose `X-Forwarded-For` and `-Proto` are believed. */
  readonly trustProxy: readonly string[]
  readonly resetCallDeadlineMs: number
  readonly resetLeaseGraceMs: number
  /** `argon2id$m={KiB},t={passes},p=1` of new hashes. */
  readonly hashParameters: string
  readonly hashQueueMax: number
  readonly databaseConnectionsMax: number
  /** A folder, or `http(s)://…` without a slash at its end; undefined: none. */
  readonly breachedPasswordsSource: string | undefined
  /** Host names, lower case, at which webhooks may be private and without TLS. */
  readonly webhookPrivateHosts: readonly string[]
}

export type SettingType =
  | { readonly kind: 'host' }
  | { readonly kind: 'integer'; readonly min: number; readonly max: number }
  | { readonly kind: 'database-url' }
  | { readonly kind: 'key'; readonly sizeBytes: number }
  | { readonly kind: 'origin' }
  | { readonly kind: 'word'; readonly words: readonly string[] }
  | { readonly kind: 'cidr-list' }
  | { readonly kind: 'hash-parameters' }
  | { readonly kind: 'folder-or-url' }
  | { readonly kind: 'host-list' }

export interface SettingDefinition {
  /** The environment variable. */
  readonly name: `REKEY_${string}`
  readonly type: SettingType
  /** As one would write it; undefined: none. */
  readonly default: string | undefined
  readonly unit?: 'seconds'
  /** May also come from the file that `{name}_FILE` names. */
  readonly isSecret: boolean
  readonly help: string
}

/** Every setting. `docs/configuration.md` is generated from this table. */
export const settingDefinitions = {
  host: {
    name: 'REKEY_HOST',
    type: { kind: 'host' },
    default: '127.0.0.1',
    isSecret: false,
    help: 'Address to listen at. `0.0.0.0` or `::` listens at every address of the machine.',
  },
  port: {
    name: 'REKEY_PORT',
    type: { kind: 'integer', min: 0, max: 65_535 },
    default: '8080',
    isSecret: false,
    help: 'TCP port to listen at; `0` takes any free one.',
  },
  databaseUrl: {
    name: 'REKEY_DATABASE_URL',
    type: { kind: 'database-url' },
    default: 'sqlite:./data/rekey.db',
    isSecret: true,
    help: 'The database: `sqlite:` and a file, or `postgres://user:password@host:port/database`.',
  },
  masterKey: {
    name: 'REKEY_MASTER_KEY',
    type: { kind: 'key', sizeBytes: 32 },
    default: undefined,
    isSecret: true,
    help:
      'Key that seals the secrets in the database, 32 bytes in base64 (`openssl rand -base64 32`). ' +
      'Required on PostgreSQL. On SQLite it is made at the first start, in a file beside the database.',
  },
  publicUrl: {
    name: 'REKEY_PUBLIC_URL',
    type: { kind: 'origin' },
    default: undefined,
    isSecret: false,
    help: 'Where people and applications reach the server, e.g. `https://id.acme.example`.',
  },
  logLevel: {
    name: 'REKEY_LOG_LEVEL',
    type: { kind: 'word', words: logLevels },
    default: 'info',
    isSecret: false,
    help: 'Least severity that is logged. Reads are logged at `debug` only.',
  },
  apiReference: {
    name: 'REKEY_API_REFERENCE',
    type: { kind: 'word', words: ['on', 'off'] },
    default: 'on',
    isSecret: false,
    help: 'Whether the API reference is served at `/docs/api`, to anybody; it says nothing about tenants or people.',
  },
  trustProxy: {
    name: 'REKEY_TRUST_PROXY',
    type: { kind: 'cidr-list' },
    default: '',
    isSecret: false,
    help:
      'Addresses and CIDR blocks of reverse proxies, separated by commas. Only from them `X-Forwarded-For` and ' +
      '`X-Forwarded-Proto` are read; `X-Forwarded-Host` never is.',
  },
  resetCallDeadlineMs: {
    name: 'REKEY_RESET_CALL_DEADLINE_SECONDS',
    // below the 75 s after which a connection without a byte counts as idle (`http/http-limits.ts`)
    type: { kind: 'integer', min: 2, max: 60 },
    default: '25',
    unit: 'seconds',
    isSecret: false,
    help: 'A call that resets a password is answered within this time, whatever the gateways do.',
  },
  resetLeaseGraceMs: {
    name: 'REKEY_RESET_LEASE_GRACE_SECONDS',
    type: { kind: 'integer', min: 1, max: 600 },
    default: '30',
    unit: 'seconds',
    isSecret: false,
    help: 'How much longer than its call a reset belongs to the process that runs it, before recovery takes it over.',
  },
  hashParameters: {
    name: 'REKEY_HASH_PARAMETERS',
    type: { kind: 'hash-parameters' },
    default: DEFAULT_HASH_PARAMETERS,
    isSecret: false,
    help:
      'Cost of a password hash: memory in KiB (held by every core at once) and passes over it. ' +
      '`rekey calibrate-hash` measures and recommends. Other passwords are hashed anew when they next sign in.',
  },
  hashQueueMax: {
    name: 'REKEY_HASH_QUEUE_MAX',
    type: { kind: 'integer', min: 1, max: 100_000 },
    default: '256',
    isSecret: false,
    help:
      'Passwords that may wait to be hashed in each lane (sign-in; resets and signed-in changes). ' +
      'A call beyond that is answered 503 with `Retry-After`.',
  },
  databaseConnectionsMax: {
    name: 'REKEY_DATABASE_CONNECTIONS_MAX',
    type: { kind: 'integer', min: 1, max: 1_000 },
    default: '10',
    isSecret: false,
    help: 'Connections that this process opens to PostgreSQL. Without effect on SQLite.',
  },
  breachedPasswordsSource: {
    name: 'REKEY_BREACHED_PASSWORDS_SOURCE',
    type: { kind: 'folder-or-url' },
    default: undefined,
    isSecret: false,
    help:
      'Where known breached passwords are looked up for tenants whose `password_policy` says `breached_passwords: ' +
      'refuse`: a folder of range files, or the address of a service that answers `GET {address}/{5 hex digits}` ' +
      'with `SUFFIX:COUNT` lines.',
  },
  webhookPrivateHosts: {
    name: 'REKEY_WEBHOOK_PRIVATE_HOSTS',
    type: { kind: 'host-list' },
    default: '',
    isSecret: false,
    help:
      'Exact host names and IP addresses, separated by commas, at which webhooks of any tenant may have a private ' +
      'address, and an address that begins with `http://`. All others are reached by TLS, at public addresses only.',
  },
} as const satisfies Record<keyof Settings, SettingDefinition>

/** What a value must look like, for people. */
export function describeType(type: SettingType): string {
  switch (type.kind) {
    case 'host':
      return 'an IP address or a host name'
    case 'integer':
      return `a whole number from ${type.min} to ${type.max}`
    case 'database-url':
      return 'sqlite:{file} or postgres://{user}:{password}@{host}/{database}'
    case 'key':
      return `${type.sizeBytes} bytes in base64`
    case 'origin':
      return 'http:// or https:// and a host, without a path'
    case 'word':
      return `one of ${type.words.join(', ')}`
    case 'cidr-list':
      return 'IP addresses or CIDR blocks, separated by commas'
    case 'hash-parameters':
      return (
        `argon2id$m={KiB},t={passes},p=1, at least ${HASH_MINIMUMS.map(minimumText).join(' or ')} (OWASP), ` +
        `at most m=${HASH_MEMORY_KIB_MAX} and t=${HASH_PASSES_MAX}, in single quotes where a shell reads it`
      )
    case 'host-list':
      return 'host names or IP addresses, separated by commas'
    case 'folder-or-url':
      return 'a folder, or http:// or https:// with host and path, without credentials, query and fragment'
  }
}

function minimumText({ memoryKib, passes }: (typeof HASH_MINIMUMS)[number]): string {
  return `m=${memoryKib},t=${passes}`
}
