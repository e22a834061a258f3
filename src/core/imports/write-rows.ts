import type { Repositories } from '../../store/store.ts'
import { uniqueValues } from '../attributes/check-attributes.ts'
import type { NoticeTools } from '../notices/write-notice.ts'
import type { Changer } from '../permissions/changed-by.ts'
import { writeDisabled, writeEnabled } from '../users/change-user-state.ts'
import { userValues } from '../users/check-defined.ts'
import { creationRow } from '../users/create-user.ts'
import { writeChange } from '../users/modify-user.ts'
import type { UserWithCredential } from '../users/user.ts'
import type { RowPlan } from './plan-rows.ts'

interface Writing {
  readonly repositories: Repositories
  readonly notices: NoticeTools
  readonly by: Changer
}

/** Carries plans out in the order of their rows; new users that follow each other together. */
export async function writeRows(writing: Writing, plans: readonly RowPlan[]): Promise<void> {
  let created: UserWithCredential[] = []
  for (const plan of plans) {
    if (plan.kind === 'create') {
      created.push(plan.user)
    } else if (plan.kind === 'change') {
      await insertUsers(writing, created)
      created = []
      await changeUser(writing, plan)
    }
  }
  await insertUsers(writing, created)
}

async function insertUsers(
  { repositories, by }: Writing,
  created: readonly UserWithCredential[],
): Promise<void> {
  if (created.length === 0) {
    return
  }
  await repositories.users.insertAll(created)
  const definitions = by.tenant.settings.attributes.users
  const values = created.flatMap((user) =>
    uniqueValues(definitions, userValues(user)).map((value) => ({ ...value, ownerId: user.id })),
  )
  await repositories.uniqueAttributes.insertAll({ tenantId: by.tenant.id, kind: 'users' }, values)
  await repositories.audit.appendAll(created.map((user) => creationRow(by, user)))
}

async function changeUser(
  { repositories, notices, by }: Writing,
  { before, wanted }: Extract<RowPlan, { kind: 'change' }>,
): Promise<void> {
  const { tenantId, id, disabled } = before
  // as it is now: a row before this one may have changed the same user
  const user = await repositories.users.lock(tenantId, id)
  if (user === undefined) {
    throw new Error('a user who was locked is gone')
  }
  await writeChange(repositories, notices, { by, user, wanted: { ...wanted, disabled } })
  if (wanted.disabled !== disabled) {
    const changed = await repositories.users.lock(tenantId, id)
    await (wanted.disabled ? writeDisabled : writeEnabled)(repositories, by, changed ?? user)
  }
}
