import { ApiError } from '../../errors/api-error.ts'
import type { Tenant } from '../tenants/tenant.ts'
import { completeUser, placeNewUser } from '../users/create-user.ts'
import { planChange } from '../users/modify-user.ts'
import { normaliseKey } from '../users/normalise-key.ts'
import type { PlaceFinder } from '../users/place-user.ts'
import type { User, UserWithCredential } from '../users/user.ts'
import { changedFields } from '../users/with-changes.ts'
import { isRowFault, toFault } from './import-row.ts'
import type { PreparedRow } from './prepare-rows.ts'
import type { TakenValues } from './taken-values.ts'
import type { RowFault } from './user-import.ts'

/** What becomes of a row. */
export type RowPlan =
  | {
      readonly kind: 'refused'
      readonly fault: RowFault
      /** Of a protected person whom the caller may not change. */
      readonly protectedId: string | undefined
    }
  | { readonly kind: 'create'; readonly user: UserWithCredential }
  | { readonly kind: 'change'; readonly before: UserWithCredential; readonly wanted: User }
  | { readonly kind: 'unchanged'; readonly user: UserWithCredential }

export interface PlanView {
  readonly tenant: Tenant
  readonly isUpdate: boolean
  /** Number of the first row. */
  readonly firstRow: number
  /** By the key of the name. Grows by what rows before have made. */
  readonly known: Map<string, UserWithCredential>
  readonly taken: TakenValues
  readonly organizations: PlaceFinder
  /** The time of the change. */
  readonly at: number
  readonly newId: () => string
  /** @throws ApiError USER.9006 */
  readonly requireMayChange: (user: User) => Promise<void>
}

/** Row by row, as if each were a call of its own and the ones before it had been carried out. Writes nothing. */
export async function planRows(view: PlanView, rows: readonly PreparedRow[]): Promise<readonly RowPlan[]> {
  const plans: RowPlan[] = []
  for (const [index, row] of rows.entries()) {
    try {
      plans.push(await planRow(view, row))
    } catch (error) {
      if (!isRowFault(error)) {
        throw error
      }
      const place = { row: view.firstRow + index, line: row.line }
      plans.push({
        kind: 'refused',
        fault: toFault(error, place),
        protectedId: protectedIn(view, row, error),
      })
    }
  }
  return plans
}

function protectedIn(view: PlanView, row: PreparedRow, { code }: ApiError): string | undefined {
  const isProtected = row.kind === 'named' && code === 'USER.9006'
  return isProtected ? view.known.get(normaliseKey(row.userName))?.id : undefined
}

async function planRow(view: PlanView, row: PreparedRow): Promise<RowPlan> {
  if (row.kind === 'refused') {
    throw row.error
  }
  const nameKey = normaliseKey(row.userName)
  const before = view.known.get(nameKey)
  if (before === undefined) {
    const user = await planCreation(view, row)
    view.known.set(nameKey, user)
    return { kind: 'create', user }
  }
  if (!view.isUpdate) {
    throw new ApiError('USER.9002', { detail: 'user_name' })
  }
  await view.requireMayChange(before)
  const planned = await planChange(view.organizations, view.tenant, before, row.changes)
  const wanted = { ...planned, disabled: row.disabled ?? before.disabled }
  if (changedFields(before, wanted).length === 0 && wanted.disabled === before.disabled) {
    return { kind: 'unchanged', user: before }
  }
  view.taken.take(wanted, before)
  view.known.set(nameKey, { ...wanted, credential: before.credential })
  return { kind: 'change', before, wanted }
}

async function planCreation(
  view: PlanView,
  { fresh, changes, credential, disabled, userName }: Extract<PreparedRow, { kind: 'named' }>,
): Promise<UserWithCredential> {
  // before what is wrong with the row: whoever wrote the name of somebody else first needs to know that
  if (view.taken.ownerOfName(userName) !== undefined) {
    throw new ApiError('USER.9002', { detail: 'user_name' })
  }
  if (fresh instanceof ApiError) {
    throw fresh
  }
  if (credential === undefined) {
    throw new ApiError('USER.9002', { detail: 'user_name' }) // had the name until a moment ago
  }
  const place = await placeNewUser(view.organizations, fresh, changes)
  const id = view.newId()
  const placed = { ...fresh, ...place, id, disabled: disabled ?? false }
  view.taken.take(placed, undefined)
  return completeUser(placed, { changes, credential, at: view.at })
}
