import type { Channel } from '../messaging/gateway.ts'
import type { StoreContext } from './context.ts'
import { type Places, prepareStatement } from './prepared-statement.ts'
import { flag } from './row-values.ts'
import type { GatewayRepository } from './store.ts'

export function createGatewayRepository(context: StoreContext): GatewayRepository {
  const { db } = context
  return {
    async list(tenantId) {
      const rows = await ofTenant.all(context, { tenantId })
      return rows.map((row) => ({
        tenantId,
        name: row.name,
        channel: row.channel as Channel,
        kind: row.kind,
        priority: row.priority,
        settings: row.settings_json,
        disabled: row.disabled === 1,
        version: row.version,
      }))
    },

    /** The gateway of this name is as given. */
    async put(gateway) {
      const row = {
        channel: gateway.channel,
        kind: gateway.kind,
        priority: gateway.priority,
        settings_json: gateway.settings,
        disabled: flag(gateway.disabled),
        version: gateway.version,
      }
      await db
        .insertInto('gateways')
        .values({ tenant_id: gateway.tenantId, name: gateway.name, ...row })
        .onConflict((conflict) => conflict.columns(['tenant_id', 'name']).doUpdateSet(row))
        .execute()
    },

    async delete(tenantId, name) {
      await db.deleteFrom('gateways').where('tenant_id', '=', tenantId).where('name', '=', name).execute()
    },
  }
}

const ofTenant = prepareStatement((db, value: Places<{ readonly tenantId: string }>) =>
  db
    .selectFrom('gateways')
    .select(['name', 'channel', 'kind', 'priority', 'settings_json', 'disabled', 'version'])
    .where('tenant_id', '=', value('tenantId'))
    .orderBy('priority')
    .orderBy('name'),
)
