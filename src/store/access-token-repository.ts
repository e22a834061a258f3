import { applicationColumns, toApplication } from './application-repository.ts'
import type { StoreContext } from './context.ts'
import { deleteOldest } from './delete-oldest.ts'
import type { AccessTokenRepository } from './store.ts'

export function createAccessTokenRepository(context: StoreContext): AccessTokenRepository {
  const { db, dialect } = context
  return {
    async insert(token) {
      await db
        .insertInto('access_tokens')
        .values({
          tenant_id: token.tenantId,
          token_digest: token.tokenDigest,
          application_id: token.applicationId,
          application_version: token.applicationVersion,
          issued_at: token.issuedAt,
          expires_at: token.expiresAt,
        })
        .execute()
    },

    async findWithApplication(tenantId, tokenDigest) {
      const row = await db
        .selectFrom('access_tokens')
        .innerJoin('applications', (join) =>
          join
            .onRef('applications.tenant_id', '=', 'access_tokens.tenant_id')
            .onRef('applications.id', '=', 'access_tokens.application_id'),
        )
        .select(applicationColumns)
        .select([
          'access_tokens.application_version',
          'access_tokens.issued_at',
          'access_tokens.expires_at',
          dialect.now().as('now'),
        ])
        .where('access_tokens.tenant_id', '=', tenantId)
        .where('access_tokens.token_digest', '=', tokenDigest)
        .executeTakeFirst()
      return (
        row && {
          token: {
            tenantId,
            tokenDigest,
            applicationId: row.id,
            applicationVersion: row.application_version,
            issuedAt: row.issued_at,
            expiresAt: row.expires_at,
          },
          application: toApplication(row),
          now: row.now,
        }
      )
    },

    deleteExpiredOfAllTenants: (now, limit) =>
      deleteOldest(context, {
        table: 'access_tokens',
        key: ['tenant_id', 'token_digest'],
        column: 'expires_at',
        before: now,
        limit,
      }),
  }
}
