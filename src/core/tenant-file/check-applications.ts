import type { Application } from '../applications/application.ts'
import type { PermissionCode } from '../permissions/permission-codes.ts'
import { normaliseKey } from '../users/normalise-key.ts'
import { unknownOrganization } from './check-organizations.ts'
import type { PlanToCheck } from './plan-to-check.ts'

/** What lets an application around the bound: it sets passwords itself, or puts a branch below its own. */
const aroundTheBound: readonly PermissionCode[] = ['user_all', 'org_all', 'all']

/** Bounds to organisations that nobody has, and bounds beside permissions that make them worth nothing. */
export function checkApplications(p: PlanToCheck): void {
  const { entry, source } = p.parsed
  const { organizationIds } = p.configuration
  for (const application of entry.applications ?? []) {
    const codes = application.resetOrganizations ?? []
    for (const [index, code] of source.isPartial(entry.organizations) ? [] : codes.entries()) {
      if (!organizationIds.has(normaliseKey(code))) {
        source.report(source.placeOf(codes, index), unknownOrganization(code))
      }
    }
    const after = applicationAfter(p, application.clientId)
    const wide = after?.permissions.find((code) => aroundTheBound.includes(code))
    if (wide !== undefined && after?.resetOrganizationIds !== undefined) {
      const place = source.placeOf(application, codes.length > 0 ? 'resetOrganizations' : 'permissions')
      const message = `reset_organizations bounds nothing beside ${wide}: grant user_reset instead of ${wide}, or set reset_organizations to null`
      source.report(place, message)
    }
  }
}

function applicationAfter({ stored, configuration }: PlanToCheck, clientId: string): Application | undefined {
  const change = configuration.changes.find((row) => row.kind === 'application' && row.name === clientId)
  return change?.kind === 'application'
    ? change.after
    : stored.applications.find((row) => row.clientId === clientId)
}
