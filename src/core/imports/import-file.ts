import type { Changer } from '../permissions/changed-by.ts'
import { type ImportDeps, importRows } from './import-rows.ts'
import type { FileRow } from './read-users.ts'
import { startRehearsal } from './rehearse-rows.ts'
import {
  noRows,
  ROWS_PER_BATCH_MAX,
  type RowFault,
  type UserImport,
  type UserImportCounts,
} from './user-import.ts'

export interface BatchSettled {
  /** Rows of the file that are settled, those of earlier runs included. */
  readonly position: number
  readonly counts: UserImportCounts
  readonly rows: readonly FileRow[]
  readonly faults: readonly RowFault[]
}

interface FileCall {
  readonly by: Changer
  readonly rows: AsyncIterable<FileRow>
  readonly isStopping: () => boolean
  readonly onBatch: (batch: BatchSettled) => Promise<void> | void
}

/** Settles what is left of a file, batch by batch; it stops between two batches. The import as it is then. */
export async function importFile(
  deps: ImportDeps,
  call: FileCall & { readonly userImport: UserImport },
): Promise<UserImport> {
  let { userImport } = call
  const { by, userImport: begun } = call
  for await (const { rows, firstRow, isLast } of inBatches(call.rows, begun.position)) {
    const settled = await importRows(deps, { by, importId: begun.id, firstRow, rows, isLast })
    userImport = settled.userImport
    const { position, counts } = userImport
    await call.onBatch({ position, counts, rows, faults: settled.faults })
    if (call.isStopping()) {
      break
    }
  }
  return userImport
}

/** Says what `importFile` would do. */
export async function rehearseFile(
  deps: ImportDeps,
  call: FileCall & { readonly isUpdate: boolean },
): Promise<{ readonly counts: UserImportCounts; readonly withoutPassword: number; readonly rows: number }> {
  const rehearsal = await startRehearsal(deps, call.by, call)
  let [counts, withoutPassword, position] = [noRows, 0, 0]
  for await (const { rows } of inBatches(call.rows, 0)) {
    const settled = await rehearsal.settle(rows)
    counts = addCounts(counts, settled.counts)
    withoutPassword += settled.withoutPassword
    position += rows.length
    await call.onBatch({ position, counts, rows, faults: settled.faults })
    if (call.isStopping()) {
      break
    }
  }
  return { counts, withoutPassword, rows: position }
}

interface FileBatch {
  readonly firstRow: number
  readonly rows: readonly FileRow[]
  readonly isLast: boolean
}

/** The last one may be empty: the end of the file is known only behind its last row. */
async function* inBatches(rows: AsyncIterable<FileRow>, settled: number): AsyncGenerator<FileBatch> {
  let number = 0
  let batch: FileRow[] = []
  for await (const row of rows) {
    number += 1
    if (number <= settled) {
      continue
    }
    if (batch.length === ROWS_PER_BATCH_MAX) {
      yield { firstRow: number - batch.length, rows: batch, isLast: false }
      batch = []
    }
    batch.push(row)
  }
  yield { firstRow: number - batch.length + 1, rows: batch, isLast: true }
}

function addCounts(left: UserImportCounts, right: UserImportCounts): UserImportCounts {
  return {
    created: left.created + right.created,
    updated: left.updated + right.updated,
    unchanged: left.unchanged + right.unchanged,
    failed: left.failed + right.failed,
  }
}
