import type { Language } from '../core/tenants/tenant.ts'

export interface Organization {
  readonly tenantId: string
  readonly id: string
  readonly code: string
  readonly name: string
  readonly parentId: string | undefined
  readonly category: string | undefined
  readonly sequence: number | undefined
  readonly language: Language | undefined
  readonly disabled: boolean
  readonly extension: Readonly<Record<string, unknown>>
  readonly createdAt: number
  readonly updatedAt: number
}

export interface OrganizationFilter {
  /** Only what stands below this organisation; undefined: the whole tenant. */
  readonly belowId?: string
  /** Direct level only (below nothing: the roots), or every level. */
  readonly levels: 'one' | 'all'
  /** Strictly later, Unix milliseconds. */
  readonly updatedAfter?: number
}

/** The tree that a tenant's organisations make. Changes of it hold the tenant's lock (`tenants.lock`). */
export interface OrganizationTreeStore {
  /**
   * Every level: parents before what is below them; one level: ordered by id; with `updatedAfter`: the newest change
   * first, so that what changes between two pages never hides something from the second. `pageIndex` from 0.
   */
  listPage(
    tenantId: string,
    filter: OrganizationFilter,
    page: { readonly pageIndex: number; readonly pageSize: number },
  ): Promise<{ readonly total: number; readonly organizations: readonly Organization[] }>
  /** Ids from the root down to the organisation itself. Undefined: there is none. */
  findPath(tenantId: string, organizationId: string): Promise<readonly string[] | undefined>
  /** How many levels the organisation and what stands below it take; 1 without children. */
  countLevels(tenantId: string, organizationId: string): Promise<number>
  hasChildren(tenantId: string, organizationId: string): Promise<boolean>
  hasMembers(tenantId: string, organizationId: string): Promise<boolean>
  /** Takes the row against new members and removal, and reads it. */
  lock(tenantId: string, organizationId: string): Promise<Organization | undefined>
  /**
   * Until the transaction ends the organisation stays, so that somebody can be put into it. False: there is none.
   * Comes after the user's lock.
   */
  lockForMember(tenantId: string, organizationId: string): Promise<boolean>
  /**
   * Time of a change: later than that of every change that was committed before, and no other transaction gets one
   * before this one ends. What was read up to any time is thereby all there will ever be up to it.
   */
  claimChangeTime(tenantId: string): Promise<number>
  /** After its parent was changed: it and what is below it stand below the parent, changed at `at`; how many moved. */
  settlePlace(tenantId: string, organizationId: string, at: number): Promise<number>
  /** The same for the whole tenant, after changes of many parents; there must be no circle. */
  settleTree(tenantId: string, at: number): Promise<void>
}

export interface OrganizationRepository extends OrganizationTreeStore {
  list(tenantId: string): Promise<readonly Organization[]>
  /** Ordered by id, those after this one; undefined: from the first. */
  listAfter(tenantId: string, afterId: string | undefined, count: number): Promise<readonly Organization[]>
  find(tenantId: string, organizationId: string): Promise<Organization | undefined>
  /** By code, whatever the case of its letters. */
  findByCode(tenantId: string, code: string): Promise<Organization | undefined>
  /** By code, as `normaliseKey` makes it; codes that nobody has are absent. */
  findIds(tenantId: string, codes: readonly string[]): Promise<ReadonlyMap<string, string>>
  /** By id; of organisations that are gone there is none. */
  findCodes(tenantId: string, ids: readonly string[]): Promise<ReadonlyMap<string, string>>
  /** The root that was made first; undefined: there is none. */
  findFirstRoot(tenantId: string): Promise<string | undefined>
  /** Stands below its parent afterwards. */
  insert(organization: Organization): Promise<void>
  /** Leaves it where it stands: see `settlePlace`. */
  update(organization: Organization): Promise<void>
  delete(tenantId: string, organizationId: string): Promise<void>
}
