import type { Store } from '../../store/store.ts'
import type { RandomBytes } from '../randomness.ts'
import type { ApplicationOrganizationCalls } from './application-organization-calls.ts'
import { createApplicationOrganization } from './create-application-organization.ts'
import { deleteApplicationOrganization } from './delete-application-organization.ts'
import { findApplicationOrganization } from './find-application-organization.ts'
import { listApplicationOrganizations } from './list-application-organizations.ts'
import { modifyApplicationOrganization } from './modify-application-organization.ts'

/** The operations on applications' organisations with what they need already given. */
export function bindApplicationOrganizationCalls(deps: {
  readonly store: Store
  readonly random: RandomBytes
}): ApplicationOrganizationCalls {
  return {
    createApplicationOrganization: (caller, applicationId, organization) =>
      createApplicationOrganization(deps, caller, applicationId, organization),
    modifyApplicationOrganization: (caller, id, changes) =>
      modifyApplicationOrganization(deps, caller, id, changes),
    deleteApplicationOrganization: (caller, id) => deleteApplicationOrganization(deps, caller, id),
    findApplicationOrganization: (caller, id) => findApplicationOrganization(deps, caller, id),
    listApplicationOrganizations: (caller, query) => listApplicationOrganizations(deps, caller, query),
  }
}
