import { afterAll, beforeAll, expect, it } from 'vitest'
import { codeStatements, type HotStatement } from '../../test/support/code-statements.ts'
import { describeEachDatabase, openTestDatabase, type TestDatabase } from '../../test/support/databases.ts'
import { explain } from '../../test/support/explain.ts'
import { fillDatabase } from '../../test/support/fill-database.ts'
import { sessionStatements } from '../../test/support/session-statements.ts'
import { webhookStatements } from '../../test/support/webhook-statements.ts'
import { systemClock } from '../core/clock.ts'
import type { Notice } from '../core/notices/notice.ts'
import { connectStore } from './connect.ts'
import type { Store } from './store.ts'

const aHead = {
  tenantId: 't1',
  sequence: 2,
  digest: 'd',
  sealedAt: 1,
  removedSequence: 0,
  removedDigest: '',
  keyCheck: 'k',
  mac: 'm',
}
const aSealedRow = {
  ...{ tenantId: 't1', at: 1, id: 'i1', action: 'x', actorKind: 'server', actorId: undefined },
  ...{ targetKind: 'user', targetId: undefined, requestId: undefined, detailJson: '{}' },
  ...{ sequence: 1, digest: 'd' },
}
const keys = { userNameKey: 'a', emailKey: 'a', mobile: 'a' }
const page = { pageIndex: 3, pageSize: 20 }
const anAccount = { tenantId: 't1', applicationId: 'a1', accountId: 'c11' }
const aRole = { tenantId: 't1', applicationId: 'a1', roleId: 'r1' }
const aPlace = { tenantId: 't1', applicationId: 'a1', organizationId: 'p11' }
const aNotice: Notice = {
  ...{ tenantId: 't1', id: 'n1', userId: 'u1' },
  ...({ event: 'password-changed', channel: 'EMAIL' } as const),
  ...{ destinationSealed: 's', variables: {}, createdAt: 1, dueAt: 1, deadlineAt: 2 },
  ...{ attempts: 1, unsettledAttempts: 1 },
}

/** Every statement that runs for a request, or over all tenants in the background, and the indexes that answer it. */
const hot: Record<string, HotStatement> = {
  'sign-in by name': {
    run: ({ users }) => users.findForSignIn('t1', keys),
    indexes: ['resets_secrets', 'users_email', 'users_mobile', 'users_pkey', 'users_user_name'],
  },
  'sign-in by id': {
    run: ({ users }) => users.findForSignInById('t1', 'u1'),
    indexes: ['resets_secrets', 'users_pkey'],
  },
  'token look-up': {
    run: ({ accessTokens }) => accessTokens.findWithApplication('t1', 'a'),
    indexes: [
      ...['access_tokens_pkey', 'application_bundles_pkey', 'applications_pkey', 'permission_bundles_pkey'],
    ],
  },
  'application by client id': {
    run: ({ applications }) => applications.findByClientId('t1', 'a'),
    indexes: ['application_bundles_pkey', 'applications_client_id', 'permission_bundles_pkey'],
  },
  'removing a bundle': {
    run: ({ permissionBundles }) => permissionBundles.delete('t1', 'b'),
    indexes: ['permission_bundles_pkey'],
    cascades: ['application_bundles_bundle'], // whether an application has it
  },
  'user by id': {
    run: ({ users }) => users.find('t1', 'u1'),
    indexes: ['sign_in_failures_pkey', 'users_pkey'],
  },
  'user by name': {
    run: ({ users }) => users.findByUserName('t1', 'a'),
    indexes: ['sign_in_failures_pkey', 'users_user_name'],
  },
  'user under lock': { run: ({ users }) => users.lock('t1', 'u1'), indexes: ['users_pkey'] },
  'a page of users': {
    run: ({ users }) => users.list('t1', {}, { pageIndex: 3, pageSize: 20 }),
    indexes: ['counts_pkey', 'sign_in_failures_pkey', 'users_pkey'],
  },
  'user by address': {
    run: ({ users }) => users.findByEmail('t1', 'a'),
    indexes: ['sign_in_failures_pkey', 'users_email'],
  },
  'organisations by code': {
    run: ({ organizations }) => organizations.findIds('t0', ['a', 'b']),
    indexes: ['organizations_code'],
  },
  'the first root': {
    run: ({ organizations }) => organizations.findFirstRoot('t0'),
    indexes: ['organizations_parent'],
  },
  'unique values of a user': {
    run: async ({ uniqueAttributes }) => {
      const owner = { tenantId: 't1', kind: 'users', ownerId: 'u1' } as const
      await uniqueAttributes.findTaken(owner, [{ attribute: 'employee_id', valueKey: 'e-1' }])
      await uniqueAttributes.replace(owner, [])
    },
    indexes: ['unique_attributes_owner', 'unique_attributes_pkey'],
  },
  'users that changed': {
    run: ({ users }) => users.list('t1', { updatedAfter: 5 }, { pageIndex: 0, pageSize: 20 }),
    indexes: ['sign_in_failures_pkey', 'users_updated_at'],
  },
  'a page of an organisation': {
    run: ({ users }) => users.list('t1', { organizationId: 'o1' }, { pageIndex: 0, pageSize: 20 }),
    indexes: ['sign_in_failures_pkey', 'users_organization'],
  },
  'a page of all organisations': {
    run: ({ organizations }) => organizations.listPage('t0', { levels: 'all' }, page),
    indexes: ['counts_pkey', 'organizations_path'],
  },
  'organisations below one': {
    run: ({ organizations }) => organizations.listPage('t0', { levels: 'all', belowId: 'o10' }, page),
    indexes: ['organizations_path', 'organizations_pkey'],
  },
  'one level of organisations': {
    run: ({ organizations }) => organizations.listPage('t0', { levels: 'one', belowId: 'o10' }, page),
    indexes: ['organizations_parent', 'organizations_pkey'],
  },
  'roots of organisations': {
    run: ({ organizations }) => organizations.listPage('t0', { levels: 'one' }, page),
    indexes: ['organizations_parent'],
  },
  'organisations that changed': {
    run: ({ organizations }) =>
      organizations.listPage('t0', { levels: 'all', belowId: 'o10', updatedAfter: 5 }, page),
    indexes: ['organizations_pkey', 'organizations_updated_at'],
  },
  'removing an organisation': {
    run: async ({ organizations }) => {
      await organizations.lock('t1', 'o')
      await organizations.lockForMember('t1', 'o')
      await organizations.hasChildren('t1', 'o')
      await organizations.hasMembers('t1', 'o')
      await organizations.delete('t1', 'o')
    },
    indexes: ['organizations_parent', 'organizations_pkey', 'user_relations_pkey', 'users_organization'],
  },
  'moving an organisation': {
    run: async ({ organizations }) => {
      await organizations.countLevels('t0', 'o10')
      const row = await organizations.find('t0', 'o10')
      if (row !== undefined) await organizations.update({ ...row, parentId: 'o20' })
      await organizations.settlePlace('t0', 'o10', 9)
    },
    indexes: ['organizations_path', 'organizations_pkey'],
  },
  'users without a password': {
    run: ({ users }) => users.countWithoutPasswordOfAllTenants(10),
    indexes: ['users_without_password'],
  },
  'a page of accounts': {
    run: ({ accounts }) => accounts.listPage('t1', 'a1', undefined, page),
    indexes: ['accounts_pkey', 'counts_pkey'],
  },
  'a page of accounts of a type': {
    run: ({ accounts }) => accounts.listPage('t1', 'a1', 'BASIC_ACCOUNT', page),
    indexes: ['accounts_type', 'counts_pkey'],
  },
  'accounts of a user': {
    run: ({ accounts }) => accounts.listOfUser('t1', 'u11', page),
    indexes: ['account_users_user', 'accounts_pkey', 'accounts_user'],
  },
  'an account': {
    run: async ({ accounts }) => {
      await accounts.find(anAccount)
      await accounts.lock(anAccount)
      await accounts.hasAccount('t1', 'u11', 'a1')
    },
    indexes: ['accounts_pkey', 'accounts_user'],
  },
  'users of a public account': {
    run: ({ accounts }) => accounts.listUsers(anAccount, page),
    indexes: ['account_users_pkey', 'users_pkey'],
  },
  'users by name, for a public account': {
    run: async ({ accounts }) => {
      await accounts.keepUserByName('t1', 'n11')
      await accounts.removeUser(anAccount, 'u11')
    },
    indexes: ['account_users_user', 'users_user_name'],
  },
  'accounts of a removed user': {
    run: async ({ accounts }) => {
      await accounts.orphanOfUser('t1', 'u11', 5)
      await accounts.deleteOfFormerUser('t1', 'u11')
    },
    indexes: ['accounts_former_user', 'accounts_user'],
    cascades: ['account_roles_pkey', 'account_users_pkey'],
  },
  'roles of an application': {
    run: ({ applicationRoles }) => applicationRoles.listPage('t1', 'a1', page),
    indexes: ['application_roles_pkey'],
  },
  'members of a role': {
    run: async ({ applicationRoles }) => {
      await applicationRoles.listMembers(aRole, page)
      await applicationRoles.hasMembers(aRole)
      await applicationRoles.removeMember(aRole, 'c11')
    },
    indexes: ['account_roles_role', 'accounts_pkey'],
  },
  'roles of accounts': {
    run: async ({ applicationRoles }) => {
      await applicationRoles.listOfAccount(anAccount)
      await applicationRoles.listOfAccounts('t1', 'a1', ['c11', 'c21'])
    },
    indexes: ['account_roles_pkey', 'application_roles_pkey'],
  },
  'organisations of an application': {
    run: ({ applicationOrganizations }) => applicationOrganizations.listPage('t1', 'a1', page),
    indexes: ['application_organizations_pkey'],
  },
  'the tree of an application': {
    run: async ({ applicationOrganizations }) => {
      await applicationOrganizations.keepByCode('t1', 'a1', 'c')
      await applicationOrganizations.findPath(aPlace)
      await applicationOrganizations.countLevels(aPlace)
      await applicationOrganizations.hasChildren(aPlace)
      await applicationOrganizations.hasAccounts(aPlace)
    },
    // and by their primary key and parent in the recursive ones, which are not explained here
    indexes: ['accounts_organization', 'application_organizations_code', 'application_organizations_parent'],
  },
  'password history': {
    run: ({ users }) => users.listPasswordHistory('t1', 'u1', 5),
    indexes: ['password_history_pkey'],
  },
  'reset in flight': { run: ({ resets }) => resets.findInFlight('t1', 'u1'), indexes: ['resets_in_flight'] },
  'reset by id': { run: ({ resets }) => resets.find('t1', 'r1'), indexes: ['resets_pkey'] },
  'open resets': { run: ({ resets }) => resets.listOpen('t1', 'u1'), indexes: ['resets_open'] },
  'moving a reset': {
    run: ({ resets }) =>
      resets.change('t1', 'r1', { states: ['sending'], leaseToken: 'a' }, { state: 'accepted' }),
    indexes: ['resets_pkey'],
  },
  'forgetting old secrets': {
    run: ({ resets }) => resets.forgetOldSecrets('t1', 'u1', 3),
    indexes: ['resets_secrets'],
  },
  'resets of a user in a day': {
    run: ({ resets }) => resets.listRecent('t1', 'u1', 5, 10),
    indexes: ['resets_user_prepared_at'],
  },
  'limit of a destination': {
    run: ({ resets }) => resets.findNthNewest('t1', { kind: 'destination', destinationMac: 'm' }, 5, 10),
    indexes: ['resets_destination'],
  },
  'limit of an application': {
    run: ({ resets }) => resets.findNthNewest('t1', { kind: 'application', applicationId: 'a' }, 5, 10),
    indexes: ['resets_application'],
  },
  'limit of a tenant': {
    run: ({ resets }) => resets.findNthNewest('t1', { kind: 'sms' }, 5, 10),
    indexes: ['resets_sms'],
  },
  'idempotency key': {
    run: ({ idempotencyKeys }) => idempotencyKeys.find('t1', 'a', 'k'),
    indexes: ['idempotency_keys_pkey'],
  },
  'sweeping idempotency keys': {
    run: ({ idempotencyKeys }) => idempotencyKeys.deleteOldOfAllTenants(5, 10),
    indexes: ['idempotency_keys_created_at', 'idempotency_keys_pkey'],
  },
  'expired leases': {
    run: ({ resets }) => resets.listExpiredLeasesOfAllTenants(5, 10),
    indexes: ['resets_lease_expires_at'],
  },
  'past deadlines': {
    run: ({ resets }) => resets.listPastDeadlineOfAllTenants(5, 10),
    indexes: ['resets_deadline_at'],
  },
  'secrets to forget': {
    run: ({ resets }) => resets.forgetSecretsOfAllTenants(5, 10),
    indexes: ['resets_forgettable', 'resets_pkey'],
  },
  'claiming a notice': {
    run: ({ notices }) => notices.claimOfAllTenants(5, 10),
    indexes: ['notices_due_at', 'notices_pkey'],
  },
  'finishing a notice': { run: ({ notices }) => notices.finish(aNotice), indexes: ['notices_pkey'] },
  'putting a notice off': { run: ({ notices }) => notices.putOff(aNotice, 5), indexes: ['notices_pkey'] },
  ...codeStatements,
  ...webhookStatements,
  ...sessionStatements,
  'sweeping tokens': {
    run: ({ accessTokens }) => accessTokens.deleteExpiredOfAllTenants(5, 10),
    indexes: ['access_tokens_expires_at', 'access_tokens_pkey'],
  },
  'tenant by id': {
    run: ({ tenants }) => tenants.find('t1'),
    indexes: ['tenant_domains_pkey', 'tenants_pkey'],
  },
  'the record': { run: ({ audit }) => audit.list('t1', 10), indexes: ['audit_rows_pkey'] },
  'the record about one user': {
    run: ({ audit }) => audit.listOfUser('t1', 'u1', 10),
    indexes: ['audit_rows_user'],
  },
  'the record about one target': {
    run: ({ audit }) => audit.listOfTarget('t1', 'r1', { from: 1, until: 2 }),
    indexes: ['audit_rows_pkey'],
  },
  'tenants with unsealed rows': {
    run: ({ auditChain }) => auditChain.listUnsealedOfAllTenants('', 10),
    indexes: ['audit_heads_pkey', 'audit_rows_unsealed'],
  },
  'unsealed rows': {
    run: ({ auditChain }) => auditChain.listUnsealed('t1', 10),
    indexes: ['audit_rows_unsealed'],
  },
  'placing rows in the chain': {
    run: ({ auditChain }) => auditChain.placeRows('t1', [aSealedRow]),
    indexes: ['audit_rows_pkey'],
  },
  'moving the head': {
    run: ({ auditChain }) => auditChain.moveHead(aHead, 'm', { holder: 'p', expiresAt: 5 }),
    indexes: ['audit_heads_pkey'],
  },
  'reading the chain, and removing its beginning': {
    run: async ({ auditChain }) => {
      await auditChain.listSealed('t1', 5, 10)
      await auditChain.deleteSealedUpTo('t1', 5)
    },
    indexes: ['audit_rows_sequence'],
  },
  'removing finished resets': {
    run: ({ resets }) => resets.deleteFinished('t1', 5, 10),
    indexes: ['resets_pkey', 'resets_removable', 'users_pkey'],
    cascades: ['reset_attempts_pkey'],
  },
}

/** Statements that sort the few rows of one user, of one name, of one level, of one moment, or the domains of one tenant. */
const sortsFew = [
  'tenant by id',
  'sign-in by name',
  'sign-in by id',
  'a page of an organisation',
  'one level of organisations',
  'organisations below one',
  'organisations that changed',
  'users that changed',
  'accounts of a user',
  'roots of organisations',
  'the record about one target',
  'sessions of a user',
]

describeEachDatabase('statements', (kind) => {
  let database: TestDatabase
  let store: Store
  const statements: string[] = []
  beforeAll(async () => {
    database = await openTestDatabase(kind)
    const onStatement = (sql: string) => void statements.push(sql)
    store = await connectStore(database.url, { clock: systemClock, migrate: 'never', onStatement })
    await fillDatabase(database)
  })
  afterAll(async () => {
    await store.close()
    await database.close()
  })

  for (const [name, { run, indexes, cascades = [] }] of Object.entries(hot)) {
    it(`${name}: searches ${indexes.join(', ')}`, async () => {
      statements.length = 0
      await store.transaction(run)
      const asked = statements.filter((sql) => /^\s*(select|update|delete)/i.test(sql))
      const plans = await Promise.all(asked.map((sql) => explain(kind, database, sql)))
      // whatever index of the tenant counts its rows
      const found = plans.filter(
        (_, index) => !asked[index]?.includes('count(*)') || asked[index].includes('found'),
      )
      const searched = new Set(found.flatMap(({ searches }) => searches.map(({ index }) => index)))
      expect([...searched].filter((index) => !cascades.includes(index)).toSorted()).toEqual(indexes)
      expect(plans.flatMap(({ scans }) => scans.map(({ step }) => step))).toEqual([])
      expect(sortsFew.includes(name) ? [] : plans.flatMap(({ sorts }) => sorts)).toEqual([])
    })
  }
})
