import type { Command } from 'commander'
import { openApp } from '../../app.ts'
import { loadSettings } from '../../config/load.ts'
import { requireMigrated } from '../require-migrated.ts'
import { catchStopSignal, endOnUncaughtErrors, stopInTime } from '../stop-process.ts'

export function registerServe(program: Command): void {
  program
    .command('serve')
    .description('start the server and keep it running until SIGTERM or SIGINT')
    .helpOption('--help', 'explain this command')
    .addHelpText(
      'after',
      `
The first signal stops gracefully: no new work, what is in flight has 10 seconds. A second one stops at once.

Examples:
  rekey serve
  REKEY_HOST=0.0.0.0 REKEY_PORT=8443 rekey serve
  REKEY_DATABASE_URL=postgres://rekey@db.example/rekey REKEY_MASTER_KEY_FILE=/run/secrets/key rekey serve`,
    )
    .action(async (_options, command: Command) => {
      await serve(command.optsWithGlobals().json === true)
    })
}

/**
 * Starts the server, says where it listens, and returns when it has stopped.
 * @throws SettingsError; CommandError when the database is not migrated
 */
async function serve(json: boolean): Promise<void> {
  const stopSignal = catchStopSignal()
  const app = await openApp({ settings: loadSettings(process.env) })
  endOnUncaughtErrors(app.logger)
  try {
    await requireMigrated(app.store)
    const { url } = await app.listen()
    console.log(json ? JSON.stringify({ url }) : `Rekey listens at ${url}`)
    app.logger.info({ signal: await stopSignal }, 'stopping')
  } finally {
    await stopInTime(app.close, app.logger)
  }
}
