import { sql } from 'kysely'
import type { StoreContext } from './context.ts'
import { type Places, prepareStatement } from './prepared-statement.ts'
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
export function createCredentialMethods(context: StoreContext): Pick<UserRepository, CredentialMethods> {
  return {
    /** The password is the given one, or none; every session, token and open sign-in of before is out of date. */
    async replaceCredential(tenantId, userId, change) {
      const row = credentialRow(change)
      const isResalted = change.salt !== undefined || change.parameters !== undefined
      const changed = isResalted
        ? await updateUser(context.db, tenantId, userId)
            .set(row)
            .set((eb) => ({ credential_version: eb('credential_version', '+', 1) }))
            .returning('credential_version')
            .executeTakeFirstOrThrow()
        : await replaceUnderSameSalt.first(context, { tenantId, userId, ...row })
      return requireRow(changed).credential_version
    },

    /** The password is the same under another salt; sessions, tokens and open sign-ins of before go on. */
    async rehashCredential(tenantId, userId, { digest, salt, parameters }) {
      await updateUser(context.db, tenantId, userId)
        .set({ credential_digest: digest, credential_salt: salt, credential_parameters: parameters })
        .execute()
    },

    /** The password is the same; every session, token and open sign-in of before is out of date. */
    async bumpCredentialVersion(tenantId, userId) {
      const row = await updateUser(context.db, tenantId, userId)
        .set((eb) => ({ credential_version: eb('credential_version', '+', 1) }))
        .returning('credential_version')
        .executeTakeFirstOrThrow()
      return row.credential_version
    },

    /** The number is taken, whatever becomes of the reset. */
    async nextResetSequence(tenantId, userId) {
      return requireRow(await takeResetSequence.first(context, { tenantId, userId })).reset_sequence
    },

    /** The present password, if there is one, is in the history, once; the history holds the newest `keep`. */
    async rememberPassword(tenantId, userId, replacedAt, keep) {
      if (keep > 0) {
        await rememberPresent.run(context, { tenantId, userId, replacedAt })
      }
      await forgetOlder.run(context, { tenantId, userId, keep })
    },

    async listPasswordHistory(tenantId, userId, limit) {
      return await listHistory.all(context, { tenantId, userId, limit })
    },
  }
}

interface UserKey {
  readonly tenantId: string
  readonly userId: string
}

function updateUser(db: StoreContext['db'], tenantId: string, userId: string) {
  return db.updateTable('users').where('tenant_id', '=', tenantId).where('id', '=', userId)
}

const replaceUnderSameSalt = prepareStatement(
  (db, value: Places<UserKey & ReturnType<typeof credentialRow>>) =>
    updateUser(db, value('tenantId'), value('userId'))
      .set({
        credential_digest: value('credential_digest'),
        credential_reset_id: value('credential_reset_id'),
        must_change_password: value('must_change_password'),
        password_changed_at: value('password_changed_at'),
      })
      .set((eb) => ({ credential_version: eb('credential_version', '+', 1) }))
      .returning('credential_version'),
)

const takeResetSequence = prepareStatement((db, value: Places<UserKey>) =>
  updateUser(db, value('tenantId'), value('userId'))
    .set((eb) => ({ reset_sequence: eb('reset_sequence', '+', 1) }))
    .returning('reset_sequence'),
)

/** @throws Error the user, whom the caller has locked, is not there: a defect of ours */
function requireRow<R>(row: R | undefined): R {
  if (row === undefined) {
    throw new Error('a user was changed who is not there')
  }
  return row
}

function history(db: StoreContext['db'], tenantId: string, userId: string, limit: number) {
  return db
    .selectFrom('password_history')
    .where('tenant_id', '=', tenantId)
    .where('user_id', '=', userId)
    .orderBy('credential_version', 'desc')
    .limit(limit)
}

const listHistory = prepareStatement((db, value: Places<UserKey & { readonly limit: number }>) =>
  history(db, value('tenantId'), value('userId'), value('limit')).select(['digest', 'salt', 'parameters']),
)

const forgetOlder = prepareStatement((db, value: Places<UserKey & { readonly keep: number }>) =>
  db
    .deleteFrom('password_history')
    .where('tenant_id', '=', value('tenantId'))
    .where('user_id', '=', value('userId'))
    .where(
      'credential_version',
      '<=',
      history(db, value('tenantId'), value('userId'), 1).select('credential_version').offset(value('keep')),
    ),
)

const rememberPresent = prepareStatement((db, value: Places<UserKey & { readonly replacedAt: number }>) => {
  const present = db
    .selectFrom('users')
    .select((eb) => [
      'tenant_id',
      'id',
      'credential_version',
      'credential_salt',
      'credential_parameters',
      eb.ref('credential_digest').$notNull().as('digest'),
      sql<number>`cast(${value('replacedAt')} as bigint)`.as('replaced_at'),
    ])
    .where('tenant_id', '=', value('tenantId'))
    .where('id', '=', value('userId'))
    .where('credential_digest', 'is not', null)
  return db
    .insertInto('password_history')
    .columns(['tenant_id', 'user_id', 'credential_version', 'salt', 'parameters', 'digest', 'replaced_at'])
    .expression(present)
    .onConflict((conflict) => conflict.columns(['tenant_id', 'user_id', 'credential_version']).doNothing())
})

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
