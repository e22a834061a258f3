import type { StoreContext } from './context.ts'
import type { AttributeOwner, UniqueAttributeRepository } from './unique-attributes-store.ts'

export function createUniqueAttributeRepository(context: StoreContext): UniqueAttributeRepository {
  const { db } = context
  return {
    async findTaken({ tenantId, kind, ownerId }, values) {
      for (const { attribute, valueKey } of values) {
        const row = await db
          .selectFrom('unique_attributes')
          .select('owner_id')
          .where('tenant_id', '=', tenantId)
          .where('kind', '=', kind)
          .where('attribute', '=', attribute)
          .where('value_key', '=', valueKey)
          .executeTakeFirst()
        if (row !== undefined && row.owner_id !== ownerId) {
          return attribute
        }
      }
      return undefined
    },

    /** The values are this owner's, and no others are. @throws DuplicateError `unique_attributes_pkey` */
    async replace(owner, values) {
      await forgetUniqueAttributes(context, owner)
      const { tenantId, kind, ownerId } = owner
      if (values.length > 0) {
        const key = { tenant_id: tenantId, kind, owner_id: ownerId }
        const rows = values.map(({ attribute, valueKey }) => ({ ...key, attribute, value_key: valueKey }))
        await db.insertInto('unique_attributes').values(rows).execute()
      }
    },

    /** Every value is free. */
    async clear(tenantId, kind) {
      await db
        .deleteFrom('unique_attributes')
        .where('tenant_id', '=', tenantId)
        .where('kind', '=', kind)
        .execute()
    },
  }
}

/** The owner goes, and the values are free. */
export async function forgetUniqueAttributes(
  { db }: StoreContext,
  { tenantId, kind, ownerId }: AttributeOwner,
): Promise<void> {
  await db
    .deleteFrom('unique_attributes')
    .where('tenant_id', '=', tenantId)
    .where('kind', '=', kind)
    .where('owner_id', '=', ownerId)
    .execute()
}
