import { sql } from 'kysely'
import type { AuditRow } from '../audit/audit-row.ts'
import type { StoreContext } from './context.ts'
import { insertRows } from './insert-rows.ts'
import { type Places, prepareStatement } from './prepared-statement.ts'
import { known, orNull } from './row-values.ts'
import type { AuditEntry, AuditRepository } from './store.ts'
import type { AuditTable } from './tables.ts'

export function createAuditRepository(context: StoreContext): AuditRepository {
  const { db, nextAuditId } = context
  const rowsOf = (tenantId: string) =>
    db
      .selectFrom('audit_rows')
      .select(['id', 'at', 'action', 'actor_kind', 'actor_id', 'target_kind', 'target_id', 'request_id'])
      .select('detail_json')
      .where('tenant_id', '=', tenantId)

  return {
    /** The fact is on record with the time of now, if the transaction commits. */
    async append(row) {
      await insertNow.run(context, toRow(row, nextAuditId()))
    },

    /** The facts are on record, their ids in the order given, each with the time of now, if the transaction commits. */
    async appendAll(rows) {
      await insertRows(
        context,
        'audit_rows',
        rows.map((row) => toRow(row, nextAuditId())),
        'at',
      )
    },

    async list(tenantId, limit) {
      const rows = await rowsOf(tenantId).orderBy('at', 'desc').orderBy('id', 'desc').limit(limit).execute()
      return rows.map((row) => toEntry(tenantId, row))
    },

    async listOfUser(tenantId, userId, limit) {
      const rows = await rowsOf(tenantId)
        .where('target_kind', '=', sql.lit('user')) // literally: of the index's condition
        .where('target_id', '=', userId)
        .orderBy('at', 'desc')
        .orderBy('id', 'desc')
        .limit(limit)
        .execute()
      return rows.map((row) => toEntry(tenantId, row))
    },

    async listOfTarget(tenantId, targetId, { from, until }) {
      const rows = await rowsOf(tenantId)
        .where('at', '>=', from)
        .where('at', '<=', until)
        .where('target_id', '=', targetId)
        .orderBy('at')
        .orderBy('id')
        .execute()
      return rows.map((row) => toEntry(tenantId, row))
    },
  }
}

const insertNow = prepareStatement(
  (db, value: Places<Omit<AuditTable, 'at' | 'sequence' | 'digest'>>, dialect) =>
    db.insertInto('audit_rows').values({
      tenant_id: value('tenant_id'),
      at: dialect.now(),
      id: value('id'),
      action: value('action'),
      actor_kind: value('actor_kind'),
      actor_id: value('actor_id'),
      target_kind: value('target_kind'),
      target_id: value('target_id'),
      request_id: value('request_id'),
      detail_json: value('detail_json'),
    }),
)

function toRow(row: AuditRow, id: string): Omit<AuditTable, 'at' | 'sequence' | 'digest'> {
  return {
    tenant_id: row.tenantId,
    id,
    action: row.action,
    actor_kind: row.actor.kind,
    actor_id: orNull(row.actor.id),
    target_kind: row.targetKind,
    target_id: orNull(row.targetId),
    request_id: orNull(row.requestId),
    detail_json: JSON.stringify(row.detail),
  }
}

function toEntry(tenantId: string, row: Omit<AuditTable, 'tenant_id' | 'sequence' | 'digest'>): AuditEntry {
  return {
    tenantId,
    id: row.id,
    at: row.at,
    action: row.action,
    actor: { kind: row.actor_kind as AuditRow['actor']['kind'], id: known(row.actor_id) },
    targetKind: row.target_kind as AuditRow['targetKind'],
    targetId: known(row.target_id),
    requestId: known(row.request_id),
    detail: JSON.parse(row.detail_json) as AuditRow['detail'],
  }
}
