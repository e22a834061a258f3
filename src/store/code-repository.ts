import type { ExpressionBuilder } from 'kysely'
import type { Code } from '../core/codes/code.ts'
import type { CodePurpose } from '../core/codes/code-purpose.ts'
import type { SendMode } from '../core/tenants/tenant.ts'
import type { CodeKey, CodeRepository } from './code-store.ts'
import type { CodeTable } from './code-tables.ts'
import type { StoreContext } from './context.ts'
import { deleteOldest } from './delete-oldest.ts'
import type { Tables } from './tables.ts'

export function createCodeRepository(context: StoreContext): CodeRepository {
  const { db } = context
  return {
    async put(code) {
      const row = { ...toCodeRow(code), tries: 0 }
      await db
        .insertInto('codes')
        .values(row)
        .onConflict((conflict) =>
          conflict.columns(['tenant_id', 'user_id', 'channel', 'purpose']).doUpdateSet(row),
        )
        .execute()
    },

    async countTry(key, purposes, triesMax, now) {
      const rows = await db
        .updateTable('codes')
        .set((eb) => ({ tries: eb('tries', '+', 1) }))
        .where(isOneOf(key, purposes))
        .where('tries', '<', triesMax)
        .where('expires_at', '>', now)
        .returningAll()
        .execute()
      return rows.map(toCode)
    },

    async find(key, purposes, now) {
      const rows = await db
        .selectFrom('codes')
        .selectAll()
        .where(isOneOf(key, purposes))
        .where('expires_at', '>', now)
        .execute()
      return rows.map(toCode)
    },

    async consume(code, now) {
      const deleted = await db
        .deleteFrom('codes')
        .where(isOneOf(code, [code.purpose]))
        .where('code_mac', '=', code.codeMac)
        .where('expires_at', '>', now)
        .executeTakeFirst()
      return deleted.numDeletedRows > 0n
    },

    deleteExpiredOfAllTenants: (now, limit) =>
      deleteOldest(context, {
        table: 'codes',
        key: ['tenant_id', 'user_id', 'channel', 'purpose'],
        column: 'expires_at',
        before: now,
        limit,
      }),
  }
}

/** The user's codes of these purposes, by the primary key. */
function isOneOf({ tenantId, userId, channel }: CodeKey, purposes: readonly CodePurpose[]) {
  return ({ and, eb }: ExpressionBuilder<Tables, 'codes'>) =>
    and([
      eb('tenant_id', '=', tenantId),
      eb('user_id', '=', userId),
      eb('channel', '=', channel),
      eb('purpose', 'in', purposes),
    ])
}

function toCodeRow(code: Code): Omit<CodeTable, 'tries'> {
  return {
    tenant_id: code.tenantId,
    user_id: code.userId,
    channel: code.channel,
    purpose: code.purpose,
    code_mac: code.codeMac,
    credential_version: code.credentialVersion,
    expires_at: code.expiresAt,
  }
}

function toCode(row: CodeTable): Code {
  return {
    tenantId: row.tenant_id,
    userId: row.user_id,
    channel: row.channel as SendMode,
    purpose: row.purpose as CodePurpose,
    codeMac: row.code_mac,
    credentialVersion: row.credential_version,
    expiresAt: row.expires_at,
  }
}
