import { sql } from 'kysely'
import { applicationColumns, bundlesOfApplication, toApplication } from './application-rows.ts'
import type { StoreContext } from './context.ts'
import { deleteOldest } from './delete-oldest.ts'
import { type Places, prepareStatement } from './prepared-statement.ts'
import type { AccessToken, AccessTokenRepository } from './store.ts'

const asText = (value: string) => sql<string>`cast(${value} as text)`
const asNumber = (value: number) => sql<number>`cast(${value} as bigint)`

export function createAccessTokenRepository(context: StoreContext): AccessTokenRepository {
  return {
    /** False: the application was changed since it was read, or is gone, and there is no token. */
    insert: async (token) => (await insertForVersion.run(context, token)) === 1,

    async findWithApplication(tenantId, tokenDigest) {
      const row = await withApplication.first(context, { tenantId, tokenDigest })
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

const withApplication = prepareStatement(
  (db, value: Places<Pick<AccessToken, 'tenantId' | 'tokenDigest'>>, dialect) =>
    db
      .selectFrom('access_tokens')
      .innerJoin('applications', (join) =>
        join
          .onRef('applications.tenant_id', '=', 'access_tokens.tenant_id')
          .onRef('applications.id', '=', 'access_tokens.application_id'),
      )
      .select(applicationColumns)
      .select([
        bundlesOfApplication,
        'access_tokens.application_version',
        'access_tokens.issued_at',
        'access_tokens.expires_at',
        dialect.now().as('now'),
      ])
      .where('access_tokens.tenant_id', '=', value('tenantId'))
      .where('access_tokens.token_digest', '=', value('tokenDigest')),
)

const insertForVersion = prepareStatement((db, value: Places<AccessToken>, dialect) =>
  db
    .insertInto('access_tokens')
    .columns([
      'tenant_id',
      'token_digest',
      'application_id',
      'application_version',
      'issued_at',
      'expires_at',
    ])
    .expression((builder) => {
      const application = builder
        .selectFrom('applications')
        .select([
          'tenant_id',
          asText(value('tokenDigest')).as('token_digest'),
          'id',
          'version',
          asNumber(value('issuedAt')).as('issued_at'),
          asNumber(value('expiresAt')).as('expires_at'),
        ])
        .where('tenant_id', '=', value('tenantId'))
        .where('id', '=', value('applicationId'))
        .where('version', '=', value('applicationVersion'))
      // waits for who is just removing or changing it, and then sees what they did
      return dialect.hasRowLocks ? application.forKeyShare() : application
    }),
)
