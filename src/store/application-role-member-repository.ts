import { sql } from 'kysely'
import { accountColumns, toAccount } from './account-rows.ts'
import { roleColumns, toRole } from './application-role-rows.ts'
import type { ApplicationRole, ApplicationRoleRepository, RoleKey } from './application-role-store.ts'
import type { StoreContext } from './context.ts'

type Members =
  | 'listMembers'
  | 'hasMembers'
  | 'listOfAccount'
  | 'listOfAccounts'
  | 'addMember'
  | 'removeMember'

/** Which accounts have which roles. */
export function createRoleMemberMethods(context: StoreContext): Pick<ApplicationRoleRepository, Members> {
  return { ...createReadingMethods(context), ...createWritingMethods(context) }
}

function membersOf({ db }: StoreContext, { tenantId, applicationId, roleId }: RoleKey) {
  return db
    .selectFrom('account_roles')
    .where('account_roles.tenant_id', '=', tenantId)
    .where('account_roles.application_id', '=', applicationId)
    .where('account_roles.role_id', '=', roleId)
}

function rolesOf({ db }: StoreContext, tenantId: string, applicationId: string) {
  return db
    .selectFrom('account_roles')
    .innerJoin('application_roles', (join) =>
      join
        .onRef('application_roles.tenant_id', '=', 'account_roles.tenant_id')
        .onRef('application_roles.application_id', '=', 'account_roles.application_id')
        .onRef('application_roles.id', '=', 'account_roles.role_id'),
    )
    .select(roleColumns)
    .select('account_roles.account_id')
    .where('account_roles.tenant_id', '=', tenantId)
    .where('account_roles.application_id', '=', applicationId)
    .orderBy('account_roles.account_id')
    .orderBy('account_roles.role_id')
}

function createReadingMethods(
  context: StoreContext,
): Pick<ApplicationRoleRepository, Exclude<Members, 'addMember' | 'removeMember'>> {
  return {
    async listMembers(key, page) {
      const counting = membersOf(context, key)
        .select(({ fn }) => fn.countAll<number>().as('total'))
        .executeTakeFirst()
      const reading = membersOf(context, key)
        .innerJoin('accounts', (join) =>
          join
            .onRef('accounts.tenant_id', '=', 'account_roles.tenant_id')
            .onRef('accounts.application_id', '=', 'account_roles.application_id')
            .onRef('accounts.id', '=', 'account_roles.account_id'),
        )
        .select(accountColumns)
        .orderBy('account_roles.account_id')
        .limit(page.pageSize)
        .offset(page.pageIndex * page.pageSize)
        .execute()
      const [counted, rows] = await Promise.all([counting, reading])
      return { total: counted?.total ?? 0, accounts: rows.map(toAccount) }
    },

    async hasMembers(key) {
      const row = await membersOf(context, key).select('account_id').limit(1).executeTakeFirst()
      return row !== undefined
    },

    async listOfAccount({ tenantId, applicationId, accountId }) {
      const rows = await rolesOf(context, tenantId, applicationId)
        .where('account_roles.account_id', '=', accountId)
        .execute()
      return rows.map(toRole)
    },

    async listOfAccounts(tenantId, applicationId, accountIds) {
      const found = new Map<string, ApplicationRole[]>(accountIds.map((id) => [id, []]))
      const [first] = accountIds
      const last = accountIds.at(-1)
      if (first === undefined || last === undefined) {
        return found
      }
      const rows = await rolesOf(context, tenantId, applicationId)
        // a page is a span of ids, and one statement whatever its size
        .where('account_roles.account_id', '>=', first)
        .where('account_roles.account_id', '<=', last)
        .execute()
      for (const row of rows) {
        found.get(row.account_id)?.push(toRole(row))
      }
      return found
    },
  }
}

function createWritingMethods({
  db,
}: StoreContext): Pick<ApplicationRoleRepository, 'addMember' | 'removeMember'> {
  return {
    /** The account has the role. */
    async addMember({ tenantId, applicationId, roleId }, accountId) {
      const { numAffectedRows } = await sql`
        insert into account_roles (tenant_id, application_id, account_id, role_id)
        values (${tenantId}, ${applicationId}, ${accountId}, ${roleId})
        on conflict (tenant_id, application_id, account_id, role_id) do nothing`.execute(db)
      return numAffectedRows === 1n
    },

    /** The account does not have the role. */
    async removeMember({ tenantId, applicationId, roleId }, accountId) {
      const { numDeletedRows } = await db
        .deleteFrom('account_roles')
        .where('tenant_id', '=', tenantId)
        .where('application_id', '=', applicationId)
        .where('account_id', '=', accountId)
        .where('role_id', '=', roleId)
        .executeTakeFirstOrThrow()
      return numDeletedRows === 1n
    },
  }
}
