import { randomUUID } from 'node:crypto'
import { newId } from '../../src/core/new-id.ts'
import { systemRandomBytes } from '../../src/core/randomness.ts'
import type { Tenant } from '../../src/core/tenants/tenant.ts'
import type { Store } from '../../src/store/store.ts'

/** Id of a new organisation below `parentId`; without: a root. */
export async function seedOrganization(store: Store, tenant: Tenant, parentId?: string): Promise<string> {
  const id = newId(Date.now(), systemRandomBytes)
  await store.transaction(({ organizations }) =>
    organizations.insert({
      tenantId: tenant.id,
      id,
      code: `org-${randomUUID()}`,
      name: 'IT',
      parentId,
      category: undefined,
      sequence: undefined,
      language: undefined,
      disabled: false,
      extension: {},
      createdAt: Date.now(),
      updatedAt: Date.now(),
    }),
  )
  return id
}
