import type { CodeRequest } from '../../src/core/codes/code.ts'
import type { Repositories } from '../../src/store/store.ts'

export interface HotStatement {
  readonly run: (repositories: Repositories) => Promise<unknown>
  /** By name; `…_pkey` is the primary key's. */
  readonly indexes: readonly string[]
  /** Of rows that go along with deleted ones: SQLite's plans name them too. */
  readonly cascades?: readonly string[]
}

const aWish: CodeRequest = {
  ...{ tenantId: 't1', id: 'c1', contactSealed: 's', contactMac: 'm' },
  ...({ purpose: 'sign-in', channel: 'SMS' } as const),
  ...{ addressMac: 'm', createdAt: 1, dueAt: 1, deadlineAt: 2, attempts: 1, unsettledAttempts: 1 },
}

/** Of one-time codes, captchas and tickets. */
export const codeStatements: Record<string, HotStatement> = {
  'claiming a wish for a code': {
    run: ({ codeRequests }) => codeRequests.claimOfAllTenants(5, 10),
    indexes: ['code_requests_due_at', 'code_requests_pkey'],
  },
  'settling a wish for a code': {
    run: async ({ codeRequests }) => {
      await codeRequests.assign(aWish, 'u1')
      await codeRequests.putOff(aWish, 5)
      await codeRequests.finish(aWish)
    },
    indexes: ['code_requests_pkey'],
  },
  'limit of a contact': {
    run: ({ codeRequests }) => codeRequests.findNthNewest('t1', { kind: 'contact', contactMac: 'm' }, 5, 10),
    indexes: ['code_requests_contact'],
  },
  'limit of a network address': {
    run: ({ codeRequests }) => codeRequests.findNthNewest('t1', { kind: 'address', addressMac: 'm' }, 5, 10),
    indexes: ['code_requests_address'],
  },
  'limit of codes of a user': {
    run: ({ codeRequests }) => codeRequests.findNthNewest('t1', { kind: 'user', userId: 'u1' }, 5, 10),
    indexes: ['code_requests_user'],
  },
  'sweeping wishes for codes': {
    run: ({ codeRequests }) => codeRequests.deleteOldOfAllTenants(5, 10),
    indexes: ['code_requests_created_at', 'code_requests_pkey'],
  },
  'trying a code': {
    run: async ({ codes }) => {
      const key = { tenantId: 't1', userId: 'u1', channel: 'SMS' } as const
      await codes.countTry(key, ['recovery', 'password-change'], 5, 5)
      await codes.find(key, ['recovery', 'password-change'], 5)
      await codes.consume(
        { ...key, purpose: 'recovery', codeMac: 'm', credentialVersion: 1, expiresAt: 5 },
        5,
      )
    },
    indexes: ['codes_pkey'],
  },
  'sweeping codes': {
    run: ({ codes }) => codes.deleteExpiredOfAllTenants(5, 10),
    indexes: ['codes_expires_at', 'codes_pkey'],
  },
  'taking a ticket': {
    run: ({ sessionTickets }) => sessionTickets.take('t1', 'd', 'a'),
    indexes: ['session_tickets_pkey'],
  },
  'sweeping tickets': {
    run: ({ sessionTickets }) => sessionTickets.deleteExpiredOfAllTenants(5, 10),
    indexes: ['session_tickets_expires_at', 'session_tickets_pkey'],
  },
  'sweeping used captchas': {
    run: ({ usedCaptchas }) => usedCaptchas.deleteExpiredOfAllTenants(5, 10),
    indexes: ['used_captchas_expires_at', 'used_captchas_pkey'],
  },
  'ending one session': {
    run: async ({ sessions }) => {
      await sessions.delete('t1', 's1')
    },
    indexes: ['sessions_pkey'],
    cascades: ['session_tickets_session'],
  },
}

/** Enough rows of their tables. */
export function codeRows(numbers: string, tenant: string): readonly string[] {
  return [
    `${numbers} insert into code_requests (tenant_id, id, purpose, channel, contact_mac, address_mac, user_id, created_at,
      due_at, deadline_at, attempts, unsettled_attempts)
    select ${tenant}, 'c' || i, 'sign-in', 'SMS', 'm' || (i / 10), 'm' || (i / 10), 'u' || (i / 10), i,
      case when i % 10 = 0 then i end, i, 1, 0 from n`,
    `${numbers} insert into codes (tenant_id, user_id, channel, purpose, code_mac, credential_version, tries, expires_at)
    select ${tenant}, 'u' || i, 'SMS', 'recovery', 'm', 1, 0, i from n`,
    `${numbers} insert into session_tickets (tenant_id, ticket_digest, session_id, application_id, expires_at)
    select ${tenant}, 'd' || i, 's' || i, 'a', i from n`,
    `${numbers} insert into used_captchas (tenant_id, captcha_digest, expires_at)
    select ${tenant}, 'd' || i, i from n`,
  ]
}
