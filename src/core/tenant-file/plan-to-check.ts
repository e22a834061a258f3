import type { GatewayRow } from '../../store/store.ts'
import type { Application } from '../applications/application.ts'
import type { PasswordJudges } from '../password/password-judges.ts'
import { expandGrants } from '../permissions/permission-bundle.ts'
import type { Tenant } from '../tenants/tenant.ts'
import type { User, UserWithCredential } from '../users/user.ts'
import type { ParsedTenant, TenantFileRules } from './parsed-tenant.ts'
import type {
  ConfigurationChange,
  ConfigurationPlan,
  StoredConfiguration,
  UserChange,
} from './tenant-plan.ts'

export interface PlanToCheck {
  readonly parsed: ParsedTenant
  readonly rules: TenantFileRules
  readonly stored: StoredConfiguration & { readonly users: readonly UserWithCredential[] }
  readonly configuration: ConfigurationPlan
  readonly users: readonly UserChange[]
  /** Of the store, all of them. */
  readonly tenants: readonly Tenant[]
  readonly judges: PasswordJudges
}

/** The users as they will be. */
export function usersAfter(stored: readonly User[], changes: readonly UserChange[]): readonly User[] {
  const changed = new Map(changes.map((change) => [change.id, change]))
  return [
    ...stored.flatMap((user) => {
      const change = changed.get(user.id)
      return change === undefined ? [user] : change.after === undefined ? [] : [change.after]
    }),
    ...changes.flatMap((change) =>
      change.action === 'create' && change.after !== undefined ? [change.after] : [],
    ),
  ]
}

/** The gateways as they will be. */
export function gatewaysAfter(
  stored: readonly GatewayRow[],
  changes: readonly ConfigurationChange[],
): readonly GatewayRow[] {
  const ofGateways = changes.filter((change) => change.kind === 'gateway')
  const changed = new Set(ofGateways.map(({ name }) => name))
  const put = ofGateways.flatMap(({ after }) => (after === undefined ? [] : [after]))
  return [...stored.filter((row) => !changed.has(row.name)), ...put]
}

/** The applications as they will be, with what their bundles will allow: it changes also where they themselves do not. */
export function applicationsAfter(
  stored: readonly Application[],
  { changes, permissionBundles }: Pick<ConfigurationPlan, 'changes' | 'permissionBundles'>,
): readonly Application[] {
  const ofApplications = changes.filter((change) => change.kind === 'application')
  const changed = new Set(ofApplications.map(({ id }) => id))
  const put = ofApplications.flatMap(({ after }) => (after === undefined ? [] : [after]))
  return [...stored.filter((row) => !changed.has(row.id)), ...put].map((row) => ({
    ...row,
    permissions: expandGrants(row.grants, permissionBundles),
  }))
}
