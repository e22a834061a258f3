import { ApiError } from '../../errors/api-error.ts'
import type { SendMode, Tenant } from '../tenants/tenant.ts'
import type { ApplyTools } from './apply-tools.ts'
import { awaitsFirstPassword } from './plan-tenant-changes.ts'
import type { TenantDocument, UserEntry } from './tenant-file-schema.ts'

export type DeliveryReport = { readonly userName: string; readonly sendMode: SendMode } & (
  | { readonly outcome: 'planned' | 'delivered' }
  /** A code and a stable word: `MSG.0001 (gateway_unreachable)`. */
  | { readonly outcome: 'failed'; readonly reason: string }
)

const DELIVERIES_AT_ONCE = 4

/** A reset for each user of the file who has no password and was never sent one. None of them stops the others. */
export async function deliverInitialPasswords(
  tools: Pick<ApplyTools, 'store' | 'deliverInitialPassword'>,
  p: { readonly entry: TenantDocument; readonly requestId: string },
): Promise<readonly DeliveryReport[]> {
  const tenant = await tools.store.read.tenants.findByCode(p.entry.tenant.code)
  const users = (p.entry.users ?? []).filter((user) => user.deliverInitial)
  const reports: DeliveryReport[] = []
  const waiting = users.values()
  const work = async () => {
    for (const user of waiting) {
      const report = tenant && (await deliverTo(tools, { tenant, user, requestId: p.requestId }))
      if (report !== undefined) {
        reports.push(report)
      }
    }
  }
  await Promise.all(Array.from({ length: DELIVERIES_AT_ONCE }, work))
  return reports
}

/** Undefined: nothing to deliver to this user any more. */
async function deliverTo(
  tools: Pick<ApplyTools, 'store' | 'deliverInitialPassword'>,
  {
    tenant,
    user,
    requestId,
  }: { readonly tenant: Tenant; readonly user: UserEntry; readonly requestId: string },
): Promise<DeliveryReport | undefined> {
  const found = await tools.store.read.users.findByUserName(tenant.id, user.userName)
  const stored = found && (await tools.store.read.users.findWithCredential(tenant.id, found.id))
  const sendMode = user.deliverInitial
  if (!sendMode || stored === undefined || !(await awaitsFirstPassword(tools.store.read, stored))) {
    return undefined
  }
  const delivery = { userName: stored.userName, sendMode }
  try {
    await tools.deliverInitialPassword({ tenant, userId: stored.id, sendMode, requestId })
    return { ...delivery, outcome: 'delivered' }
  } catch (error) {
    if (error instanceof ApiError) {
      return { ...delivery, outcome: 'failed', reason: error.message }
    }
    throw error
  }
}
