import type { StoreContext } from './context.ts'
import { deleteOldest } from './delete-oldest.ts'
import { type Places, prepareStatement, prepareVariants } from './prepared-statement.ts'
import { known, orNull } from './row-values.ts'
import type { SessionTable, StateTokenTable } from './session-tables.ts'
import type { Session, SessionRepository, StateToken, StateTokenPurpose } from './store.ts'

const sessionColumns = [
  'tenant_id',
  'id',
  'token_digest',
  'user_id',
  'application_id',
  'credential_version',
  'created_at',
  'expires_at',
  'device',
  'idle_seconds',
  'last_seen_at',
] as const satisfies readonly (keyof SessionTable)[]

export function createSessionRepository(context: StoreContext): SessionRepository {
  return {
    async insert(session) {
      await insertSession.run(context, toRow(session))
    },

    async find(tenantId, sessionId) {
      const row = await byId.first(context, { tenantId, sessionId })
      return row && toSession(row)
    },

    async findByToken(tenantId, tokenDigest) {
      const row = await byToken.first(context, { tenantId, tokenDigest })
      return row && toSession(row)
    },

    async listOfUser(tenantId, userId, limit) {
      const rows = await ofUser.all(context, { tenantId, userId, limit })
      return rows.map(({ application_name, ...row }) => ({
        ...toSession(row),
        applicationName: known(application_name),
      }))
    },

    async touch(tenantId, sessionId, now) {
      await touchOne.run(context, { tenantId, sessionId, now })
    },

    ...createStateTokenMethods(context),
    ...createEndingMethods(context),

    async deleteExpiredOfAllTenants(now, limit) {
      const expired = { column: 'expires_at', before: now, limit }
      const sessions = await deleteOldest(context, {
        ...expired,
        table: 'sessions',
        key: ['tenant_id', 'id'],
      })
      const stateTokens = await deleteOldest(context, {
        ...expired,
        table: 'state_tokens',
        key: ['tenant_id', 'token_digest'],
      })
      return sessions + stateTokens
    },
  }
}

function createEndingMethods(
  context: StoreContext,
): Pick<SessionRepository, 'replaceToken' | 'delete' | 'endAll'> {
  const { db } = context
  return {
    async replaceToken(session, { tokenDigest, expiresAt }) {
      const changed = await db
        .updateTable('sessions')
        .set({ token_digest: tokenDigest, expires_at: expiresAt })
        .where('tenant_id', '=', session.tenantId)
        .where('id', '=', session.id)
        .where('token_digest', '=', session.tokenDigest)
        .executeTakeFirst()
      return changed.numUpdatedRows > 0n
    },

    async delete(tenantId, sessionId) {
      const deleted = await db
        .deleteFrom('sessions')
        .where('tenant_id', '=', tenantId)
        .where('id', '=', sessionId)
        .executeTakeFirst()
      return deleted.numDeletedRows > 0n
    },

    /** The user has no session and no open sign-in. */
    async endAll(tenantId, userId) {
      const user = { tenantId, userId }
      return {
        sessions: await deleteOfUser.run(context, user, 'sessions'),
        stateTokens: await deleteOfUser.run(context, user, 'state_tokens'),
      }
    },
  }
}

function ofTenant(db: StoreContext['db'], tenantId: string) {
  return db.selectFrom('sessions').select(sessionColumns).where('tenant_id', '=', tenantId)
}

const byId = prepareStatement(
  (db, value: Places<{ readonly tenantId: string; readonly sessionId: string }>) =>
    ofTenant(db, value('tenantId')).where('id', '=', value('sessionId')),
)
const byToken = prepareStatement(
  (db, value: Places<{ readonly tenantId: string; readonly tokenDigest: string }>) =>
    ofTenant(db, value('tenantId')).where('token_digest', '=', value('tokenDigest')),
)
const ofUser = prepareStatement(
  (db, value: Places<{ readonly tenantId: string; readonly userId: string; readonly limit: number }>) =>
    db
      .selectFrom('sessions')
      .leftJoin('applications', (join) =>
        join
          .onRef('applications.tenant_id', '=', 'sessions.tenant_id')
          .onRef('applications.id', '=', 'sessions.application_id'),
      )
      .select(sessionColumns.map((column) => `sessions.${column}` as const))
      .select('applications.name as application_name')
      .where('sessions.tenant_id', '=', value('tenantId'))
      .where('sessions.user_id', '=', value('userId'))
      .orderBy('sessions.created_at', 'desc')
      .orderBy('sessions.id', 'desc')
      .limit(value('limit')),
)
const touchOne = prepareStatement(
  (db, value: Places<{ readonly tenantId: string; readonly sessionId: string; readonly now: number }>) =>
    db
      .updateTable('sessions')
      .set({ last_seen_at: value('now') })
      .where('tenant_id', '=', value('tenantId'))
      .where('id', '=', value('sessionId')),
)
const insertSession = prepareStatement((db, value: Places<SessionTable>) =>
  db
    .insertInto('sessions')
    .values(
      Object.fromEntries(sessionColumns.map((column) => [column, value(column)])) as unknown as SessionTable,
    ),
)
const deleteOfUser = prepareVariants(
  (table: 'sessions' | 'state_tokens') => table,
  (db, value: Places<{ readonly tenantId: string; readonly userId: string }>, table) =>
    db.deleteFrom(table).where('tenant_id', '=', value('tenantId')).where('user_id', '=', value('userId')),
)

function createStateTokenMethods({
  db,
}: StoreContext): Pick<
  SessionRepository,
  'insertStateToken' | 'findStateToken' | 'deleteStateToken' | 'hasLiveStateToken'
> {
  return {
    async insertStateToken(token) {
      await db.insertInto('state_tokens').values(toStateTokenRow(token)).execute()
    },

    async findStateToken(tenantId, tokenDigest) {
      const row = await db
        .selectFrom('state_tokens')
        .selectAll()
        .where('tenant_id', '=', tenantId)
        .where('token_digest', '=', tokenDigest)
        .executeTakeFirst()
      return row && toStateToken(row)
    },

    async deleteStateToken(tenantId, tokenDigest) {
      await db
        .deleteFrom('state_tokens')
        .where('tenant_id', '=', tenantId)
        .where('token_digest', '=', tokenDigest)
        .execute()
    },

    async hasLiveStateToken(tenantId, userId, resetId, now) {
      const row = await db
        .selectFrom('state_tokens')
        .select('token_digest')
        .where('tenant_id', '=', tenantId)
        .where('user_id', '=', userId)
        .where('reset_id', '=', resetId)
        .where('expires_at', '>', now)
        .limit(1)
        .executeTakeFirst()
      return row !== undefined
    },
  }
}

function toRow(session: Session): SessionTable {
  return {
    tenant_id: session.tenantId,
    id: session.id,
    token_digest: session.tokenDigest,
    user_id: session.userId,
    application_id: session.applicationId,
    credential_version: session.credentialVersion,
    created_at: session.createdAt,
    expires_at: session.expiresAt,
    device: orNull(session.device),
    idle_seconds: orNull(session.idleSeconds),
    last_seen_at: orNull(session.lastSeenAt),
  }
}

function toSession(row: SessionTable): Session {
  return {
    tenantId: row.tenant_id,
    id: row.id,
    tokenDigest: row.token_digest,
    userId: row.user_id,
    applicationId: row.application_id,
    credentialVersion: row.credential_version,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    device: known(row.device),
    idleSeconds: known(row.idle_seconds),
    lastSeenAt: known(row.last_seen_at),
  }
}

function toStateTokenRow(token: StateToken): StateTokenTable {
  return {
    tenant_id: token.tenantId,
    token_digest: token.tokenDigest,
    user_id: token.userId,
    application_id: token.applicationId,
    reset_id: orNull(token.resetId),
    credential_version: token.credentialVersion,
    created_at: token.createdAt,
    expires_at: token.expiresAt,
    purpose: token.purpose,
  }
}

function toStateToken(row: StateTokenTable): StateToken {
  return {
    tenantId: row.tenant_id,
    tokenDigest: row.token_digest,
    userId: row.user_id,
    applicationId: row.application_id,
    resetId: known(row.reset_id),
    purpose: row.purpose as StateTokenPurpose,
    credentialVersion: row.credential_version,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
  }
}
