import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { type App, openApp } from '../app.ts'
import { loadSettings } from '../config/load.ts'
import type { Settings } from '../config/schema.ts'
import { CommandError } from './command-error.ts'
import { requireMigrated } from './require-migrated.ts'

/**
 * Runs one operator's command over the whole server, without listening, and closes it. Nothing is logged: what there
 * is to say, the command prints.
 * @throws SettingsError; StoreUnavailableError; CommandError when there is no database yet, or an older one
 */
export async function withOperatorApp<T>(
  environment: Readonly<Record<string, string | undefined>>,
  work: (app: App) => Promise<T>,
): Promise<T> {
  const settings = loadSettings(environment)
  const missing = findMissingDatabase(settings)
  if (missing !== undefined) {
    throw new CommandError(
      `There is no database at ${missing} yet: set REKEY_DATABASE_URL, or make one with "rekey apply -f tenant.yaml".`,
    )
  }
  const app = await openApp({ settings: { ...settings, logLevel: 'silent' } })
  try {
    await requireMigrated(app.store)
    return await work(app)
  } finally {
    await app.close()
  }
}

/** The file of an embedded database that is not there: opening it would make an empty one in the wrong place. */
export function findMissingDatabase(settings: Pick<Settings, 'databaseUrl'>): string | undefined {
  const url = settings.databaseUrl.reveal()
  const file = url.startsWith('sqlite:') ? resolve(url.slice('sqlite:'.length)) : undefined
  return file === undefined || existsSync(file) ? undefined : file
}
