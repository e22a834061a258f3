import { normaliseKey } from '../core/users/normalise-key.ts'
import { createRoleMemberMethods } from './application-role-member-repository.ts'
import { roleColumns, toRole } from './application-role-rows.ts'
import type { ApplicationRoleRepository, RoleKey } from './application-role-store.ts'
import type { StoreContext } from './context.ts'
import { orNull } from './row-values.ts'

export function createApplicationRoleRepository(context: StoreContext): ApplicationRoleRepository {
  return {
    ...createReadingMethods(context),
    ...createWritingMethods(context),
    ...createRoleMemberMethods(context),
  }
}

type Reading = 'find' | 'keep' | 'lock' | 'listPage'
type Writing = 'insert' | 'update' | 'delete'

function createReadingMethods({ db, dialect }: StoreContext): Pick<ApplicationRoleRepository, Reading> {
  const roleOf = ({ tenantId, applicationId, roleId }: RoleKey) =>
    db
      .selectFrom('application_roles')
      .select(roleColumns)
      .where('tenant_id', '=', tenantId)
      .where('application_id', '=', applicationId)
      .where('id', '=', roleId)
  return {
    async find(key) {
      const row = await roleOf(key).executeTakeFirst()
      return row && toRole(row)
    },

    async keep(key) {
      const row = await roleOf(key)
        // the weakest lock that a removal waits for
        .$if(dialect.hasRowLocks, (query) => query.forKeyShare())
        .executeTakeFirst()
      return row !== undefined
    },

    async lock(key) {
      const row = await roleOf(key)
        .$if(dialect.hasRowLocks, (query) => query.forUpdate())
        .executeTakeFirst()
      return row && toRole(row)
    },

    async listPage(tenantId, applicationId, page) {
      const matching = db
        .selectFrom('application_roles')
        .where('tenant_id', '=', tenantId)
        .where('application_id', '=', applicationId)
      const counting = matching.select(({ fn }) => fn.countAll<number>().as('total')).executeTakeFirst()
      const reading = matching
        .select(roleColumns)
        .orderBy('id')
        .limit(page.pageSize)
        .offset(page.pageIndex * page.pageSize)
        .execute()
      const [counted, rows] = await Promise.all([counting, reading])
      return { total: counted?.total ?? 0, roles: rows.map(toRole) }
    },
  }
}

function createWritingMethods({ db }: StoreContext): Pick<ApplicationRoleRepository, Writing> {
  return {
    /** The role is there, without members. @throws DuplicateError `application_roles_code` */
    async insert(role) {
      await db
        .insertInto('application_roles')
        .values({
          tenant_id: role.tenantId,
          application_id: role.applicationId,
          id: role.id,
          code: role.code,
          code_key: normaliseKey(role.code),
          name: orNull(role.name),
          created_at: role.createdAt,
          updated_at: role.updatedAt,
        })
        .execute()
    },

    /** Its name is as given. */
    async update(role) {
      await db
        .updateTable('application_roles')
        .set({ name: orNull(role.name), updated_at: role.updatedAt })
        .where('tenant_id', '=', role.tenantId)
        .where('application_id', '=', role.applicationId)
        .where('id', '=', role.id)
        .execute()
    },

    /** The role is gone; no account has it. */
    async delete({ tenantId, applicationId, roleId }) {
      await db
        .deleteFrom('application_roles')
        .where('tenant_id', '=', tenantId)
        .where('application_id', '=', applicationId)
        .where('id', '=', roleId)
        .execute()
    },
  }
}
