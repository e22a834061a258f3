import type { StoreContext } from './context.ts'
import { findInChunks, placesOf } from './find-in-chunks.ts'
import type { ChunkSize } from './in-chunks.ts'
import { insertRows } from './insert-rows.ts'
import { prepareVariants } from './prepared-statement.ts'
import type { AttributeOwner, UniqueAttributeRepository } from './unique-attributes-store.ts'

export function createUniqueAttributeRepository(context: StoreContext): UniqueAttributeRepository {
  const { db } = context
  return {
    ...createSettlingMethods(context),

    async findTaken({ tenantId, kind, ownerId }, values) {
      for (const { attribute, valueKey } of values) {
        const holder = await findHolder(context, { tenantId, kind, attribute }, valueKey)
        if (holder !== undefined && holder !== ownerId) {
          return attribute
        }
      }
      return undefined
    },

    async findOwners({ tenantId, kind }, attribute, valueKeys) {
      const found = await findInChunks(valueKeys, (chunk) =>
        ownersOfValues.all(context, { ...chunk.named, tenantId, kind, attribute }, chunk.size),
      )
      return new Map(found.map((row) => [row.value_key, row.owner_id]))
    },

    /** The values are their owners'. @throws DuplicateError `unique_attributes_pkey` */
    async insertAll({ tenantId, kind }, values) {
      const rows = values.map(({ attribute, valueKey, ownerId }) => ({
        ...{ tenant_id: tenantId, kind, attribute, value_key: valueKey, owner_id: ownerId },
      }))
      await insertRows(context, 'unique_attributes', rows)
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
  }
}

/** Whose value it is; undefined: nobody's. */
async function findHolder(
  { db }: StoreContext,
  { tenantId, kind, attribute }: Parameters<UniqueAttributeRepository['findHolder']>[0],
  valueKey: string,
): Promise<string | undefined> {
  const row = await db
    .selectFrom('unique_attributes')
    .select('owner_id')
    .where('tenant_id', '=', tenantId)
    .where('kind', '=', kind)
    .where('attribute', '=', attribute)
    .where('value_key', '=', valueKey)
    .executeTakeFirst()
  return row?.owner_id
}

/** For an attribute that becomes unique, or need not be any more. */
function createSettlingMethods(
  context: StoreContext,
): Pick<UniqueAttributeRepository, 'findHolder' | 'add' | 'forget'> {
  const { db } = context
  return {
    findHolder: (attribute, valueKey) => findHolder(context, attribute, valueKey),

    /** The values that nobody had are their owners'. */
    async add({ tenantId, kind, attribute }, values) {
      if (values.length === 0) {
        return []
      }
      const key = { tenant_id: tenantId, kind, attribute }
      const rows = values.map(({ valueKey, ownerId }) => ({ ...key, value_key: valueKey, owner_id: ownerId }))
      // asking first which are there would walk the table: its rows of this transaction are in no statistics yet
      const added = await db
        .insertInto('unique_attributes')
        .values(rows)
        .onConflict((conflict) => conflict.doNothing())
        .returning('value_key')
        .execute()
      const isAdded = new Set(added.map((row) => row.value_key))
      return values.filter(({ valueKey }) => !isAdded.has(valueKey))
    },

    /** Every value of the attribute is free. */
    async forget(tenantId, kind, attribute) {
      await db
        .deleteFrom('unique_attributes')
        .where('tenant_id', '=', tenantId)
        .where('kind', '=', kind)
        .where('attribute', '=', attribute)
        .execute()
    },
  }
}

const ownersOfValues = prepareVariants<
  ChunkSize,
  Record<string, string>,
  { value_key: string; owner_id: string }
>(String, (db, value, size, dialect) =>
  dialect.forEachKey('value_key', placesOf(value, size), (isKey) =>
    db
      .selectFrom('unique_attributes')
      .select(['value_key', 'owner_id'])
      .where('tenant_id', '=', value('tenantId') as string)
      .where('kind', '=', value('kind') as string)
      .where('attribute', '=', value('attribute') as string)
      .where(isKey),
  ),
)

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
