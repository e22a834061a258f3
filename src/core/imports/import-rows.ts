import { ApiError } from '../../errors/api-error.ts'
import type { Repositories, Store } from '../../store/store.ts'
import { newId } from '../new-id.ts'
import type { NoticeTools } from '../notices/write-notice.ts'
import type { PasswordHasher } from '../password/password-hasher.ts'
import type { PasswordJudges } from '../password/password-judges.ts'
import { type Changer, changedBy } from '../permissions/changed-by.ts'
import { requireMayChange } from '../permissions/require-may-change.ts'
import type { Tenant } from '../tenants/tenant.ts'
import { sketchUser } from '../users/create-user.ts'
import { normaliseKey } from '../users/normalise-key.ts'
import type { User, UserWithCredential } from '../users/user.ts'
import type { ImportRow } from './import-row.ts'
import { type PlanView, planRows, type RowPlan } from './plan-rows.ts'
import { type PreparedRow, prepareRows } from './prepare-rows.ts'
import { queueFirstPasswords } from './queue-first-passwords.ts'
import { rememberPlaces } from './remember-places.ts'
import { createTakenValues } from './taken-values.ts'
import { noRows, type RowFault, type UserImport, type UserImportCounts } from './user-import.ts'
import { writeRows } from './write-rows.ts'

export interface ImportDeps extends NoticeTools {
  readonly store: Store
  readonly hasher: PasswordHasher
  readonly judges: PasswordJudges
}

export interface ImportRowsCall {
  readonly by: Changer
  readonly importId: string
  /** Number of the first of the rows, from 1. */
  readonly firstRow: number
  /** At most `ROWS_PER_BATCH_MAX`. */
  readonly rows: readonly ImportRow[]
  /** No row comes after these. */
  readonly isLast: boolean
}

export interface RowsImported {
  readonly userImport: UserImport
  /** Of the rows of this call. */
  readonly faults: readonly RowFault[]
}

/**
 * Settles rows of an import in one transaction: users, what is on record about them, refused rows, whose first password
 * waits, and how far the import has come. So whatever becomes of this process, each row is settled once. Rows that are
 * settled already are passed over, and answered as the first time.
 * @throws ApiError IMPORT.9001; IMPORT.9003 rows are missing before these; IMPORT.9004 more than announced; REQUEST.9011
 */
export async function importRows(deps: ImportDeps, call: ImportRowsCall): Promise<RowsImported> {
  const tenant = (await deps.store.read.tenants.find(call.by.tenant.id)) ?? call.by.tenant
  const by = { ...call.by, tenant }
  const stored = await deps.store.read.userImports.find(tenant.id, call.importId)
  const { skipped } = requireFollows(stored, call)
  const prepared = await prepareRows({ ...deps, read: deps.store.read }, tenant, call.rows.slice(skipped))
  return await deps.store.transaction(async (repositories) => {
    const userImport = await repositories.userImports.lock(tenant.id, call.importId)
    const now = requireFollows(userImport, call)
    const rows = prepared.slice(now.skipped - skipped)
    const firstRow = call.firstRow + now.skipped
    const batch = { deps, by, userImport: now.userImport, firstRow, rows, isLast: call.isLast }
    const advanced = await settleBatch(repositories, batch)
    return { userImport: advanced, faults: await listFaultsOf(repositories, call) }
  })
}

async function listFaultsOf(
  { userImports }: Repositories,
  { by, importId, firstRow, rows }: ImportRowsCall,
): Promise<readonly RowFault[]> {
  const span = { afterRow: firstRow - 1, lastRow: firstRow + rows.length - 1, limit: rows.length }
  return rows.length === 0 ? [] : await userImports.listFaults(by.tenant.id, importId, span)
}

function requireFollows(
  userImport: UserImport | undefined,
  { by, firstRow, rows }: ImportRowsCall,
): { readonly userImport: UserImport; readonly skipped: number } {
  if (userImport === undefined || userImport.applicationId !== by.applicationId) {
    throw new ApiError('IMPORT.9001')
  }
  const { position, rowsTotal } = userImport
  if (firstRow > position + 1) {
    throw new ApiError('IMPORT.9003', { params: [position + 1], detail: String(position + 1) })
  }
  if (rowsTotal !== undefined && firstRow + rows.length - 1 > rowsTotal) {
    throw new ApiError('IMPORT.9004', { params: [rowsTotal], detail: 'rows_total' })
  }
  return { userImport, skipped: Math.min(rows.length, position + 1 - firstRow) }
}

interface Batch {
  readonly deps: ImportDeps
  readonly by: Changer
  readonly userImport: UserImport
  readonly firstRow: number
  readonly rows: readonly PreparedRow[]
  readonly isLast: boolean
}

async function settleBatch(repositories: Repositories, batch: Batch): Promise<UserImport> {
  const { deps, by, userImport, rows, isLast } = batch
  const position = userImport.position + rows.length
  const isFinished = isLast || position === userImport.rowsTotal
  if (rows.length === 0 && (!isFinished || userImport.finishedAt !== undefined)) {
    return userImport
  }
  const view = await openView(repositories, batch)
  const plans = await planRows(view, rows)
  await writeRows({ repositories, notices: deps, by }, plans)
  await recordRefusals(repositories, by, plans)
  const waiting = await queueFirstPasswords(repositories, { userImport, plans, at: view.at })
  const { tenantId, id } = userImport
  await repositories.userImports.insertFaults({ tenantId, id }, faultsOf(plans))
  const step = {
    position,
    counts: countPlans(plans),
    at: view.at,
    finishedAt: isFinished ? view.at : undefined,
    nextDeliveryAt: waiting > 0 ? (userImport.nextDeliveryAt ?? view.at) : undefined,
  }
  await repositories.userImports.advance(userImport, step)
  return (await repositories.userImports.find(tenantId, id)) ?? userImport
}

/** Locks who may be changed, keeps organisations, claims the time of the change, and only then asks what is taken. */
async function openView(
  repositories: Repositories,
  { deps, by, userImport, firstRow, rows }: Batch,
): Promise<PlanView> {
  const { tenant } = by
  const { users, organizations } = repositories
  const named = rows.filter((row) => row.kind === 'named')
  const known = userImport.isUpdate ? await lockKnown(repositories, tenant.id, named) : new Map()
  const places = rememberPlaces(organizations)
  await keepPlaces(places, tenant.id, named)
  const at = await users.claimChangeTime(tenant.id)
  const definitions = ((await repositories.tenants.find(tenant.id)) ?? tenant).settings.attributes.users
  const taken = createTakenValues(repositories, tenant.id, definitions)
  await taken.lookUp(named.map(wantedOf(tenant)))
  const ids = Array.from({ length: rows.length }, () => newId(at, deps.random))
    .toSorted()
    .values()
  return {
    ...{ tenant, isUpdate: userImport.isUpdate, firstRow, known, taken, organizations: places, at },
    newId: () => ids.next().value ?? newId(at, deps.random), // in the order of the rows, like their ids
    requireMayChange: (user) => requireMayChange(repositories, user, by.applicationId),
  }
}

type NamedRow = Extract<PreparedRow, { kind: 'named' }>

/** What the row would make of a new user: whose values are asked for. */
export function wantedOf(tenant: Tenant): (row: NamedRow) => User {
  return ({ userName, changes, fresh }) =>
    fresh instanceof ApiError ? sketchUser(tenant.id, userName, changes) : fresh
}

async function lockKnown(
  { users }: Repositories,
  tenantId: string,
  named: readonly NamedRow[],
): Promise<Map<string, UserWithCredential>> {
  const keys = named.map(({ userName }) => normaliseKey(userName))
  const owners = await users.findOwners(tenantId, 'userName', keys)
  const locked = await users.lockAll(tenantId, [...owners.values()])
  return new Map(locked.map((user) => [normaliseKey(user.userName), user]))
}

/** All of the batch in one order, so that two batches wait for nobody in a circle. */
async function keepPlaces(
  places: PlanView['organizations'],
  tenantId: string,
  named: readonly NamedRow[],
): Promise<void> {
  const codes = named.flatMap(({ changes }) => [
    ...(changes.organizationCode ? [changes.organizationCode] : []),
    ...(changes.relations ?? []).map(({ organizationCode }) => organizationCode),
  ])
  const ids = new Set((await places.findIds(tenantId, codes)).values())
  const root = await places.findFirstRoot(tenantId)
  for (const id of [...ids, ...(root === undefined ? [] : [root])].toSorted()) {
    await places.lockForMember(tenantId, id)
  }
}

/** An application that tried to change a protected person is on record for it. */
async function recordRefusals(
  { audit }: Repositories,
  by: Changer,
  plans: readonly RowPlan[],
): Promise<void> {
  const refused = plans.flatMap((plan) =>
    plan.kind === 'refused' && plan.protectedId !== undefined ? [plan.protectedId] : [],
  )
  await audit.appendAll(
    refused.map((userId) => ({
      ...changedBy(by, 'user', userId),
      action: 'user.change_refused',
      detail: { operation: 'import', reason: 'protected_user' },
    })),
  )
}

function faultsOf(plans: readonly RowPlan[]): readonly RowFault[] {
  return plans.flatMap((plan) => (plan.kind === 'refused' ? [plan.fault] : []))
}

const countNames = {
  create: 'created',
  change: 'updated',
  unchanged: 'unchanged',
  refused: 'failed',
} as const

export function countPlans(plans: readonly RowPlan[]): UserImportCounts {
  const counts: Record<keyof UserImportCounts, number> = { ...noRows }
  for (const { kind } of plans) {
    counts[countNames[kind]] += 1
  }
  return counts
}
