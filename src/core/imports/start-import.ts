import { DuplicateError } from '../../errors/store-error.ts'
import type { Store } from '../../store/store.ts'
import { newId } from '../new-id.ts'
import { type Changer, changedBy } from '../permissions/changed-by.ts'
import type { RandomBytes } from '../randomness.ts'
import { type ImportOptions, noRows, type UserImport } from './user-import.ts'

interface StartDeps {
  readonly store: Store
  readonly random: RandomBytes
}

export interface StartImportCall extends ImportOptions {
  readonly by: Changer
  readonly rowsTotal: number | undefined
  readonly fingerprint: string | undefined
}

/** Starts an import; no row is settled yet. On record. */
export async function startImport({ store, random }: StartDeps, call: StartImportCall): Promise<UserImport> {
  const { by, ...options } = call
  return await store.transaction(async (repositories) => {
    const at = await repositories.now()
    const userImport: UserImport = {
      ...options,
      tenantId: by.tenant.id,
      id: newId(at, random),
      applicationId: by.applicationId,
      position: 0,
      counts: noRows,
      createdAt: at,
      updatedAt: at,
      finishedAt: undefined,
      nextDeliveryAt: undefined,
    }
    await repositories.userImports.insert(userImport)
    await repositories.audit.append({
      ...changedBy(by, 'user_import', userImport.id),
      action: 'user_import.started',
      detail: {
        isUpdate: call.isUpdate,
        ...(call.rowsTotal === undefined ? {} : { rowsTotal: call.rowsTotal }),
        ...(call.sendMode === undefined ? {} : { deliverInitial: call.sendMode }),
      },
    })
    return userImport
  })
}

/** The import of this file with these options: one that was begun before goes on where it stopped. */
export async function continueImport(
  deps: StartDeps,
  call: StartImportCall & { readonly fingerprint: string },
): Promise<UserImport> {
  const find = () => deps.store.read.userImports.findByFingerprint(call.by.tenant.id, call.fingerprint)
  const stored = await find()
  if (stored !== undefined) {
    return stored
  }
  try {
    return await startImport(deps, call)
  } catch (error) {
    const other = error instanceof DuplicateError ? await find() : undefined
    if (other === undefined) {
      throw error
    }
    return other // another process began it at the same moment
  }
}
