import type { Repositories } from '../../store/store.ts'
import type { Tenant } from '../tenants/tenant.ts'
import { normaliseKey } from '../users/normalise-key.ts'
import type { UserWithCredential } from '../users/user.ts'
import type { GatewaySecrets } from './gateway-secrets.ts'
import type { ParsedTenant } from './parsed-tenant.ts'
import { planApplications } from './plan-applications.ts'
import { planGateways } from './plan-gateways.ts'
import { planOrganizations } from './plan-organizations.ts'
import { planPermissionBundles } from './plan-permission-bundles.ts'
import { planTemplates } from './plan-templates.ts'
import { planTenant } from './plan-tenant.ts'
import { planUsers } from './plan-users.ts'
import { planWebhooks, type WebhookSecrets } from './plan-webhooks.ts'
import type { TenantDocument } from './tenant-file-schema.ts'
import {
  type Change,
  type ConfigurationChange,
  type ConfigurationPlan,
  type Delivery,
  readConfiguration,
  readUsers,
  type StoredConfiguration,
  type UserChange,
} from './tenant-plan.ts'

export interface PlanContext {
  readonly isPruning: boolean
  readonly now: number
  readonly newId: () => string
  readonly gatewaySecrets: GatewaySecrets
  readonly webhookSecrets: WebhookSecrets
}

export interface TenantPlan {
  readonly stored: StoredConfiguration & { readonly users: readonly UserWithCredential[] }
  readonly configuration: ConfigurationPlan
  readonly users: readonly UserChange[]
  readonly deliveries: readonly Delivery[]
}

/** How one tenant of the file differs from the store. Reads only. */
export async function planTenantChanges(
  repositories: Repositories,
  { entry }: ParsedTenant,
  context: PlanContext,
): Promise<TenantPlan> {
  const configurationStored = await readConfiguration(repositories, entry.tenant.code)
  const configuration = planConfiguration(entry, configurationStored, context)
  const storedUsers = await readUsers(repositories, configurationStored.tenant?.id)
  const stored = { ...configurationStored, users: storedUsers }
  const users = planTenantUsers(entry, configuration, storedUsers, context)
  const deliveries = await planDeliveries(repositories, entry, {
    storedUsers,
    users,
    tenant: configuration.tenant,
  })
  return { stored, configuration, users, deliveries }
}

/** Everything but users; pure, so that it can be made again under the tenant's lock. */
export function planConfiguration(
  entry: TenantDocument,
  stored: StoredConfiguration,
  context: PlanContext,
): ConfigurationPlan {
  const { tenant, change } = planTenant(entry, stored.tenant, context)
  const shared = { ...context, tenantId: tenant.id, secrets: context.gatewaySecrets }
  const organizations = planOrganizations({
    ...shared,
    entries: entry.organizations ?? undefined,
    stored: stored.organizations,
  })
  const bundles = planPermissionBundles({
    ...shared,
    entries: entry.permissionBundles ?? undefined,
    stored: stored.permissionBundles,
  })
  const changes: readonly ConfigurationChange[] = [
    ...(change === undefined ? [] : [change]),
    ...planGateways({ ...shared, entries: entry.gateways ?? undefined, stored: stored.gateways }),
    ...planTemplates({ ...shared, entries: entry.templates ?? undefined, stored: stored.templates }),
    ...planWebhooks({
      ...shared,
      entries: entry.webhooks ?? undefined,
      stored: stored.webhooks,
      secrets: context.webhookSecrets,
    }),
    ...organizations.changes,
    ...bundles.changes,
    ...planApplications({
      ...shared,
      entries: entry.applications ?? undefined,
      stored: stored.applications,
      organizationIds: organizations.idByCode,
      bundles: bundles.after,
    }),
    ...bundles.removals,
  ]
  return {
    tenant,
    changes,
    organizationRemovals: organizations.removals,
    organizationIds: organizations.idByCode,
    permissionBundles: bundles.after,
  }
}

export function planTenantUsers(
  entry: TenantDocument,
  configuration: ConfigurationPlan,
  stored: readonly UserWithCredential[],
  context: PlanContext,
): readonly UserChange[] {
  return planUsers({
    entries: entry.users ?? undefined,
    administrators: entry.administrators ?? undefined,
    stored,
    tenantId: configuration.tenant.id,
    isPruning: context.isPruning,
    now: context.now,
    newId: context.newId,
    organizationIds: configuration.organizationIds,
  })
}

/** Users of the file who have no password and were never sent one that any gateway may have taken. */
async function planDeliveries(
  repositories: Repositories,
  entry: TenantDocument,
  p: {
    readonly tenant: Tenant
    readonly storedUsers: readonly UserWithCredential[]
    readonly users: readonly UserChange[]
  },
): Promise<readonly Delivery[]> {
  const wanted = (entry.users ?? []).flatMap((user) =>
    user.deliverInitial ? [{ userName: user.userName, sendMode: user.deliverInitial }] : [],
  )
  if (wanted.length === 0) {
    return []
  }
  const storedByKey = new Map(p.storedUsers.map((user) => [normaliseKey(user.userName), user]))
  const createdByKey = new Map(
    p.users.flatMap((change) => (change.action === 'create' ? [[normaliseKey(change.name), change.id]] : [])),
  )
  const deliveries: Delivery[] = []
  for (const { userName, sendMode } of wanted) {
    const stored = storedByKey.get(normaliseKey(userName))
    const createdId = createdByKey.get(normaliseKey(userName))
    if (createdId !== undefined) {
      deliveries.push({ userId: createdId, userName, sendMode })
    } else if (stored !== undefined && (await awaitsFirstPassword(repositories, stored))) {
      deliveries.push({ userId: stored.id, userName, sendMode })
    }
  }
  return deliveries
}

const RESETS_READ_MAX = 50

/** No reset but definitely failed ones: a message that may have arrived is not sent twice by itself. */
export async function awaitsFirstPassword(
  repositories: Repositories,
  user: UserWithCredential,
): Promise<boolean> {
  if (user.credential.digest !== undefined || user.disabled) {
    return false
  }
  const resets = await repositories.resets.list(user.tenantId, user.id, RESETS_READ_MAX)
  return resets.every((reset) => reset.state === 'failed')
}

/** In the order they are carried out. */
export function changesOf(plan: Pick<TenantPlan, 'configuration' | 'users'>): readonly Change[] {
  const { configuration, users } = plan
  return [...configuration.changes, ...users, ...configuration.organizationRemovals].map(toChange)
}

/** What may be shown: no rows, which hold digests and sealed secrets. */
export function toChange({ kind, action, name, fields }: Change): Change {
  return { kind, action, name, fields }
}
