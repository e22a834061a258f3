import { applicationColumns, toApplication } from './application-repository.ts'
import type { StoreContext } from './context.ts'
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

    deleteExpiredOfAllTenants: (now, limit) => deleteExpired(context, now, limit),
  }
}

async function deleteExpired({ db, dialect }: StoreContext, now: number, limit: number): Promise<number> {
  const expired = db
    .selectFrom('access_tokens')
    .select(['tenant_id', 'token_digest'])
    .where('expires_at', '<', now)
    .orderBy('expires_at')
    .limit(limit)
    // what another process is sweeping away already
    .$if(dialect.hasRowLocks, (query) => query.forUpdate().skipLocked())
  const deleted = await db
    .deleteFrom('access_tokens')
    .where(({ eb, refTuple }) =>
      eb(refTuple('tenant_id', 'token_digest'), 'in', expired.$asTuple('tenant_id', 'token_digest')),
    )
    .executeTakeFirst()
  return Number(deleted.numDeletedRows)
}
