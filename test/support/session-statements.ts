import type { HotStatement } from './code-statements.ts'

/** Of sessions, open sign-ins, and counts of wrong passwords. */
export const sessionStatements: Record<string, HotStatement> = {
  'session by token': { run: ({ sessions }) => sessions.findByToken('t1', 'a'), indexes: ['sessions_token'] },
  'state token': {
    run: ({ sessions }) => sessions.findStateToken('t1', 'a'),
    indexes: ['state_tokens_pkey'],
  },
  'ending a state token': {
    run: ({ sessions }) => sessions.deleteStateToken('t1', 'a'),
    indexes: ['state_tokens_pkey'],
  },
  'sessions of a user': {
    run: ({ sessions }) => sessions.listOfUser('t1', 'u1', 10),
    indexes: ['applications_pkey', 'sessions_user'],
  },
  'using a session': {
    run: ({ sessions }) => sessions.touch('t1', 's1', 5),
    indexes: ['sessions_pkey'],
  },
  'ending sessions': {
    run: ({ sessions }) => sessions.endAll('t1', 'u1'),
    indexes: ['sessions_user', 'state_tokens_user'],
    cascades: ['session_tickets_session'],
  },
  'sweeping sessions': {
    run: ({ sessions }) => sessions.deleteExpiredOfAllTenants(5, 10),
    indexes: ['sessions_expires_at', 'sessions_pkey', 'state_tokens_expires_at', 'state_tokens_pkey'],
    cascades: ['session_tickets_session'],
  },
  'sweeping failures': {
    run: ({ signInFailures }) => signInFailures.deleteOldOfAllTenants(5, 10),
    indexes: ['sign_in_failures_last_failed_at', 'sign_in_failures_pkey'],
  },
  'locks to tell of': {
    run: ({ signInFailures }) => signInFailures.listUntoldOfAllTenants(10),
    indexes: ['sign_in_failures_untold'],
  },
  'marking a lock as told': {
    run: ({ signInFailures }) =>
      signInFailures.markTold(
        { tenantId: 't1', subject: 'user:u1', lockedUntil: 5, lockedAt: 1, toldAt: undefined },
        5,
      ),
    indexes: ['sign_in_failures_pkey'],
  },
}
