import type { PermissionCode } from '../core/permissions/permission-codes.ts'
import type { PermissionBundleRepository } from './application-store.ts'
import type { StoreContext } from './context.ts'
import { type Places, prepareStatement } from './prepared-statement.ts'

export function createPermissionBundleRepository(context: StoreContext): PermissionBundleRepository {
  const { db } = context
  return {
    async list(tenantId) {
      const rows = await ofTenant.all(context, { tenantId })
      return rows.map(({ code, name, permissions_json }) => ({
        tenantId,
        code,
        name,
        permissions: JSON.parse(permissions_json) as readonly PermissionCode[],
      }))
    },

    /** The bundle of this code is as given; who has it has it so from now on. */
    async put({ tenantId, code, name, permissions }) {
      const row = { name, permissions_json: JSON.stringify(permissions) }
      await db
        .insertInto('permission_bundles')
        .values({ tenant_id: tenantId, code, ...row })
        .onConflict((conflict) => conflict.columns(['tenant_id', 'code']).doUpdateSet(row))
        .execute()
    },

    /** The bundle is gone; the database refuses it while an application has it. */
    async delete(tenantId, code) {
      await db
        .deleteFrom('permission_bundles')
        .where('tenant_id', '=', tenantId)
        .where('code', '=', code)
        .execute()
    },
  }
}

const ofTenant = prepareStatement((db, value: Places<{ readonly tenantId: string }>) =>
  db
    .selectFrom('permission_bundles')
    .select(['code', 'name', 'permissions_json'])
    .where('tenant_id', '=', value('tenantId'))
    .orderBy('code'),
)
