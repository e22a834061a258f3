import { type DestinationStream, type Logger as PinoLogger, pino } from 'pino'

export type Logger = PinoLogger

export type LogLevel = 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent'

const secretFields = [
  'authorization',
  'cookie',
  '["set-cookie"]',
  '["x-state-token"]',
  'password',
  'old_password',
  'new_password',
  'oldPassword',
  'newPassword',
  'client_secret',
  'clientSecret',
  'access_token',
  'accessToken',
  'id_token',
  'session_token',
  'state_token',
]

/**
 * Structured log lines on `destination` (default: standard output). The second net under the Secret type:
 * fields that usually hold secrets are cut out at the top, one level and two levels down.
 */
export function createLogger(options: { level: LogLevel; destination?: DestinationStream }): Logger {
  const settings = {
    level: options.level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    serializers: { err: describeError },
    redact: { paths: secretFields.flatMap(atThreeDepths), censor: '[secret]' },
  }
  return options.destination === undefined ? pino(settings) : pino(settings, options.destination)
}

function atThreeDepths(field: string): readonly string[] {
  const below = field.startsWith('[') ? field : `.${field}`
  return [field, `*${below}`, `*.*${below}`]
}

/** Name, message, code, stack and causes only: drivers hang statements and values on their errors. */
function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return String(error)
  const code = 'code' in error && typeof error.code === 'string' ? { code: error.code } : {}
  const cause = error.cause === undefined ? {} : { cause: describeError(error.cause) }
  return { name: error.name, message: error.message, ...code, stack: error.stack, ...cause }
}
