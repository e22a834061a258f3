import { readFileSync } from 'node:fs'
import { SECOND_MS } from '../core/clock.ts'
import { Secret } from '../core/secret.ts'
import { nearestWord } from '../core/tenant-file/nearest-word.ts'
import { parseSetting } from './parse-setting.ts'
import {
  describeType,
  logLevels,
  type SettingDefinition,
  type Settings,
  settingDefinitions,
} from './schema.ts'
import { SettingsError } from './settings-error.ts'

type Environment = Readonly<Record<string, string | undefined>>
type ParsedSettings = Record<string, string | number | readonly string[] | undefined>

const definitions: readonly (readonly [string, SettingDefinition])[] = Object.entries(settingDefinitions)

/**
 * Reads every setting from the environment; a secret also from the file that `{name}_FILE` names. An empty variable
 * counts as absent.
 * @throws SettingsError with all problems at once; values of secrets are never part of them
 */
export function loadSettings(env: Environment): Settings {
  const problems: string[] = findUnknownNames(env)
  const parsed: ParsedSettings = {}
  for (const [field, definition] of definitions) {
    parsed[field] = readSetting(env, definition, problems)
  }
  if (problems.length > 0) {
    throw new SettingsError(problems)
  }
  return toSettings(parsed)
}

function findUnknownNames(env: Environment): string[] {
  const known = definitions.flatMap(([, { name, isSecret }]) => (isSecret ? [name, `${name}_FILE`] : [name]))
  return Object.keys(env)
    .filter((name) => name.startsWith('REKEY_') && !name.startsWith('REKEY_TEST_') && !known.includes(name))
    .map((name) => {
      const nearest = nearestWord(name, known)
      const hint = nearest === undefined ? 'docs/configuration.md lists them all' : `did you mean ${nearest}?`
      return `${name}: there is no such setting; ${hint}`
    })
}

function readSetting(
  env: Environment,
  definition: SettingDefinition,
  problems: string[],
): string | number | readonly string[] | undefined {
  const text = readText(env, definition, problems) ?? definition.default
  if (text === undefined) {
    return undefined
  }
  const parsed = parseSetting(definition.type, text)
  if (parsed.ok) {
    return parsed.value
  }
  const found = definition.isSecret ? '' : `, not "${text}"`
  problems.push(`${definition.name}: must be ${describeType(definition.type)}${found}`)
  return undefined
}

function readText(env: Environment, definition: SettingDefinition, problems: string[]): string | undefined {
  const { name, isSecret } = definition
  const value = env[name] || undefined
  const file = isSecret ? env[`${name}_FILE`] || undefined : undefined
  if (file === undefined) {
    return value
  }
  if (value !== undefined) {
    problems.push(`${name} and ${name}_FILE are both set; keep one of them`)
    return undefined
  }
  try {
    // editors and `echo` end the file with a line feed that is no part of the value
    return readFileSync(file, 'utf8').replace(/\r?\n$/, '')
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable'
    problems.push(`${name}_FILE: the file ${file} cannot be read (${reason})`)
    return undefined
  }
}

function toSettings(parsed: ParsedSettings): Settings {
  const text = (field: keyof Settings) => String(parsed[field])
  const number = (field: keyof Settings) => Number(parsed[field])
  const optional = (field: keyof Settings) => (parsed[field] === undefined ? undefined : text(field))
  const masterKey = optional('masterKey')
  const { trustProxy, webhookPrivateHosts } = parsed
  return {
    host: text('host'),
    port: number('port'),
    databaseUrl: new Secret(text('databaseUrl')),
    masterKey: masterKey === undefined ? undefined : new Secret(masterKey),
    publicUrl: optional('publicUrl'),
    logLevel: logLevels.find((level) => level === parsed.logLevel) ?? 'info',
    apiReference: parsed.apiReference === 'off' ? 'off' : 'on',
    trustProxy: Array.isArray(trustProxy) ? trustProxy : [],
    webhookPrivateHosts: Array.isArray(webhookPrivateHosts) ? webhookPrivateHosts : [],
    resetCallDeadlineMs: number('resetCallDeadlineMs') * SECOND_MS,
    resetLeaseGraceMs: number('resetLeaseGraceMs') * SECOND_MS,
    hashParameters: text('hashParameters'),
    hashQueueMax: number('hashQueueMax'),
    databaseConnectionsMax: number('databaseConnectionsMax'),
    breachedPasswordsSource: optional('breachedPasswordsSource'),
  }
}
