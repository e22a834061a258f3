import type { Clock } from '../core/clock.ts'
import { Secret } from '../core/secret.ts'
import type { Channel } from './gateway.ts'

/** Settings as the tenant file names them. A text that is sealed at rest arrives opened, as a Secret. */
export type GatewaySettings = Readonly<Record<string, unknown>>

/** What a gateway is made from. */
export interface GatewaySpec {
  readonly name: string
  readonly channel: Channel
  readonly settings: GatewaySettings
}

export interface GatewayDeps {
  readonly clock: Clock
}

export const TIMEOUT_MS_DEFAULT = 8_000 // below the 10 s after which callers' HTTP clients usually retry
export const CONNECTIONS_MAX_DEFAULT = 5

/** The plain text of a setting, opened or not; undefined: absent, or no text. */
export function readText(value: unknown): string | undefined {
  if (value instanceof Secret) {
    return value.reveal()
  }
  return typeof value === 'string' ? value : undefined
}

export function readNumber(value: unknown, defaultNumber: number): number {
  return typeof value === 'number' ? value : defaultNumber
}

export interface NumberRule {
  readonly min: number
  readonly max: number
}

export const numberRules: Readonly<Record<string, NumberRule>> = {
  timeout_ms: { min: 100, max: 60_000 },
  connections_max: { min: 1, max: 100 },
  connect_timeout_ms: { min: 100, max: 60_000 },
  greeting_timeout_ms: { min: 100, max: 60_000 },
  socket_timeout_ms: { min: 100, max: 60_000 },
}

/** Problems that every kind has alike: unknown keys, numbers out of bounds, a private CA that is no certificate. */
export function checkCommonSettings(
  kind: string,
  settings: GatewaySettings,
  keys: readonly string[],
): string[] {
  const problems = Object.keys(settings)
    .filter((key) => !keys.includes(key))
    .map((key) => `${key} is no key of a gateway of kind ${kind}: its keys are ${keys.join(', ')}`)
  for (const [key, rule] of Object.entries(numberRules)) {
    const value = settings[key] ?? undefined
    if (keys.includes(key) && value !== undefined && !isWithin(value, rule)) {
      problems.push(`${key} must be a whole number from ${rule.min} to ${rule.max}`)
    }
  }
  const ca = settings.tls_ca ?? undefined
  if (ca !== undefined && !readText(ca)?.includes('-----BEGIN CERTIFICATE-----')) {
    problems.push('tls_ca must be certificates in PEM form: paste the text from BEGIN to END CERTIFICATE')
  }
  return problems
}

function isWithin(value: unknown, rule: NumberRule): boolean {
  return Number.isInteger(value) && Number(value) >= rule.min && Number(value) <= rule.max
}
