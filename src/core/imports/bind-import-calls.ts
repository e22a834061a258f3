import { ApiError } from '../../errors/api-error.ts'
import type { Caller } from '../permissions/caller.ts'
import { changerOf } from '../permissions/changed-by.ts'
import { isStorableText } from '../users/is-storable-text.ts'
import type { ImportCalls, UserImportView } from './import-calls.ts'
import { type ImportDeps, importRows } from './import-rows.ts'
import { startImport } from './start-import.ts'

const FAULTS_PER_PAGE_MAX = 100

/** The operations on imports of users with what they need already given. */
export function bindImportCalls(deps: ImportDeps): ImportCalls {
  return {
    startUserImport: (caller, options) =>
      startImport(deps, { ...options, by: changerOf(caller), fingerprint: undefined }),
    importUserRows: async (caller, importId, { firstRow, rows }) => {
      requireStorable(importId)
      return await importRows(deps, {
        ...{ by: changerOf(caller), importId, firstRow, isLast: false },
        rows: rows.map((given) => ({ line: undefined, given })),
      })
    },
    findUserImport: (caller, importId, afterRow) => findUserImport(deps, caller, importId, afterRow),
  }
}

/** @throws ApiError IMPORT.9001 the tenant has no such import */
async function findUserImport(
  { store: { read } }: ImportDeps,
  { tenant }: Caller,
  importId: string,
  afterRow: number,
): Promise<UserImportView> {
  requireStorable(importId)
  const userImport = await read.userImports.find(tenant.id, importId)
  if (userImport === undefined) {
    throw new ApiError('IMPORT.9001')
  }
  const span = { afterRow, lastRow: userImport.position, limit: FAULTS_PER_PAGE_MAX }
  return {
    userImport,
    faults: await read.userImports.listFaults(tenant.id, importId, span),
    firstPasswords: await read.firstPasswords.count(tenant.id, importId),
  }
}

/** @throws ApiError IMPORT.9001 no import has such an id */
function requireStorable(importId: string): void {
  if (!isStorableText(importId)) {
    throw new ApiError('IMPORT.9001')
  }
}
