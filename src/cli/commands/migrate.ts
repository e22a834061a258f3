import type { Command } from 'commander'
import { openApp } from '../../app.ts'
import { loadSettings } from '../../config/load.ts'

export function registerMigrate(program: Command): void {
  program
    .command('migrate')
    .description('bring the database to this version of Rekey')
    .helpOption('--help', 'explain this command')
    .addHelpText(
      'after',
      `
Migrations go forward only: back up first. A lock makes it harmless to run this twice, or on two machines.
On SQLite "rekey serve" migrates by itself.

Examples:
  REKEY_DATABASE_URL=postgres://rekey@db.example/rekey REKEY_MASTER_KEY_FILE=/run/secrets/key rekey migrate`,
    )
    .action(async (_options, command: Command) => {
      await migrate(command.optsWithGlobals().json === true)
    })
}

/** @throws SettingsError; StoreUnavailableError */
async function migrate(json: boolean): Promise<void> {
  const app = await openApp({ settings: loadSettings(process.env) })
  try {
    const applied = await app.store.migrate()
    if (json) {
      console.log(JSON.stringify({ applied }))
    } else if (applied.length === 0) {
      console.log('The database is up to date.')
    } else {
      console.log(['Applied:', ...applied.map((name) => `  ${name}`)].join('\n'))
    }
  } finally {
    await app.close()
  }
}
