import type { Organization, Repositories } from '../../store/store.ts'
import { removeEmptyOrganization } from '../organizations/delete-organization.ts'
import { findTreeFault } from '../organizations/find-tree-fault.ts'
import { normaliseKey } from '../users/normalise-key.ts'
import { ConcurrentChangeError } from './concurrent-change-error.ts'
import type { TenantDocument } from './tenant-file-schema.ts'
import type { ConfigurationPlan, RowChange, StoredConfiguration } from './tenant-plan.ts'

/** Parents of a tenant's organisations by id, as they will be. */
export function parentsAfter(
  stored: readonly Organization[],
  plan: Pick<ConfigurationPlan, 'changes'>,
): ReadonlyMap<string, string | undefined> {
  const parents = new Map(stored.map((row) => [row.id, row.parentId]))
  for (const change of plan.changes) {
    if (change.kind === 'organization') {
      parents.set(change.id, change.after?.parentId)
    }
  }
  return parents
}

/**
 * The file was checked against what was stored before; another call may have changed that since.
 * @throws ConcurrentChangeError a parent is gone, or organisations would make no tree
 */
export function requireTree(
  plan: ConfigurationPlan,
  stored: StoredConfiguration,
  entry: TenantDocument,
): void {
  const lost = (entry.organizations ?? []).find(
    ({ parentCode }) => typeof parentCode === 'string' && !plan.organizationIds.has(normaliseKey(parentCode)),
  )
  if (lost !== undefined || findTreeFault(parentsAfter(stored.organizations, plan)) !== undefined) {
    const message = 'somebody else changed the organizations while apply ran: run it again'
    throw new ConcurrentChangeError(message, lost ?? entry, lost === undefined ? '' : 'parentCode', undefined)
  }
}

/** Call in the transaction that changes organisations: all its changes have the same time. */
export async function claimTimeOfChanges(
  { organizations }: Pick<Repositories, 'organizations'>,
  plan: ConfigurationPlan,
): Promise<number | undefined> {
  const isChanging = plan.changes.some(({ kind }) => kind === 'organization')
  return isChanging ? await organizations.claimChangeTime(plan.tenant.id) : undefined
}

/** @throws ConcurrentChangeError something was put into or below it since the plan was checked */
export async function removePlanned(
  { organizations }: Pick<Repositories, 'organizations'>,
  tenantId: string,
  change: RowChange<Organization>,
): Promise<void> {
  const outcome = await removeEmptyOrganization(organizations, tenantId, change.id)
  if (outcome === 'has_children' || outcome === 'has_members') {
    const message = `organisation ${change.name} was given users or organisations while apply ran: run it again`
    throw new ConcurrentChangeError(message, undefined, '', undefined)
  }
}
