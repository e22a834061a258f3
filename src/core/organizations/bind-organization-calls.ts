import type { Store } from '../../store/store.ts'
import type { RandomBytes } from '../randomness.ts'
import { createOrganization } from './create-organization.ts'
import { deleteOrganization } from './delete-organization.ts'
import { findOrganization, findOrganizationByCode } from './find-organization.ts'
import { listOrganizations } from './list-organizations.ts'
import { modifyOrganization } from './modify-organization.ts'
import type { OrganizationCalls } from './organization-calls.ts'

/** The operations on organisations with what they need already given. */
export function bindOrganizationCalls(deps: {
  readonly store: Store
  readonly random: RandomBytes
}): OrganizationCalls {
  return {
    createOrganization: (caller, organization) => createOrganization(deps, caller, organization),
    modifyOrganization: (caller, id, changes) => modifyOrganization(deps, caller, id, changes),
    deleteOrganization: (caller, id) => deleteOrganization(deps, caller, id),
    findOrganization: (caller, id) => findOrganization(deps, caller, id),
    findOrganizationByCode: (caller, code) => findOrganizationByCode(deps, caller, code),
    listOrganizations: (caller, query) => listOrganizations(deps, caller, query),
  }
}
