import type { AuditRow } from '../../audit/audit-row.ts'
import { DuplicateError } from '../../errors/store-error.ts'
import type { Organization, Repositories, Store } from '../../store/store.ts'
import { requireBundles } from './check-permission-bundles.ts'
import { ConcurrentChangeError } from './concurrent-change-error.ts'
import { type PlanContext, planConfiguration } from './plan-tenant-changes.ts'
import { claimTimeOfChanges, removePlanned, requireTree } from './settle-organizations.ts'
import type { TenantDocument } from './tenant-file-schema.ts'
import {
  type ChangeAction,
  type ConfigurationChange,
  type ConfigurationPlan,
  type RowChange,
  readConfiguration,
} from './tenant-plan.ts'
import { settleUniqueValues } from './unique-values.ts'

export interface ConfigurationCall {
  readonly store: Store
  readonly context: PlanContext
  readonly entry: TenantDocument
  readonly requestId: string
}

/**
 * One transaction under the tenant's lock, planned anew there: two runs at once end as one after the other. True
 * afterwards: tenant, gateways, templates, webhooks, organisations and applications are as the file says, but for the
 * organisations that go, which may still have users.
 */
export async function applyConfiguration(call: ConfigurationCall): Promise<ConfigurationPlan> {
  try {
    return await tryConfiguration(call)
  } catch (error) {
    if (!(error instanceof DuplicateError)) {
      throw error
    }
  }
  try {
    return await tryConfiguration(call) // another run created the tenant in between: this one updates it
  } catch (error) {
    if (error instanceof DuplicateError) {
      const message = 'somebody else changed this tenant while apply ran: run it again'
      throw new ConcurrentChangeError(message, undefined, '', error)
    }
    throw error
  }
}

async function tryConfiguration({
  store,
  context,
  entry,
  requestId,
}: ConfigurationCall): Promise<ConfigurationPlan> {
  return await store.transaction(async (repositories) => {
    const plan = await planUnderLock(repositories, { context, entry })
    const now = await repositories.now()
    const organizationsAt = await claimTimeOfChanges(repositories, plan)
    for (const change of plan.changes) {
      await carryOut(repositories, change, change.kind === 'organization' ? (organizationsAt ?? now) : now)
      await repositories.audit.append(auditRow(change, { tenantId: plan.tenant.id, requestId }))
    }
    if (organizationsAt !== undefined) {
      await repositories.organizations.settleTree(plan.tenant.id, organizationsAt)
    }
    const change = plan.changes.find(({ kind }) => kind === 'tenant')
    if (change?.kind === 'tenant') {
      await settleUniqueValues(repositories, change.before, plan.tenant)
    }
    return plan
  })
}

/** One transaction, after the users: true afterwards, organisations that the file does not name are gone. */
export async function removeOrganizations({
  store,
  context,
  entry,
  requestId,
}: ConfigurationCall): Promise<readonly RowChange<Organization>[]> {
  if (!context.isPruning || entry.organizations === undefined || entry.organizations === null) {
    return []
  }
  return await store.transaction(async (repositories) => {
    const { tenant, organizationRemovals } = await planUnderLock(repositories, { context, entry })
    for (const change of organizationRemovals) {
      await removePlanned(repositories, tenant.id, change)
      await repositories.audit.append(auditRow(change, { tenantId: tenant.id, requestId }))
    }
    return organizationRemovals
  })
}

async function planUnderLock(
  repositories: Repositories,
  { context, entry }: Pick<ConfigurationCall, 'context' | 'entry'>,
): Promise<ConfigurationPlan> {
  const tenant = await repositories.tenants.findByCode(entry.tenant.code)
  if (tenant !== undefined) {
    await repositories.tenants.lock(tenant.id)
  }
  // read again under the lock: the row read before it may be old
  const stored = await readConfiguration(repositories, entry.tenant.code)
  const plan = planConfiguration(entry, stored, context)
  requireTree(plan, stored, entry)
  requireBundles(plan, stored)
  return plan
}

async function carryOut(repositories: Repositories, change: ConfigurationChange, now: number): Promise<void> {
  switch (change.kind) {
    case 'tenant':
      return await put(change, repositories.tenants)
    case 'organization':
      return await put(stamped(change, now), repositories.organizations)
    case 'application':
      if (change.after === undefined) {
        return await repositories.applications.delete(change.before?.tenantId ?? '', change.id)
      }
      return change.action === 'create'
        ? await repositories.applications.insert(change.after, now)
        : await repositories.applications.update(change.after, now)
    case 'permission_bundle':
      return change.after === undefined
        ? await repositories.permissionBundles.delete(change.before?.tenantId ?? '', change.id)
        : await repositories.permissionBundles.put(change.after)
    case 'gateway':
      return change.after === undefined
        ? await repositories.gateways.delete(change.before?.tenantId ?? '', change.id)
        : await repositories.gateways.put(change.after)
    case 'webhook':
      return await carryOutWebhook(repositories, change, now)
    case 'template':
      return change.after === undefined
        ? await removeTemplate(repositories, change.before)
        : await repositories.templates.put(change.after)
  }
}

async function carryOutWebhook(
  { webhooks }: Repositories,
  change: ConfigurationChange & { readonly kind: 'webhook' },
  now: number,
): Promise<void> {
  if (change.after === undefined) {
    await webhooks.delete({ tenantId: change.before?.tenantId ?? '', name: change.id })
  } else if (change.action === 'create') {
    await webhooks.insert(change.after, now)
  } else {
    await webhooks.update(change.after)
  }
}

function stamped(change: RowChange<Organization>, at: number): RowChange<Organization> {
  const createdAt = change.action === 'create' ? { createdAt: at } : {}
  return { ...change, after: change.after && { ...change.after, ...createdAt, updatedAt: at } }
}

async function put<Row>(
  { action, after }: RowChange<Row>,
  repository: { insert(row: Row): Promise<void>; update(row: Row): Promise<void> },
): Promise<void> {
  if (after !== undefined) {
    await (action === 'create' ? repository.insert(after) : repository.update(after))
  }
}

async function removeTemplate(
  repositories: Repositories,
  row: (ConfigurationChange & { readonly kind: 'template' })['before'],
): Promise<void> {
  if (row !== undefined) {
    await repositories.templates.delete(row.tenantId, row)
  }
}

const pastTense: Readonly<Record<ChangeAction, string>> = {
  create: 'created',
  update: 'updated',
  remove: 'removed',
}

/** Who, what, which keys; never the values. */
export function auditRow(
  change: {
    readonly kind: AuditRow['targetKind']
    readonly action: ChangeAction
    readonly id: string
    readonly fields: readonly string[]
  },
  p: { readonly tenantId: string; readonly requestId: string },
): AuditRow {
  return {
    tenantId: p.tenantId,
    action: `${change.kind}.${pastTense[change.action]}`,
    actor: { kind: 'operator', id: undefined },
    targetKind: change.kind,
    targetId: change.id,
    requestId: p.requestId,
    detail: change.fields.length === 0 ? {} : { fields: change.fields },
  }
}
