import type { Page } from './account-store.ts'

/** One of the organisations that an application has of its own, beside the tenant's. */
export interface ApplicationOrganization {
  readonly tenantId: string
  readonly applicationId: string
  readonly id: string
  /** Unique in the application. */
  readonly code: string
  readonly name: string
  readonly parentId: string | undefined
  readonly createdAt: number
  readonly updatedAt: number
}

export interface ApplicationOrganizationKey {
  readonly tenantId: string
  readonly applicationId: string
  readonly organizationId: string
}

/** Changes of the tree hold the application's lock (`applications.lock`). */
export interface ApplicationOrganizationRepository {
  find(key: ApplicationOrganizationKey): Promise<ApplicationOrganization | undefined>
  /** Id of the organisation with this code, which stays until the transaction ends. */
  keepByCode(tenantId: string, applicationId: string, code: string): Promise<string | undefined>
  /** Takes the row against accounts that would be put into it. False: there is none. */
  lock(key: ApplicationOrganizationKey): Promise<boolean>
  /** Ordered by id. */
  listPage(
    tenantId: string,
    applicationId: string,
    page: Page,
  ): Promise<{ readonly total: number; readonly organizations: readonly ApplicationOrganization[] }>
  /** Ids from the organisation up to its root. Undefined: there is none. */
  findPath(key: ApplicationOrganizationKey): Promise<readonly string[] | undefined>
  /** How many levels it and what stands below it take; 1 without children. */
  countLevels(key: ApplicationOrganizationKey): Promise<number>
  hasChildren(key: ApplicationOrganizationKey): Promise<boolean>
  hasAccounts(key: ApplicationOrganizationKey): Promise<boolean>
  insert(organization: ApplicationOrganization): Promise<void>
  /** Replaces name and parent. */
  update(organization: ApplicationOrganization): Promise<void>
  delete(key: ApplicationOrganizationKey): Promise<void>
}
