import { readFileSync } from 'node:fs'
import { Command } from 'commander'
import { openApp } from '../app.ts'
import { loadSettings } from '../config/load.ts'
import { type OpenedApplyTools, registerApply } from './commands/apply.ts'
import { registerCalibrateHash } from './commands/calibrate-hash.ts'
import { registerCheckGateway } from './commands/check-gateway.ts'
import { registerCheckWebhook } from './commands/check-webhook.ts'
import { registerCreateOwner } from './commands/create-owner.ts'
import { registerDemo } from './commands/demo.ts'
import { registerDoctor } from './commands/doctor.ts'
import { registerEnableUser } from './commands/enable-user.ts'
import { registerEnableWebhook } from './commands/enable-webhook.ts'
import { registerEraseUser } from './commands/erase-user.ts'
import { registerExportAudit } from './commands/export-audit.ts'
import { registerExportUsers } from './commands/export-users.ts'
import { registerImport } from './commands/import.ts'
import { registerListImports } from './commands/list-imports.ts'
import { registerListResets } from './commands/list-resets.ts'
import { registerListWebhooks } from './commands/list-webhooks.ts'
import { registerMigrate } from './commands/migrate.ts'
import { registerPreviewTemplate } from './commands/preview-template.ts'
import { registerResendWebhook } from './commands/resend-webhook.ts'
import { registerResetPassword } from './commands/reset-password.ts'
import { registerServe } from './commands/serve.ts'
import { registerAllowResets, registerStopResets } from './commands/stop-resets.ts'
import { registerUnlock } from './commands/unlock.ts'
import { registerVerifyAudit } from './commands/verify-audit.ts'
import { reportFailure } from './report-failure.ts'

// read, not imported: the path is the same from the sources and from the packed form
const packageJson: { readonly version: string; readonly description: string } = JSON.parse(
  readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
)

/** Runs one command. A failure is told in sentences on standard error and leaves exit code 1. */
export async function main(argv: readonly string[]): Promise<void> {
  const program = createProgram()
  try {
    await program.parseAsync([...argv])
  } catch (error) {
    reportFailure(error, program.opts().json === true)
    process.exitCode = 1
  }
  // everything is closed; time-outs that were set for calls now answered would keep the process for seconds
  process.exit()
}

/** Every command with its options and help. */
export function createProgram(): Command {
  const program = new Command('rekey')
    .description(packageJson.description)
    .version(packageJson.version, '--version', 'print the version')
    .option('--json', 'print results and errors as JSON')
    .helpOption('--help', 'explain a command')
    .helpCommand(false)
    .showHelpAfterError('Add --help to see what there is.')
    .showSuggestionAfterError()
    .addHelpText(
      'after',
      `
Examples:
  rekey demo                       try it on sample data, nothing to set up
  rekey apply -f tenant.yaml       create or change a tenant
  rekey serve                      start the server
  rekey list-resets alice          what became of her password resets
  rekey serve --help               explain one command

Settings come from REKEY_… variables: docs/configuration.md lists them all.`,
    )
  registerServe(program)
  registerApply(program, openApplyTools)
  registerMigrate(program)
  registerCreateOwner(program)
  registerImport(program)
  registerListImports(program)
  registerExportUsers(program)
  registerResetPassword(program)
  registerListResets(program)
  registerUnlock(program)
  registerEnableUser(program)
  registerEraseUser(program)
  registerVerifyAudit(program)
  registerExportAudit(program)
  registerStopResets(program)
  registerAllowResets(program)
  registerCheckGateway(program)
  registerListWebhooks(program)
  registerCheckWebhook(program)
  registerResendWebhook(program)
  registerEnableWebhook(program)
  registerDoctor(program)
  registerCalibrateHash(program)
  registerPreviewTemplate(program)
  registerDemo(program)
  return program
}

async function openApplyTools(): Promise<OpenedApplyTools> {
  const app = await openApp({ settings: loadSettings(process.env) })
  return { ...app.applyTools, close: app.close }
}
