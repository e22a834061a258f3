import type { Organization } from '../../store/store.ts'
import type { Caller } from '../permissions/caller.ts'

/** What a caller wrote. Absent: left as it is. `null`: none; as a parent, a root. */
export interface OrganizationChanges {
  readonly code?: string
  readonly name?: string
  readonly parentId?: string | null
  readonly category?: string | null
  readonly sequence?: number | null
  readonly extension?: Readonly<Record<string, unknown>> | null
}

export interface NewOrganization extends OrganizationChanges {
  readonly code: string
  readonly name: string
}

export interface ListOrganizationsQuery {
  /** Undefined: above the roots. */
  readonly belowId?: string
  readonly levels: 'one' | 'all'
  /** Strictly later, Unix milliseconds. */
  readonly updatedAfter?: number
  readonly pageIndex: number
  readonly pageSize: number
}

/** What the edges may ask about organisations. Each throws ApiError with a code that its route declares. */
export interface OrganizationCalls {
  createOrganization(
    caller: Caller,
    organization: NewOrganization,
  ): Promise<{ readonly organizationId: string }>
  modifyOrganization(
    caller: Caller,
    organizationId: string,
    changes: OrganizationChanges,
  ): Promise<{ readonly organizationId: string }>
  deleteOrganization(caller: Caller, organizationId: string): Promise<void>
  findOrganization(caller: Caller, organizationId: string): Promise<Organization>
  findOrganizationByCode(caller: Caller, code: string): Promise<Organization>
  listOrganizations(
    caller: Caller,
    query: ListOrganizationsQuery,
  ): Promise<{ readonly total: number; readonly organizations: readonly Organization[] }>
}
