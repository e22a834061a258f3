import type { Route } from '../../../route.ts'
import { getUserImport } from './get-user-import.ts'
import { importUserRows } from './import-user-rows.ts'
import { startUserImport } from './start-user-import.ts'

/** Below `/api/v2/tenant/user-imports`. */
export const userImportRoutes: readonly Route[] = [startUserImport, getUserImport, importUserRows]
