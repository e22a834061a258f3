import type { ApplicationRole } from './application-role-store.ts'
import { known } from './row-values.ts'
import type { ApplicationRoleTable } from './tables.ts'

export const roleColumns = [
  'application_roles.tenant_id',
  'application_roles.application_id',
  'application_roles.id',
  'application_roles.code',
  'application_roles.name',
  'application_roles.created_at',
  'application_roles.updated_at',
] as const

export function toRole(row: Omit<ApplicationRoleTable, 'code_key'>): ApplicationRole {
  return {
    tenantId: row.tenant_id,
    applicationId: row.application_id,
    id: row.id,
    code: row.code,
    name: known(row.name),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }
}
