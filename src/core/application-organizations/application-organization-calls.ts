import type { ApplicationOrganization } from '../../store/store.ts'
import type { Caller } from '../permissions/caller.ts'

export interface NewApplicationOrganization {
  readonly code: string
  readonly name: string
  /** Undefined: a root. */
  readonly parentId: string | undefined
}

/** What a caller wrote. Absent: left as it is. `null` as a parent: a root. */
export interface ApplicationOrganizationChanges {
  readonly name?: string
  readonly parentId?: string | null
}

export interface ApplicationOrganizationId {
  readonly applicationId: string
  readonly organizationId: string
}

/**
 * What the edges may ask about the organisations that an application has of its own. Each throws ApiError with a code
 * that its route declares.
 */
export interface ApplicationOrganizationCalls {
  createApplicationOrganization(
    caller: Caller,
    applicationId: string,
    organization: NewApplicationOrganization,
  ): Promise<{ readonly organizationId: string }>
  modifyApplicationOrganization(
    caller: Caller,
    id: ApplicationOrganizationId,
    changes: ApplicationOrganizationChanges,
  ): Promise<{ readonly organizationId: string }>
  deleteApplicationOrganization(caller: Caller, id: ApplicationOrganizationId): Promise<void>
  findApplicationOrganization(caller: Caller, id: ApplicationOrganizationId): Promise<ApplicationOrganization>
  listApplicationOrganizations(
    caller: Caller,
    query: { readonly applicationId: string; readonly pageIndex: number; readonly pageSize: number },
  ): Promise<{ readonly total: number; readonly organizations: readonly ApplicationOrganization[] }>
}
