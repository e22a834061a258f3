import type { Notice, NoticeEvent } from '../core/notices/notice.ts'
import type { SendMode } from '../core/tenants/tenant.ts'
import { claimOldestDue } from './claim-oldest-due.ts'
import type { StoreContext } from './context.ts'
import type { NoticeRepository } from './notices-store.ts'
import type { NoticeTable } from './tables.ts'

export function createNoticeRepository(context: StoreContext): NoticeRepository {
  const { db } = context
  return {
    async insert(notice) {
      await db.insertInto('notices').values(toRow(notice)).execute()
    },

    async claimOfAllTenants(now, leaseUntil) {
      const row = await claimOldestDue(context, 'notices', now, leaseUntil)
      return row && toNotice(row)
    },

    async putOff({ tenantId, id, attempts }, dueAt) {
      const changed = await db
        .updateTable('notices')
        .set(({ eb }) => ({ due_at: dueAt, unsettled_attempts: eb('unsettled_attempts', '-', 1) }))
        .where('tenant_id', '=', tenantId)
        .where('id', '=', id)
        .where('attempts', '=', attempts)
        .executeTakeFirst()
      return changed.numUpdatedRows > 0n
    },

    async finish({ tenantId, id, attempts }) {
      const deleted = await db
        .deleteFrom('notices')
        .where('tenant_id', '=', tenantId)
        .where('id', '=', id)
        .where('attempts', '=', attempts)
        .executeTakeFirst()
      return deleted.numDeletedRows > 0n
    },

    async deleteOfUser(tenantId, userId) {
      await db.deleteFrom('notices').where('tenant_id', '=', tenantId).where('user_id', '=', userId).execute()
    },
  }
}

function toRow(notice: Notice): NoticeTable {
  return {
    tenant_id: notice.tenantId,
    id: notice.id,
    user_id: notice.userId,
    event: notice.event,
    channel: notice.channel,
    destination_sealed: notice.destinationSealed,
    variables_json: JSON.stringify(notice.variables),
    created_at: notice.createdAt,
    due_at: notice.dueAt,
    deadline_at: notice.deadlineAt,
    attempts: notice.attempts,
    unsettled_attempts: notice.unsettledAttempts,
  }
}

function toNotice(row: NoticeTable): Notice {
  return {
    tenantId: row.tenant_id,
    id: row.id,
    userId: row.user_id,
    event: row.event as NoticeEvent,
    channel: row.channel as SendMode,
    destinationSealed: row.destination_sealed,
    variables: JSON.parse(row.variables_json) as Notice['variables'],
    createdAt: row.created_at,
    dueAt: row.due_at,
    deadlineAt: row.deadline_at,
    attempts: row.attempts,
    unsettledAttempts: row.unsettled_attempts,
  }
}
