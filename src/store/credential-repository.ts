import { sql } from 'kysely'
import type { StoreContext } from './context.ts'
import { flag, orNull } from './row-values.ts'
import type { CredentialChange, UserRepository } from './store.ts'

type CredentialMethods =
  | 'replaceCredential'
  | 'rehashCredential'
  | 'bumpCredentialVersion'
  | 'nextResetSequence'
  | 'rememberPassword'
  | 'listPasswordHistory'

/** Everything of a user that decides what signs in; call under the user's lock. */
export function createCredentialMethods({ db }: StoreContext): Pick<UserRepository, CredentialMethods> {
  const updateUser = (tenantId: string, userId: string) =>
    db.updateTable('users').where('tenant_id', '=', tenantId).where('id', '=', userId)

  const history = (tenantId: string, userId: string, limit: number) =>
    db
      .selectFrom('password_history')
      .where('tenant_id', '=', tenantId)
      .where('user_id', '=', userId)
      .orderBy('credential_version', 'desc')
      .limit(limit)

  return {
    /** The password is the given one, or none; every session, token and open sign-in of before is out of date. */
    async replaceCredential(tenantId, userId, change) {
      const row = await updateUser(tenantId, userId)
        .set(credentialRow(change))
        .set((eb) => ({ credential_version: eb('credential_version', '+', 1) }))
        .returning('credential_version')
        .executeTakeFirstOrThrow()
      return row.credential_version
    },

    /** The password is the same under another salt; sessions, tokens and open sign-ins of before go on. */
    async rehashCredential(tenantId, userId, { digest, salt, parameters }) {
      await updateUser(tenantId, userId)
        .set({ credential_digest: digest, credential_salt: salt, credential_parameters: parameters })
        .execute()
    },

    /** The password is the same; every session, token and open sign-in of before is out of date. */
    async bumpCredentialVersion(tenantId, userId) {
      const row = await updateUser(tenantId, userId)
        .set((eb) => ({ credential_version: eb('credential_version', '+', 1) }))
        .returning('credential_version')
        .executeTakeFirstOrThrow()
      return row.credential_version
    },

    /** The number is taken, whatever becomes of the reset. */
    async nextResetSequence(tenantId, userId) {
      const row = await updateUser(tenantId, userId)
        .set((eb) => ({ reset_sequence: eb('reset_sequence', '+', 1) }))
        .returning('reset_sequence')
        .executeTakeFirstOrThrow()
      return row.reset_sequence
    },

    /** The present password, if there is one, is in the history, once; the history holds the newest `keep`. */
    async rememberPassword(tenantId, userId, replacedAt, keep) {
      if (keep > 0) {
        await rememberPassword(db, tenantId, userId, replacedAt)
      }
      const newestToForget = history(tenantId, userId, 1).select('credential_version').offset(keep)
      await db
        .deleteFrom('password_history')
        .where('tenant_id', '=', tenantId)
        .where('user_id', '=', userId)
        .where('credential_version', '<=', newestToForget)
        .execute()
    },

    async listPasswordHistory(tenantId, userId, limit) {
      return await history(tenantId, userId, limit).select(['digest', 'salt', 'parameters']).execute()
    },
  }
}

async function rememberPassword(
  db: StoreContext['db'],
  tenantId: string,
  userId: string,
  replacedAt: number,
): Promise<void> {
  const present = db
    .selectFrom('users')
    .select((eb) => [
      'tenant_id',
      'id',
      'credential_version',
      'credential_salt',
      'credential_parameters',
      eb.ref('credential_digest').$notNull().as('digest'),
      sql<number>`cast(${replacedAt} as bigint)`.as('replaced_at'),
    ])
    .where('tenant_id', '=', tenantId)
    .where('id', '=', userId)
    .where('credential_digest', 'is not', null)
  await db
    .insertInto('password_history')
    .columns(['tenant_id', 'user_id', 'credential_version', 'salt', 'parameters', 'digest', 'replaced_at'])
    .expression(present)
    .onConflict((conflict) => conflict.columns(['tenant_id', 'user_id', 'credential_version']).doNothing())
    .execute()
}

function credentialRow(change: CredentialChange) {
  return {
    credential_digest: orNull(change.digest),
    credential_reset_id: orNull(change.resetId),
    must_change_password: flag(change.mustChangePassword),
    password_changed_at: change.changedAt,
    ...(change.salt === undefined ? {} : { credential_salt: change.salt }),
    ...(change.parameters === undefined ? {} : { credential_parameters: change.parameters }),
  }
}
