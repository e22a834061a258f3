import { type RawBuilder, sql } from 'kysely'
import type { CodeRequest } from '../core/codes/code.ts'
import type { CodePurpose } from '../core/codes/code-purpose.ts'
import type { SendMode } from '../core/tenants/tenant.ts'
import { claimOldestDue } from './claim-oldest-due.ts'
import type { CodeRequestRepository, CodeScope } from './code-store.ts'
import type { CodeRequestTable } from './code-tables.ts'
import type { StoreContext } from './context.ts'
import { deleteOldest } from './delete-oldest.ts'
import { known, orNull } from './row-values.ts'

export function createCodeRequestRepository(context: StoreContext): CodeRequestRepository {
  const { db, dialect } = context
  /** The claim that is still this process's own. */
  const update = ({ tenantId, id, attempts }: CodeRequest) =>
    db
      .updateTable('code_requests')
      .where('tenant_id', '=', tenantId)
      .where('id', '=', id)
      .where('attempts', '=', attempts)
      .where('due_at', 'is not', null)

  return {
    async insert(request) {
      await db.insertInto('code_requests').values(toRequestRow(request)).execute()
    },

    async claimOfAllTenants(now, leaseUntil) {
      const row = await claimOldestDue(context, 'code_requests', now, leaseUntil)
      return row && toRequest(row)
    },

    async assign(claimed, userId) {
      return (await update(claimed).set({ user_id: userId }).executeTakeFirst()).numUpdatedRows > 0n
    },

    async putOff(claimed, dueAt) {
      const changed = await update(claimed)
        .set(({ eb }) => ({ due_at: dueAt, unsettled_attempts: eb('unsettled_attempts', '-', 1) }))
        .executeTakeFirst()
      return changed.numUpdatedRows > 0n
    },

    async finish(claimed) {
      const changed = await update(claimed).set({ due_at: null, contact_sealed: null }).executeTakeFirst()
      return changed.numUpdatedRows > 0n
    },

    /** Walks over at most `n` entries of an index, however many there are. */
    async findNthNewest(tenantId, scope, since, n) {
      const row = await db
        .selectFrom('code_requests')
        .select('created_at')
        .where('tenant_id', '=', tenantId)
        .where(inScope(scope))
        .where('created_at', '>', since)
        .orderBy('created_at', 'desc')
        .limit(1)
        .offset(n - 1)
        .executeTakeFirst()
      return row?.created_at
    },

    async lockScope(tenantId, scope) {
      await dialect.lockName(db, JSON.stringify(['codes', tenantId, scope]))
    },

    deleteOldOfAllTenants: (before, limit) =>
      deleteOldest(context, {
        table: 'code_requests',
        key: ['tenant_id', 'id'],
        column: 'created_at',
        before,
        limit,
      }),
  }
}

function inScope(scope: CodeScope): RawBuilder<boolean> {
  switch (scope.kind) {
    case 'contact':
      return sql<boolean>`contact_mac = ${scope.contactMac}`
    case 'address':
      return sql<boolean>`address_mac = ${scope.addressMac}`
    case 'user':
      return sql<boolean>`user_id = ${scope.userId}`
    case 'tenant':
      return sql<boolean>`1 = 1`
  }
}

function toRequestRow(request: CodeRequest): CodeRequestTable {
  return {
    tenant_id: request.tenantId,
    id: request.id,
    purpose: request.purpose,
    channel: request.channel,
    contact_sealed: orNull(request.contactSealed),
    contact_mac: request.contactMac,
    address_mac: orNull(request.addressMac),
    user_id: null,
    created_at: request.createdAt,
    due_at: orNull(request.dueAt),
    deadline_at: request.deadlineAt,
    attempts: request.attempts,
    unsettled_attempts: request.unsettledAttempts,
  }
}

function toRequest(row: CodeRequestTable): CodeRequest {
  return {
    tenantId: row.tenant_id,
    id: row.id,
    purpose: row.purpose as CodePurpose,
    channel: row.channel as SendMode,
    contactSealed: known(row.contact_sealed),
    contactMac: row.contact_mac,
    addressMac: known(row.address_mac),
    createdAt: row.created_at,
    dueAt: known(row.due_at),
    deadlineAt: row.deadline_at,
    attempts: row.attempts,
    unsettledAttempts: row.unsettled_attempts,
  }
}
