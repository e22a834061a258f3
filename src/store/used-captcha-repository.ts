import type { StoreContext } from './context.ts'
import { deleteOldest } from './delete-oldest.ts'

export interface UsedCaptchaRepository {
  /** False: it was used before. */
  insert(tenantId: string, captchaDigest: string, expiresAt: number): Promise<boolean>
  deleteExpiredOfAllTenants(now: number, limit: number): Promise<number>
}

export function createUsedCaptchaRepository(context: StoreContext): UsedCaptchaRepository {
  const { db } = context
  return {
    async insert(tenantId, captchaDigest, expiresAt) {
      const inserted = await db
        .insertInto('used_captchas')
        .values({ tenant_id: tenantId, captcha_digest: captchaDigest, expires_at: expiresAt })
        .onConflict((conflict) => conflict.columns(['tenant_id', 'captcha_digest']).doNothing())
        .executeTakeFirst()
      return (inserted.numInsertedOrUpdatedRows ?? 0n) > 0n
    },

    deleteExpiredOfAllTenants: (now, limit) =>
      deleteOldest(context, {
        table: 'used_captchas',
        key: ['tenant_id', 'captcha_digest'],
        column: 'expires_at',
        before: now,
        limit,
      }),
  }
}
