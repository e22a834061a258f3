import { readFile, stat } from 'node:fs/promises'
import type { Command } from 'commander'
import { type ApplyReport, applyTenantFile } from '../../core/tenant-file/apply-tenant-file.ts'
import type { ApplyTools } from '../../core/tenant-file/apply-tools.ts'
import { TENANT_FILE_BYTES_MAX } from '../../core/tenant-file/parse-tenant-file.ts'
import type { Environment } from '../../core/tenant-file/yaml-source.ts'
import { requireMigrated } from '../require-migrated.ts'
import { presentReport } from './present-apply-report.ts'

export interface OpenedApplyTools extends ApplyTools {
  close(): Promise<void>
}

/** Where the command meets the process; an argument, so that tests need none. */
export interface ApplySurroundings {
  readonly openTools: () => Promise<OpenedApplyTools>
  readonly environment: Environment
  readonly print: (text: string) => void
  readonly printError: (text: string) => void
}

export interface ApplyOptions {
  readonly file: string
  readonly dryRun?: boolean
  readonly prune?: boolean
  readonly json?: boolean
}

export function registerApply(program: Command, openTools: () => Promise<OpenedApplyTools>): void {
  program
    .command('apply')
    .description('create or change tenants, users, applications, gateways and settings as a tenant file says')
    .requiredOption('-f, --file <path>', 'the tenant file (docs/tenant-file.md)')
    .option('--dry-run', 'show what would change, and change nothing')
    .option('--prune', 'also remove what the lists of the file do not name')
    .helpOption('--help', 'explain this command')
    .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2))
    .addHelpText(
      'after',
      `
Exit code: 0 done or nothing to do, 1 problems or a first password that was not delivered, 2 called wrongly.

Examples:
  rekey apply -f tenant.yaml --dry-run
  HELPDESK_SECRET=… rekey apply -f tenant.yaml
  rekey apply -f tenant.yaml --prune --json`,
    )
    .action(async (_options, command: Command) => {
      process.exitCode = await runApply(command.optsWithGlobals<ApplyOptions>(), {
        openTools,
        environment: process.env,
        print: console.log,
        printError: console.error,
      })
    })
}

/**
 * Runs the command; its exit code: 0 done, 1 problems or an undelivered password, 2 called wrongly.
 * @throws SettingsError; CommandError when the database is not migrated; StoreUnavailableError
 */
export async function runApply(
  options: ApplyOptions,
  { openTools, environment, print, printError }: ApplySurroundings,
): Promise<0 | 1 | 2> {
  const read = await readTenantFile(options.file)
  if ('complaint' in read) {
    printError(`${options.file} ${read.complaint}`)
    return 2
  }
  const tools = await openTools()
  try {
    await requireMigrated(tools.store)
    const report = await applyTenantFile(tools, {
      file: options.file,
      text: read.content,
      environment,
      isDryRun: options.dryRun === true,
      isPruning: options.prune === true,
    })
    printReport(report, { isJson: options.json === true, print, printError })
    return report.ok ? 0 : 1
  } finally {
    await tools.close()
  }
}

async function readTenantFile(
  path: string,
): Promise<{ readonly content: string } | { readonly complaint: string }> {
  try {
    const { size } = await stat(path)
    if (size > TENANT_FILE_BYTES_MAX) {
      return { complaint: 'is larger than 5 MiB: split it into several' }
    }
    const bytes = await readFile(path)
    return { content: new TextDecoder('utf-8', { fatal: true }).decode(bytes) }
  } catch (error) {
    if (error instanceof TypeError) {
      return { complaint: 'is not UTF-8 text: save it as UTF-8' }
    }
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error'
    return { complaint: `cannot be read: ${code}` }
  }
}

function printReport(
  report: ApplyReport,
  p: { readonly isJson: boolean } & Pick<ApplySurroundings, 'print' | 'printError'>,
): void {
  if (p.isJson) {
    const { isDryRun, ...rest } = report
    p.print(JSON.stringify({ dry_run: isDryRun, ...rest }, undefined, 2))
    return
  }
  const { output, errors } = presentReport(report)
  for (const line of errors) {
    p.printError(line)
  }
  for (const line of output) {
    p.print(line)
  }
}
