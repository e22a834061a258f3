import type { Tenant } from '../../src/core/tenants/tenant.ts'
import { sampleValues as samples } from '../../src/http/openapi/sample-values.ts'
import type { Account, Store } from '../../src/store/store.ts'
import { seedUser } from '../support/seed-tenant.ts'

const ROLE_WITH_MEMBER = 'auditor'

/**
 * What the sample application has: an organisation, a role that nobody has and one that somebody has, and an account
 * of each type. The sample account is the public one, which the sample user uses: that user has none of its own yet.
 */
export async function seedSampleAccounts(store: Store, tenant: Tenant): Promise<void> {
  const owner = { tenantId: tenant.id, applicationId: samples.app_id }
  const times = { createdAt: Date.now(), updatedAt: Date.now() }
  const bob = await seedUser(store, tenant, { userName: 'bob', mobile: '+86-13800000002' })
  const account: Account = {
    ...{ ...owner, ...times, id: samples.account_id, type: 'PUBLIC_ACCOUNT', accountName: 'front-desk' },
    ...{ name: 'Front desk', userId: undefined, formerUserId: undefined, organizationId: undefined },
    ...{ disabled: false, extension: { phone: '100' } },
  }
  await store.transaction(async ({ accounts, applicationOrganizations, applicationRoles }) => {
    const organization = { code: samples.org_code, name: 'IT', parentId: undefined }
    await applicationOrganizations.insert({ ...owner, ...times, id: samples.org_id, ...organization })
    await applicationRoles.insert({ ...owner, ...times, id: samples.role_id, code: 'editor', name: 'Editor' })
    await applicationRoles.insert({
      ...owner,
      ...times,
      id: ROLE_WITH_MEMBER,
      code: 'auditor',
      name: undefined,
    })
    await accounts.insert(account)
    await accounts.insert({
      ...{ ...account, id: 'basic', type: 'BASIC_ACCOUNT', accountName: bob.userName },
      ...{ name: undefined, userId: bob.id },
    })
    await accounts.insert({
      ...{ ...account, id: 'orphan', type: 'ORPHAN_ACCOUNT', accountName: 'dave', disabled: true },
      formerUserId: 'dave',
    })
    await applicationRoles.addMember({ ...owner, roleId: ROLE_WITH_MEMBER }, samples.account_id)
    await accounts.addUser({ ...owner, accountId: samples.account_id }, samples.user_id)
  })
}
