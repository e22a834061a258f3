import { createHash, randomUUID } from 'node:crypto'
import { type Command, InvalidArgumentError, Option } from 'commander'
import type { App } from '../../app.ts'
import { importFile, rehearseFile } from '../../core/imports/import-file.ts'
import { readUserFile, UserFileError } from '../../core/imports/read-users.ts'
import { continueImport } from '../../core/imports/start-import.ts'
import {
  PER_MINUTE_DEFAULT,
  PER_MINUTE_MAX,
  type RowFault,
  type UserImport,
} from '../../core/imports/user-import.ts'
import type { SendMode, Tenant } from '../../core/tenants/tenant.ts'
import { CommandError } from '../command-error.ts'
import { findTenant } from '../find-subject.ts'
import { type ImportSource, openImportSource } from '../import-source.ts'
import { withOperatorApp } from '../open-operator-app.ts'
import { reportFailure } from '../report-failure.ts'
import { count, type Progress, showProgress } from '../show-progress.ts'
import { catchStopSignal } from '../stop-process.ts'
import { openErrorsFile } from '../write-errors.ts'
import { FAULTS_SHOWN_MAX, type ImportReport, importAsJson, presentImport } from './present-import.ts'

interface Options {
  readonly tenant?: string
  readonly dryRun?: boolean
  readonly update?: boolean
  readonly deliverInitial?: SendMode
  readonly perMinute: number
  readonly errors?: string
  readonly json?: boolean
}

export function registerImport(program: Command): void {
  program
    .command('import')
    .description('create users, or change them, from a CSV file; it can be stopped and goes on where it was')
    .argument('<file>', 'the file, or - for standard input')
    .option('--tenant <code>', 'the tenant; may be left out when there is one only')
    .option('--dry-run', 'say what would happen, and change nothing')
    .option('--update', 'change users who are there already; otherwise their rows are refused')
    .addOption(
      new Option('--deliver-initial <mode>', 'send people without a password their first one').choices([
        'EMAIL',
        'SMS',
      ]),
    )
    .option('--per-minute <count>', 'first passwords a minute', parsePerMinute, PER_MINUTE_DEFAULT)
    .option('--errors <file>', 'write the refused rows to a file, to correct and import')
    .helpOption('--help', 'explain this command')
    .addHelpText(
      'after',
      `
The first line names the columns, as the API names the fields: user_name, name, mobile, email, org_code,
employee_id, …, extension.CODE, disabled, pwd_must_modify, password. Only user_name must be there.
An empty cell leaves a field as it is; \\N takes its value away. docs/operations/import-and-export.md says more.
The same command on the same file goes on where it stopped, and imports nothing twice.
First passwords are sent by the running server ("rekey serve"); the command does not wait for them.
Exit code: 0 every row is imported, 1 some rows were refused or it was stopped, 2 nothing could be read.

Examples:
  rekey import users.csv --dry-run
  rekey import users.csv --errors refused.csv
  rekey import users.csv --update --deliver-initial EMAIL --per-minute 120
  rekey export-users | rekey import - --tenant other`,
    )
    .action(async (file: string, _options, command: Command) => {
      process.exitCode = await runImport(file, command.optsWithGlobals<Options>())
    })
}

async function runImport(file: string, options: Options): Promise<0 | 1 | 2> {
  let source: ImportSource | undefined
  try {
    source = await openImportSource(file, process.stdin)
    const opened = source
    return await withOperatorApp(process.env, (app) => importFrom(app, file, opened, options))
  } catch (error) {
    const failure = error instanceof UserFileError ? unreadable(file, error) : error
    reportFailure(failure, options.json === true)
    return failure instanceof CommandError || source === undefined ? 2 : 1
  } finally {
    await source?.close()
  }
}

function unreadable(file: string, { problems }: UserFileError): CommandError {
  return new CommandError(`${nameOf(file)} cannot be imported:`, { problems })
}

function nameOf(file: string): string {
  return file === '-' ? 'Standard input' : file
}

interface Run {
  readonly app: App
  readonly tenant: Tenant
  readonly file: string
  readonly source: ImportSource
  readonly options: Options
}

async function importFrom(app: App, file: string, source: ImportSource, options: Options): Promise<0 | 1> {
  const tenant = await findTenant(app.store, options.tenant)
  const run = { app, tenant, file, source, options }
  const report = options.dryRun === true ? await rehearse(run) : await importReally(run)
  console.log(
    options.json === true
      ? JSON.stringify(importAsJson(report), undefined, 2)
      : presentImport(report).join('\n'),
  )
  return report.isFinished && report.counts.failed === 0 ? 0 : 1
}

async function rehearse(run: Run): Promise<ImportReport> {
  const { app, options, tenant } = run
  const { file, progress, isStopping, startedMs } = await openRun(run, 0)
  const errors = options.errors === undefined ? undefined : await openErrorsFile(options.errors, file.header)
  const faults: RowFault[] = []
  const by = { tenant, applicationId: undefined, requestId: randomUUID() }
  const rehearsed = await rehearseFile(app.importTools, {
    ...{ by, rows: file.rows, isUpdate: options.update === true, isStopping },
    onBatch: async (batch) => {
      const firstRow = batch.position - batch.rows.length + 1
      for (const fault of batch.faults) {
        const row = batch.rows[fault.row - firstRow]
        await (row && errors?.add(row, fault))
        faults.push(...(faults.length < FAULTS_SHOWN_MAX ? [fault] : []))
      }
      progress.update(batch.position, file.partRead())
    },
  })
  progress.end()
  await errors?.close()
  const { counts, rows, withoutPassword } = rehearsed
  return {
    ...{
      file: run.file,
      tenantCode: tenant.code,
      isDryRun: true,
      userImport: undefined,
      counts,
      rows,
      faults,
    },
    rowsBefore: 0,
    isFinished: !isStopping(),
    errorsFile: errors && options.errors,
    firstPasswords:
      options.deliverInitial === undefined || withoutPassword === 0
        ? []
        : [{ state: 'waiting', reason: undefined, total: withoutPassword }],
    seconds: (performance.now() - startedMs) / 1_000,
  }
}

async function importReally(run: Run): Promise<ImportReport> {
  const { app, options, tenant, source } = run
  const by = { tenant, applicationId: undefined, requestId: randomUUID() }
  const [isUpdate, sendMode] = [options.update === true, options.deliverInitial]
  await readUserFile(source.open(), tenant.settings.attributes.users) // a file that is none begins no import
  const fingerprint = fingerprintOf(source, isUpdate, sendMode)
  const begun = await continueImport(app.importTools, {
    ...{ by, fingerprint, isUpdate, sendMode, perMinute: options.perMinute, rowsTotal: undefined },
  })
  tellBegun(begun, options.json === true)
  const { file, progress, isStopping, startedMs } = await openRun(run, begun.position)
  const userImport =
    begun.finishedAt === undefined
      ? await importFile(app.importTools, {
          ...{ by, userImport: begun, rows: file.rows, isStopping },
          onBatch: ({ position }) => progress.update(position, file.partRead()),
        })
      : begun
  progress.end()
  const seconds = (performance.now() - startedMs) / 1_000
  const errorsFile = await writeErrors(run, userImport)
  const { read } = app.store
  const shown = { afterRow: 0, lastRow: userImport.position, limit: FAULTS_SHOWN_MAX }
  return {
    ...{ file: run.file, tenantCode: tenant.code, isDryRun: false, userImport, counts: userImport.counts },
    ...{ rows: userImport.position, rowsBefore: begun.position, seconds, errorsFile },
    isFinished: userImport.finishedAt !== undefined,
    faults: await read.userImports.listFaults(tenant.id, userImport.id, shown),
    firstPasswords: await read.firstPasswords.count(tenant.id, userImport.id),
  }
}

/** What makes it the same import: not how fast passwords leave, nor where errors go. */
function fingerprintOf(source: ImportSource, isUpdate: boolean, sendMode: SendMode | undefined): string {
  const what = JSON.stringify({ digest: source.digest, isUpdate, sendMode: sendMode ?? null })
  return createHash('sha256').update(what).digest('hex')
}

function tellBegun({ position, finishedAt }: UserImport, isJson: boolean): void {
  if (isJson || position === 0) {
    return
  }
  console.error(
    finishedAt === undefined
      ? `This file was begun before: going on behind row ${count(position)}.`
      : 'This file was imported before, with the same options: nothing is done twice.',
  )
}

async function openRun({ source, tenant, options }: Run, rowsBefore: number) {
  let bytesRead = 0
  async function* counted() {
    for await (const chunk of source.open()) {
      bytesRead += chunk.length
      yield chunk
    }
  }
  const file = await readUserFile(counted(), tenant.settings.attributes.users)
  let isStopped = false
  void catchStopSignal().then(() => {
    isStopped = true
  })
  const silent: Progress = { update: () => undefined, end: () => undefined }
  const monotonicMs = () => performance.now()
  return {
    file: { ...file, partRead: () => bytesRead / Math.max(1, source.bytes) },
    progress:
      options.json === true ? silent : showProgress(process.stderr, monotonicMs, { rows: rowsBefore }),
    isStopping: () => isStopped,
    startedMs: performance.now(),
  }
}

const FAULTS_A_PAGE = 1_000

/** From the beginning each time: what earlier runs refused is in it, and nothing twice. */
async function writeErrors(
  { app, options, source, tenant }: Run,
  { id, position, counts }: UserImport,
): Promise<string | undefined> {
  if (options.errors === undefined || counts.failed === 0) {
    return undefined
  }
  const { header, rows } = await readUserFile(source.open(), tenant.settings.attributes.users)
  const errors = await openErrorsFile(options.errors, header)
  const { userImports } = app.store.read
  const page = (afterRow: number) =>
    userImports.listFaults(tenant.id, id, { afterRow, lastRow: position, limit: FAULTS_A_PAGE })
  let faults = [...(await page(0))]
  let number = 0
  for await (const row of rows) {
    number += 1
    const [next] = faults
    if (next?.row === number) {
      await errors.add(row, next)
      faults.shift()
      faults = faults.length === 0 ? [...(await page(number))] : faults
    }
    if (faults.length === 0) {
      break
    }
  }
  await errors.close()
  return options.errors
}

function parsePerMinute(text: string): number {
  const perMinute = /^\d{1,4}$/.test(text) ? Number(text) : 0
  if (perMinute < 1 || perMinute > PER_MINUTE_MAX) {
    throw new InvalidArgumentError(`It must be a whole number from 1 to ${PER_MINUTE_MAX}.`)
  }
  return perMinute
}
