import { sql } from 'kysely'
import type { AuditChainRepository, AuditHead, StoredAuditRow } from './audit-chain-store.ts'
import type { StoreContext } from './context.ts'
import { known } from './row-values.ts'
import type { AuditHeadTable, AuditTable } from './tables.ts'

type Moving = 'moveHead' | 'placeRows' | 'deleteSealedUpTo' | 'releaseLeasesOfAllTenants'

/** Said literally, as the partial indexes say it. */
const isUnsealed = sql<boolean>`sequence is null`
const isSealed = sql<boolean>`sequence is not null`

const rowColumns = [
  ...(['tenant_id', 'at', 'id', 'action', 'actor_kind', 'actor_id'] as const),
  ...(['target_kind', 'target_id', 'request_id', 'detail_json'] as const),
] as const
const headColumns = [
  ...(['tenant_id', 'sequence', 'digest', 'sealed_at'] as const),
  ...(['removed_sequence', 'removed_digest', 'key_check', 'mac'] as const),
] as const

export function createAuditChainRepository(context: StoreContext): AuditChainRepository {
  return { ...createReadingMethods(context), ...createMovingMethods(context) }
}

function createReadingMethods(context: StoreContext): Omit<AuditChainRepository, Moving> {
  const { db } = context
  return {
    async findHead(tenantId) {
      const row = await db
        .selectFrom('audit_heads')
        .select(headColumns)
        .where('tenant_id', '=', tenantId)
        .executeTakeFirst()
      return row && toHead(row)
    },

    listUnsealedOfAllTenants: (afterTenantId, limit) => listUnsealedTenants(context, afterTenantId, limit),

    async listUnsealed(tenantId, limit) {
      const rows = await db
        .selectFrom('audit_rows')
        .select(rowColumns)
        .where('tenant_id', '=', tenantId)
        .where(isUnsealed)
        .orderBy('at')
        .orderBy('id')
        .limit(limit)
        .execute()
      return rows.map(toStoredRow)
    },

    async countUnsealed(tenantId) {
      const counted = await db
        .selectFrom('audit_rows')
        .select(({ fn }) => [fn.countAll<number>().as('count'), fn.min('at').as('oldest_at')])
        .where('tenant_id', '=', tenantId)
        .where(isUnsealed)
        .executeTakeFirst()
      return { count: counted?.count ?? 0, oldestAt: known(counted?.oldest_at ?? null) }
    },

    async listSealed(tenantId, afterSequence, limit) {
      const rows = await db
        .selectFrom('audit_rows')
        .select([...rowColumns, 'sequence', 'digest'])
        .where('tenant_id', '=', tenantId)
        .where(isSealed)
        .where('sequence', '>', afterSequence)
        .orderBy('sequence')
        .limit(limit)
        .execute()
      return rows.map((row) => ({
        ...toStoredRow(row),
        sequence: row.sequence ?? 0,
        digest: row.digest ?? '',
      }))
    },
  }
}

type UnsealedRow = { readonly [K in keyof AuditHeadTable]: AuditHeadTable[K] | null } & {
  readonly unsealed_tenant_id: string
  readonly oldest_at: number
}

/** From tenant to tenant through the index, one search each, however many rows of a tenant wait. */
async function listUnsealedTenants({ db }: StoreContext, afterTenantId: string, limit: number) {
  const next = (after: unknown) => sql`(select tenant_id from audit_rows
    where sequence is null and tenant_id > ${after} order by tenant_id limit 1)`
  const { rows } = await sql<UnsealedRow>`
    select found.unsealed_tenant_id, audit_heads.*,
      (select at from audit_rows where sequence is null and tenant_id = found.unsealed_tenant_id
        order by at limit 1) as oldest_at
    from (
      with recursive found (unsealed_tenant_id) as (
        select ${next(afterTenantId)} as unsealed_tenant_id
        union all
        select ${next(sql.ref('found.unsealed_tenant_id'))} from found
          where found.unsealed_tenant_id is not null
      )
      select unsealed_tenant_id from found where unsealed_tenant_id is not null limit ${limit}
    ) as found
    left join audit_heads on audit_heads.tenant_id = found.unsealed_tenant_id`.execute(db)
  return rows.map((row) => ({
    tenantId: row.unsealed_tenant_id,
    oldestAt: row.oldest_at,
    head: row.tenant_id === null ? undefined : toHead(row as AuditHeadTable),
    lease:
      row.lease_holder === null
        ? undefined
        : { holder: row.lease_holder, expiresAt: row.lease_expires_at ?? 0 },
  }))
}

function createMovingMethods({ db, dialect }: StoreContext): Pick<AuditChainRepository, Moving> {
  return {
    /** True: the head is as given. False: another process has moved it, nothing changed. */
    async moveHead(head, expectedMac, lease) {
      const leased =
        lease === undefined ? {} : { lease_holder: lease.holder, lease_expires_at: lease.expiresAt }
      if (expectedMac === undefined) {
        const inserted = await db
          .insertInto('audit_heads')
          .values({ ...toHeadRow(head), lease_holder: null, lease_expires_at: 0, ...leased })
          .onConflict((conflict) => conflict.column('tenant_id').doNothing())
          .executeTakeFirst()
        return inserted.numInsertedOrUpdatedRows === 1n
      }
      const moved = await db
        .updateTable('audit_heads')
        .set({ ...toHeadRow(head), ...leased })
        .where('tenant_id', '=', head.tenantId)
        .where('mac', '=', expectedMac)
        .executeTakeFirst()
      return moved.numUpdatedRows === 1n
    },

    placeRows: (tenantId, rows) => dialect.placeAuditRows(db, tenantId, rows),

    async deleteSealedUpTo(tenantId, sequence) {
      const deleted = await db
        .deleteFrom('audit_rows')
        .where('tenant_id', '=', tenantId)
        .where(isSealed)
        .where('sequence', '<=', sequence)
        .executeTakeFirst()
      return Number(deleted.numDeletedRows)
    },

    async releaseLeasesOfAllTenants(holder) {
      await db
        .updateTable('audit_heads')
        .set({ lease_expires_at: 0 })
        .where('lease_holder', '=', holder)
        .execute()
    },
  }
}

/** A row of the record, as it is sealed. */
export function toStoredRow(row: Pick<AuditTable, (typeof rowColumns)[number]>): StoredAuditRow {
  return {
    tenantId: row.tenant_id,
    at: row.at,
    id: row.id,
    action: row.action,
    actorKind: row.actor_kind,
    actorId: known(row.actor_id),
    targetKind: row.target_kind,
    targetId: known(row.target_id),
    requestId: known(row.request_id),
    detailJson: row.detail_json,
  }
}

function toHead(row: Pick<AuditHeadTable, (typeof headColumns)[number]>): AuditHead {
  return {
    tenantId: row.tenant_id,
    sequence: row.sequence,
    digest: row.digest,
    sealedAt: row.sealed_at,
    removedSequence: row.removed_sequence,
    removedDigest: row.removed_digest,
    keyCheck: row.key_check,
    mac: row.mac,
  }
}

function toHeadRow(head: AuditHead): Omit<AuditHeadTable, 'lease_holder' | 'lease_expires_at'> {
  return {
    tenant_id: head.tenantId,
    sequence: head.sequence,
    digest: head.digest,
    sealed_at: head.sealedAt,
    removed_sequence: head.removedSequence,
    removed_digest: head.removedDigest,
    key_check: head.keyCheck,
    mac: head.mac,
  }
}
