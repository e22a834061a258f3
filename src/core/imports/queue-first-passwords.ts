import type { Repositories } from '../../store/store.ts'
import type { FirstPassword } from './first-password.ts'
import type { RowPlan } from './plan-rows.ts'
import type { UserImport } from './user-import.ts'

/** Whose first password waits for its turn from now on: enabled people of these rows who have none; how many. */
export async function queueFirstPasswords(
  { firstPasswords }: Pick<Repositories, 'firstPasswords'>,
  p: { readonly userImport: UserImport; readonly plans: readonly RowPlan[]; readonly at: number },
): Promise<number> {
  const { sendMode, id: importId, tenantId } = p.userImport
  if (sendMode === undefined) {
    return 0
  }
  const userIds = [...new Set(p.plans.flatMap(userIdWithoutPassword))]
  const waiting = userIds.map(
    (userId): FirstPassword => ({
      ...{ tenantId, userId, importId, sendMode, state: 'waiting', reason: undefined },
      ...{ dueAt: p.at, attempts: 0, createdAt: p.at, settledAt: undefined },
    }),
  )
  await firstPasswords.queue(waiting)
  return waiting.length
}

function userIdWithoutPassword(plan: RowPlan): readonly string[] {
  switch (plan.kind) {
    case 'refused':
      return []
    case 'create':
    case 'unchanged':
      return plan.user.credential.digest === undefined && !plan.user.disabled ? [plan.user.id] : []
    case 'change':
      return plan.before.credential.digest === undefined && !plan.wanted.disabled ? [plan.wanted.id] : []
  }
}
