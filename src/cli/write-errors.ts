import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { readDefused } from '../core/imports/defuse-formula.ts'
import type { FileRow } from '../core/imports/read-users.ts'
import { faultColumns } from '../core/imports/user-columns.ts'
import type { RowFault } from '../core/imports/user-import.ts'
import { BYTE_ORDER_MARK, writeCsvRecord } from '../core/imports/write-csv.ts'
import { publicText } from '../errors/api-error.ts'

export interface ErrorsFile {
  /** A refused row as it stood, and why. */
  add(row: FileRow, fault: RowFault): Promise<void>
  close(): Promise<void>
}

/** A file of refused rows, which can be corrected and imported; it holds what the rows hold, so only its owner reads it. */
export async function openErrorsFile(path: string, header: readonly string[]): Promise<ErrorsFile> {
  const file = createWriteStream(path, { mode: 0o600 })
  await once(file, 'open')
  const kept = header.flatMap((name, index) =>
    faultColumns.some((column) => column === name) ? [] : [{ name, index }],
  )
  file.write(BYTE_ORDER_MARK + writeCsvRecord([...kept.map(({ name }) => name), ...faultColumns]))
  return {
    async add(row, { line, row: number, field, code, params }) {
      // as it was written: read and written once more it is the same cell
      const cells = kept.map(({ index }) => readDefused(row.cells?.[index] ?? ''))
      const why = [String(line ?? number), field, code, publicText(code, 'en', params)]
      if (!file.write(writeCsvRecord([...cells, ...why]))) {
        await once(file, 'drain')
      }
    },
    async close() {
      file.end()
      await once(file, 'close')
    },
  }
}
