import type { Application } from '../applications/application.ts'
import type { PermissionBundle } from '../permissions/permission-bundle.ts'
import type { PermissionCode } from '../permissions/permission-codes.ts'
import { normaliseKey } from '../users/normalise-key.ts'
import { unknownOrganization } from './check-organizations.ts'
import { applicationsAfter, type PlanToCheck } from './plan-to-check.ts'
import type { Place } from './yaml-source.ts'

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
  }
  for (const application of applicationsAfter(p.stored.applications, p.configuration)) {
    const wide = findWidePermission(application, p.configuration.permissionBundles)
    if (wide !== undefined) {
      const [what, bundle] = wide
      const via = bundle === undefined ? what : `${what} of the bundle ${bundle}`
      const { place, whose } = placeOfBound(p, application, bundle)
      const message = `reset_organizations${whose} bounds nothing beside ${via}: grant user_reset instead of ${what}, or set reset_organizations to null`
      source.report(place, message)
    }
  }
}

/** What makes the bound of an application worth nothing, and the bundle that it comes from; undefined: it holds. */
export function findWidePermission(
  application: Application,
  bundles: ReadonlyMap<string, PermissionBundle>,
): readonly [PermissionCode, string | undefined] | undefined {
  const { permissions, grants, resetOrganizationIds } = application
  const wide = permissions.find((code) => aroundTheBound.includes(code))
  if (wide === undefined || resetOrganizationIds === undefined) {
    return undefined
  }
  const isDirect = grants.codes.includes(wide)
  return [
    wide,
    isDirect ? undefined : grants.bundles.find((code) => bundles.get(code)?.permissions.includes(wide)),
  ]
}

/** Where the file speaks of it: at the application, or else at the bundle. */
function placeOfBound(
  { parsed: { entry, source } }: PlanToCheck,
  { clientId }: Application,
  bundle: string | undefined,
): { readonly place: Place; readonly whose: string } {
  const application = entry.applications?.find((one) => one.clientId === clientId)
  if (application !== undefined) {
    const isSaid = (application.resetOrganizations ?? []).length > 0
    return { place: source.placeOf(application, isSaid ? 'resetOrganizations' : 'permissions'), whose: '' }
  }
  const place = source.placeOf(
    entry.permissionBundles?.find(({ code }) => code === bundle) ?? entry,
    'permissions',
  )
  return { place, whose: ` of the application ${clientId}` }
}
