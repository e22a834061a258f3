import { SettingsError } from '../config/settings-error.ts'
import { ApiError, publicText } from '../errors/api-error.ts'
import { catalogue, oauthCatalogue } from '../errors/catalogue.ts'
import { StoreUnavailableError } from '../errors/store-error.ts'
import { CommandError } from './command-error.ts'

interface Failure {
  readonly message: string
  readonly problems: readonly string[]
}

/** Tells the operator why a command failed, on standard error: sentences for people, one object for machines. */
export function reportFailure(error: unknown, json: boolean): void {
  const failure = describeFailure(error)
  if (json) {
    console.error(JSON.stringify({ error: failure }))
    return
  }
  console.error([failure.message, ...failure.problems.map((problem) => `  - ${problem}`)].join('\n'))
}

/** What went wrong and what to do about it, without stack traces and without secrets. */
export function describeFailure(error: unknown): Failure {
  if (error instanceof CommandError) {
    return { message: error.message, problems: error.problems }
  }
  if (error instanceof SettingsError) {
    return { message: 'Nothing was started, because the settings are wrong:', problems: error.problems }
  }
  if (error instanceof ApiError) {
    return { message: `${publicText(error.code, 'en', error.params)}. ${remedyOf(error)}`, problems: [] }
  }
  if (error instanceof StoreUnavailableError) {
    return {
      message: `The database cannot be used: ${causeOf(error)}. Check REKEY_DATABASE_URL.`,
      problems: [],
    }
  }
  return { message: describeSystemError(error) ?? `This went wrong: ${textOf(error)}`, problems: [] }
}

/** What the catalogue advises. */
export function remedyOf(error: ApiError): string {
  const entry = Object.entries({ ...catalogue, ...oauthCatalogue }).find(([code]) => code === error.code)
  return entry?.[1].remedy ?? ''
}

/** What operators meet in practice: the port and the files. */
function describeSystemError(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) {
    return undefined
  }
  const path = 'path' in error ? String(error.path) : 'a file'
  switch (error.code) {
    case 'EADDRINUSE':
      return `The address ${addressOf(error)} is taken by another program: stop it, or set REKEY_PORT to another port.`
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `This machine has no address ${addressOf(error)}: set REKEY_HOST to one of its own.`
    case 'EACCES':
      return 'syscall' in error && error.syscall === 'listen'
        ? `This account may not listen at ${addressOf(error)}: set REKEY_PORT to a port from 1024.`
        : `This account may not use ${path}: change its owner or mode, or run as another account.`
    case 'ENOENT':
      return `There is no ${path}: check the path.`
    default:
      return undefined
  }
}

function addressOf(error: Error): string {
  const host = 'address' in error ? String(error.address) : 'hostname' in error ? String(error.hostname) : ''
  return 'port' in error ? `${host}:${String(error.port)}` : host
}

function causeOf(error: Error): string {
  return error.cause === undefined ? error.message : textOf(error.cause)
}

function textOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') {
    return error.errors.map(textOf).join('; ')
  }
  return error instanceof Error ? error.message : String(error)
}
