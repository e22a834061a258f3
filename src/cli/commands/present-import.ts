import type { FirstPasswordCount } from '../../core/imports/first-password.ts'
import type { RowFault, UserImport, UserImportCounts } from '../../core/imports/user-import.ts'
import { publicText } from '../../errors/api-error.ts'
import { fitLine } from '../fit-line.ts'
import { count } from '../show-progress.ts'

/** Refused rows on the screen; a file has them all. */
export const FAULTS_SHOWN_MAX = 20

export interface ImportReport {
  readonly file: string
  readonly tenantCode: string
  readonly isDryRun: boolean
  /** Undefined: a dry run. */
  readonly userImport: UserImport | undefined
  readonly counts: UserImportCounts
  /** Rows that earlier runs had settled. */
  readonly rowsBefore: number
  readonly rows: number
  readonly isFinished: boolean
  /** The first ones, of all runs. */
  readonly faults: readonly RowFault[]
  readonly errorsFile: string | undefined
  readonly firstPasswords: readonly FirstPasswordCount[]
  readonly seconds: number
}

/** What became of the rows, for people; one screen at most. */
export function presentImport(report: ImportReport): readonly string[] {
  const { counts, isDryRun, rows, rowsBefore, seconds } = report
  const would = isDryRun ? 'would be ' : ''
  const now = rows - rowsBefore
  return [
    ...report.faults.slice(0, FAULTS_SHOWN_MAX).map((fault) => fitLine(`  ${presentFault(fault)}`)),
    ...(counts.failed > FAULTS_SHOWN_MAX ? [`  … and ${count(counts.failed - FAULTS_SHOWN_MAX)} more`] : []),
    `${count(rows)} rows${now < rows ? ` (${count(rowsBefore)} of them before)` : ''} in ${seconds.toFixed(1)} s:`,
    `  ${count(counts.created).padStart(9)} ${would}created`,
    ...(counts.updated > 0 ? [`  ${count(counts.updated).padStart(9)} ${would}changed`] : []),
    ...(counts.unchanged > 0
      ? [`  ${count(counts.unchanged).padStart(9)} are as they should be already`]
      : []),
    ...(counts.failed > 0 ? [`  ${count(counts.failed).padStart(9)} ${would}refused`] : []),
    ...presentFirstPasswords(report),
    ...presentEnd(report),
  ]
}

/** `line 17, email: USER.9004 The email is taken` */
export function presentFault({ line, row, field, code, params }: RowFault): string {
  const place = line === undefined ? `row ${row}` : `line ${line}`
  return `${place}${field === '' ? '' : `, ${field}`}: ${code} ${publicText(code, 'en', params)}`
}

export function presentFirstPasswords({
  firstPasswords,
  userImport,
}: Pick<ImportReport, 'firstPasswords' | 'userImport'>): readonly string[] {
  if (firstPasswords.length === 0 || userImport?.sendMode === undefined) {
    return []
  }
  const words = {
    waiting: `waiting: a running "rekey serve" sends at most ${userImport.perMinute} a minute`,
    delivered: 'delivered',
    failed: 'failed',
    not_needed: 'not needed any more',
  } as const
  return [
    `First passwords by ${userImport.sendMode}:`,
    ...firstPasswords.map(({ state, reason, total }) =>
      fitLine(`  ${count(total).padStart(9)} ${words[state]}${reason === undefined ? '' : ` (${reason})`}`),
    ),
  ]
}

function presentEnd(report: ImportReport): readonly string[] {
  if (!report.isFinished) {
    return [
      report.isDryRun
        ? 'Stopped. Nothing was changed.'
        : 'Stopped after a whole batch. Run the same command again: it goes on where it stopped.',
    ]
  }
  return [
    ...(report.isDryRun ? ['Nothing was changed: this was a dry run.'] : []),
    ...(report.counts.failed === 0
      ? []
      : [
          report.errorsFile === undefined
            ? 'Run it again with --errors FILE for a file of the refused rows, to correct and import.'
            : `The refused rows are in ${report.errorsFile}: correct them there, and import that file.`,
        ]),
  ]
}

/** The same for machines. */
export function importAsJson(report: ImportReport): object {
  const { userImport, counts } = report
  return {
    ok: report.isFinished && counts.failed === 0,
    dry_run: report.isDryRun,
    import_id: userImport?.id ?? null,
    tenant: report.tenantCode,
    finished: report.isFinished,
    rows: report.rows,
    rows_before: report.rowsBefore,
    created: counts.created,
    updated: counts.updated,
    unchanged: counts.unchanged,
    failed: counts.failed,
    errors: report.faults.slice(0, FAULTS_SHOWN_MAX).map((fault) => ({
      row: fault.row,
      line: fault.line ?? null,
      field: fault.field,
      code: fault.code,
      message: publicText(fault.code, 'en', fault.params),
    })),
    errors_file: report.errorsFile ?? null,
    first_passwords: firstPasswordsAsJson(report.firstPasswords),
    seconds: Number(report.seconds.toFixed(1)),
  }
}

export function firstPasswordsAsJson(counts: readonly FirstPasswordCount[]): readonly object[] {
  return counts.map(({ state, reason, total }) => ({ state, reason: reason ?? null, total }))
}
