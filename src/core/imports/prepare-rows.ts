import { ApiError } from '../../errors/api-error.ts'
import type { Repositories } from '../../store/store.ts'
import type { PasswordHasher } from '../password/password-hasher.ts'
import type { PasswordJudges } from '../password/password-judges.ts'
import type { Tenant } from '../tenants/tenant.ts'
import { checkUserChanges } from '../users/check-user-changes.ts'
import { makeCredential, requireNewUser } from '../users/create-user.ts'
import { normaliseKey } from '../users/normalise-key.ts'
import type { Credential, User } from '../users/user.ts'
import type { UserChanges } from '../users/user-calls.ts'
import { type ImportRow, isRowFault } from './import-row.ts'

/** A row as far as it can be judged by itself. */
export type PreparedRow = { readonly line: number | undefined } & (
  | { readonly kind: 'refused'; readonly error: ApiError }
  | {
      readonly kind: 'named'
      readonly userName: string
      readonly changes: UserChanges
      readonly disabled: boolean | undefined
      /** What a new user would be, or why there cannot be one. */
      readonly fresh: User | ApiError
      /** Of a new user; undefined: there cannot be one. */
      readonly credential: Credential | undefined
    }
)

export interface PrepareDeps {
  readonly read: Pick<Repositories, 'users'>
  readonly hasher: PasswordHasher
  readonly judges: PasswordJudges
}

const HASHES_AT_ONCE = 4 // the hasher bounds the cores; more only fills its queue

/** Everything that needs no transaction, passwords above all: judging and hashing takes most of the time. */
export async function prepareRows(
  deps: PrepareDeps,
  tenant: Tenant,
  rows: readonly ImportRow[],
): Promise<readonly PreparedRow[]> {
  const checked = rows.map((row) => checkRow(tenant, row))
  const known = await findKnown(deps, tenant.id, checked)
  const prepared: PreparedRow[] = []
  const waiting = checked.entries()
  const work = async () => {
    for (const [index, row] of waiting) {
      prepared[index] =
        row.kind === 'refused'
          ? row
          : await addCredential(deps, tenant, { ...row, isKnown: known.has(normaliseKey(row.userName)) })
    }
  }
  await Promise.all(Array.from({ length: HASHES_AT_ONCE }, work))
  return prepared
}

type CheckedRow =
  | Extract<PreparedRow, { kind: 'refused' }>
  | (Omit<Extract<PreparedRow, { kind: 'named' }>, 'credential'> & {
      readonly password: Parameters<typeof makeCredential>[3]
    })

function checkRow(tenant: Tenant, { line, given }: ImportRow): CheckedRow {
  if (given instanceof ApiError) {
    return { kind: 'refused', line, error: given }
  }
  try {
    const { disabled, password, ...written } = given
    const changes = checkUserChanges(written)
    const { userName } = changes
    if (!userName) {
      throw new ApiError('USER.9007', { params: ['user_name'], detail: 'user_name' })
    }
    const fresh = asRowFault(() => requireNewUser(tenant, changes))
    return { kind: 'named', line, userName, changes, disabled, fresh, password }
  } catch (error) {
    if (isRowFault(error)) {
      return { kind: 'refused', line, error }
    }
    throw error
  }
}

function asRowFault<T>(make: () => T): T | ApiError {
  try {
    return make()
  } catch (error) {
    if (isRowFault(error)) {
      return error
    }
    throw error
  }
}

/** Names that somebody has already: nothing is hashed for them. */
async function findKnown(
  { read }: PrepareDeps,
  tenantId: string,
  rows: readonly CheckedRow[],
): Promise<ReadonlyMap<string, string>> {
  const names = rows.flatMap((row) =>
    row.kind === 'named' && row.password ? [normaliseKey(row.userName)] : [],
  )
  return await read.users.findOwners(tenantId, 'userName', names)
}

async function addCredential(
  deps: PrepareDeps,
  tenant: Tenant,
  row: Extract<CheckedRow, { kind: 'named' }> & { readonly isKnown: boolean },
): Promise<PreparedRow> {
  const { password, isKnown, ...named } = row
  if (named.fresh instanceof ApiError || (password !== undefined && isKnown)) {
    return { ...named, credential: undefined }
  }
  try {
    return { ...named, credential: await makeCredential(deps, tenant, named.fresh, password) }
  } catch (error) {
    if (isRowFault(error)) {
      return { ...named, fresh: error, credential: undefined }
    }
    throw error
  }
}
