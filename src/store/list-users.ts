import type { StoreContext } from './context.ts'
import { readCount } from './counts.ts'
import type { UserFilter, UserRepository, UserView } from './store.ts'
import { toUser, type UserRow, userColumns } from './user-rows.ts'

/** One page, and how many users the filter lets through: of the whole tenant as it is maintained, else counted. */
export async function listUsers(
  context: StoreContext,
  tenantId: string,
  { organizationId, updatedAfter }: UserFilter,
  page: { readonly pageIndex: number; readonly pageSize: number },
): ReturnType<UserRepository['list']> {
  const isChanges = updatedAfter !== undefined
  const isUnfiltered = organizationId === undefined && !isChanges
  const counting = isUnfiltered
    ? readCount(context, tenantId, 'user')
    : context.db
        .selectFrom('users')
        .select(({ fn }) => fn.countAll<number>().as('total'))
        .where('users.tenant_id', '=', tenantId)
        .$if(organizationId !== undefined, (query) =>
          query.where('users.organization_id', '=', organizationId ?? ''),
        )
        .$if(isChanges, (query) => query.where('users.updated_at', '>', updatedAfter ?? 0))
        .executeTakeFirst()
        .then((counted) => counted?.total ?? 0)
  const reading = userViews(context, tenantId)
    .$if(organizationId !== undefined, (query) =>
      query.where('users.organization_id', '=', organizationId ?? ''),
    )
    .$if(isChanges, (query) =>
      query
        .where('users.updated_at', '>', updatedAfter ?? 0)
        .orderBy('users.updated_at', 'desc')
        .orderBy('users.id', 'desc'),
    )
    .$if(!isChanges, (query) => query.orderBy('users.id'))
    .limit(page.pageSize)
    .offset(page.pageIndex * page.pageSize)
    .execute()
  // together: one of them alone, left behind by a store that goes away, would end the process
  const [total, rows] = await Promise.all([counting, reading])
  return { total, users: rows.map((row) => toView(row)) }
}

/** Users with the end of their lock, if they are locked now. */
export function userViews({ db, dialect }: Pick<StoreContext, 'db' | 'dialect'>, tenantId: string) {
  return db
    .selectFrom('users')
    .leftJoin('sign_in_failures', (join) =>
      join
        .onRef('sign_in_failures.tenant_id', '=', 'users.tenant_id')
        .on('sign_in_failures.subject', '=', ({ ref, val, eb }) => eb(val('user:'), '||', ref('users.id')))
        .on('sign_in_failures.locked_until', '>', dialect.now()),
    )
    .select(userColumns)
    .select('sign_in_failures.locked_until')
    .where('users.tenant_id', '=', tenantId)
}

export function toView(row: UserRow & { readonly locked_until: number | null }): UserView {
  return { ...toUser(row), locked: row.locked_until !== null }
}
