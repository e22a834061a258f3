import { isStorableText } from '../core/users/is-storable-text.ts'
import { normaliseKey } from '../core/users/normalise-key.ts'
import type { StoreContext } from './context.ts'
import { addToCount } from './counts.ts'
import { findInChunks, placesOf } from './find-in-chunks.ts'
import type { ChunkSize } from './in-chunks.ts'
import { organizationColumns, toOrganization, toOrganizationRow } from './organization-rows.ts'
import type { OrganizationRepository } from './organization-store.ts'
import { createOrganizationTree, pathBelow } from './organization-tree.ts'
import { prepareVariants } from './prepared-statement.ts'
import { forgetUniqueAttributes } from './unique-attribute-repository.ts'

export function createOrganizationRepository(context: StoreContext): OrganizationRepository {
  const { db } = context
  return {
    ...createOrganizationTree(context),
    ...createFindingMethods(context),

    /** The organisation is there, below its parent, and counted. @throws DuplicateError `organizations_code` */
    async insert(organization) {
      const path = await pathBelow(context, organization.tenantId, organization)
      await db
        .insertInto('organizations')
        .values({ ...toOrganizationRow(organization), path })
        .execute()
      await addToCount(context, organization.tenantId, 'organization', 1)
    },

    /** Everything but the id and the time of creation is as given. @throws DuplicateError `organizations_code` */
    async update(organization) {
      const { tenant_id, id, created_at, ...changes } = toOrganizationRow(organization)
      await db
        .updateTable('organizations')
        .set(changes)
        .where('tenant_id', '=', tenant_id)
        .where('id', '=', id)
        .execute()
    },

    /** The organisation is neither there nor counted; what was in or below it is not looked at. */
    async delete(tenantId, organizationId) {
      const { numDeletedRows } = await db
        .deleteFrom('organizations')
        .where('tenant_id', '=', tenantId)
        .where('id', '=', organizationId)
        .executeTakeFirstOrThrow()
      if (numDeletedRows > 0n) {
        await addToCount(context, tenantId, 'organization', -1)
        const owner = { tenantId, kind: 'organizations', ownerId: organizationId } as const
        await forgetUniqueAttributes(context, owner)
      }
    },
  }
}

type Finding = 'list' | 'listAfter' | 'find' | 'findByCode' | 'findIds' | 'findCodes' | 'findFirstRoot'

function createFindingMethods(context: StoreContext): Pick<OrganizationRepository, Finding> {
  const { db } = context
  const organizations = (tenantId: string) =>
    db.selectFrom('organizations').select(organizationColumns).where('tenant_id', '=', tenantId)

  return {
    async list(tenantId) {
      return (await organizations(tenantId).orderBy('id').execute()).map(toOrganization)
    },

    async listAfter(tenantId, afterId, count) {
      const rows = await organizations(tenantId)
        .where('id', '>', afterId ?? '')
        .orderBy('id')
        .limit(count)
        .execute()
      return rows.map(toOrganization)
    },

    async find(tenantId, organizationId) {
      const row = await organizations(tenantId).where('id', '=', organizationId).executeTakeFirst()
      return row && toOrganization(row)
    },

    async findByCode(tenantId, code) {
      const row = await organizations(tenantId).where('code_key', '=', normaliseKey(code)).executeTakeFirst()
      return row && toOrganization(row)
    },

    async findIds(tenantId, codes) {
      const keys = codes.filter(isStorableText).map(normaliseKey)
      if (keys.length === 0) {
        return new Map()
      }
      const rows = await db
        .selectFrom('organizations')
        .select(['code_key', 'id'])
        .where('tenant_id', '=', tenantId)
        .where('code_key', 'in', keys)
        .execute()
      return new Map(rows.map((row) => [row.code_key, row.id]))
    },

    async findCodes(tenantId, ids) {
      const rows = await findInChunks(ids, ({ named, size }) =>
        codesOf.all(context, { ...named, tenantId }, size),
      )
      return new Map(rows.map(({ id, code }) => [id, code]))
    },

    async findFirstRoot(tenantId) {
      const row = await organizations(tenantId)
        .where('parent_id', 'is', null)
        .orderBy('parent_id') // so that PostgreSQL looks the roots up, instead of walking all to the first
        .orderBy('id')
        .limit(1)
        .executeTakeFirst()
      return row?.id
    },
  }
}

const codesOf = prepareVariants<ChunkSize, Record<string, string>, { id: string; code: string }>(
  String,
  (db, value, size, dialect) =>
    dialect.forEachKey('id', placesOf(value, size), (isKey) =>
      db
        .selectFrom('organizations')
        .select(['id', 'code'])
        .where('tenant_id', '=', value('tenantId') as string)
        .where(isKey),
    ),
)
