import { formatTime } from '../../../../core/tenants/format-time.ts'
import type { Organization } from '../../../../store/store.ts'

/** An organisation as the contract writes it (section 2.2), times in the tenant's zone. */
export function presentOrganization(organization: Organization, timeZone: string) {
  return {
    org_id: organization.id,
    parent_id: organization.parentId ?? null,
    name: organization.name,
    category: organization.category ?? null,
    org_code: organization.code,
    sequence: organization.sequence ?? null,
    disabled: organization.disabled,
    created_at: formatTime(organization.createdAt, timeZone),
    updated_at: formatTime(organization.updatedAt, timeZone),
    extension: { ...organization.extension },
  }
}
