import { newId } from '../new-id.ts'
import type { Changer } from '../permissions/changed-by.ts'
import { requireMayChange } from '../permissions/require-may-change.ts'
import { normaliseKey } from '../users/normalise-key.ts'
import type { UserWithCredential } from '../users/user.ts'
import type { ImportRow } from './import-row.ts'
import { countPlans, type ImportDeps, wantedOf } from './import-rows.ts'
import { type PlanView, planRows, type RowPlan } from './plan-rows.ts'
import { prepareRows } from './prepare-rows.ts'
import { rememberPlaces } from './remember-places.ts'
import { createTakenValues } from './taken-values.ts'
import type { RowFault, UserImportCounts } from './user-import.ts'

export interface Rehearsal {
  /** What would become of the rows, those of the calls before being carried out. */
  settle(rows: readonly ImportRow[]): Promise<{
    readonly counts: UserImportCounts
    readonly faults: readonly RowFault[]
    readonly withoutPassword: number
  }>
}

/**
 * Says what an import would do, by the same rules, and writes nothing. It remembers what rows before would have made:
 * names and contacts of all, and with updates the records too.
 */
export async function startRehearsal(
  deps: ImportDeps,
  by: Changer,
  { isUpdate }: { readonly isUpdate: boolean },
): Promise<Rehearsal> {
  const { read } = deps.store
  const { tenant } = by
  const taken = createTakenValues(read, tenant.id, tenant.settings.attributes.users)
  const organizations = rememberPlaces({
    findIds: read.organizations.findIds,
    findFirstRoot: read.organizations.findFirstRoot,
    lockForMember: async (tenantId, id) => (await read.organizations.find(tenantId, id)) !== undefined,
  })
  const remembered = new Map<string, UserWithCredential>()
  const at = await read.now()
  let firstRow = 1
  return {
    async settle(rows) {
      const prepared = await prepareRows({ ...deps, read }, tenant, rows)
      const named = prepared.filter((row) => row.kind === 'named')
      const known = new Map<string, UserWithCredential>()
      const view: PlanView = {
        ...{ tenant, isUpdate, firstRow, known, taken, organizations, at },
        newId: () => newId(at, deps.random),
        requireMayChange: (user) => requireMayChange(read, user, by.applicationId),
      }
      await taken.lookUp(named.map(wantedOf(tenant)))
      if (isUpdate) {
        const keys = named.map(({ userName }) => normaliseKey(userName))
        await findKnown(read.users, keys, view, remembered)
      }
      const plans = await planRows(view, prepared)
      if (isUpdate) {
        remember(remembered, plans)
      }
      firstRow += rows.length
      return {
        counts: countPlans(plans),
        faults: plans.flatMap((plan) => (plan.kind === 'refused' ? [plan.fault] : [])),
        withoutPassword: plans.filter(
          (plan) => plan.kind === 'create' && plan.user.credential.digest === undefined,
        ).length,
      }
    },
  }
}

async function findKnown(
  users: ImportDeps['store']['read']['users'],
  keys: readonly string[],
  { known, tenant }: PlanView,
  remembered: ReadonlyMap<string, UserWithCredential>,
): Promise<void> {
  const owners = await users.findOwners(tenant.id, 'userName', keys)
  for (const key of keys) {
    const id = owners.get(key)
    const user =
      remembered.get(key) ?? (id === undefined ? undefined : await users.findWithCredential(tenant.id, id))
    if (user !== undefined) {
      known.set(key, user)
    }
  }
}

function remember(remembered: Map<string, UserWithCredential>, plans: readonly RowPlan[]): void {
  for (const plan of plans) {
    if (plan.kind === 'create') {
      remembered.set(normaliseKey(plan.user.userName), plan.user)
    } else if (plan.kind === 'change') {
      const { credential } = plan.before
      remembered.set(normaliseKey(plan.wanted.userName), { ...plan.wanted, credential })
    }
  }
}
