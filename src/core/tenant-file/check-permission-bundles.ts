import type { Application } from '../applications/application.ts'
import { isPermissionCode } from '../permissions/permission-codes.ts'
import { findWidePermission } from './check-applications.ts'
import { ConcurrentChangeError } from './concurrent-change-error.ts'
import { complainOfPermission } from './permission-shapes.ts'
import { applicationsAfter, type PlanToCheck } from './plan-to-check.ts'
import type { ConfigurationPlan, StoredConfiguration } from './tenant-plan.ts'

/** Permissions that are neither built in nor bundles, and bundles that cannot go because an application has them. */
export function checkPermissionBundles({ parsed, stored, configuration }: PlanToCheck): void {
  const { entry, source } = parsed
  if (source.isPartial(entry.permissionBundles)) {
    return // what could not be read may be what is missing
  }
  const { permissionBundles: bundles } = configuration
  const removed = new Set(
    stored.permissionBundles.map(({ code }) => code).filter((code) => !bundles.has(code)),
  )
  for (const { permissions } of entry.applications ?? []) {
    for (const [index, word] of (permissions ?? []).entries()) {
      if (!isPermissionCode(word) && !bundles.has(word)) {
        const message = removed.has(word)
          ? `${word} is a bundle that permission_bundles does not name, so that it would be removed: name it there, or not here`
          : complainOfPermission(word, bundles.keys())
        source.report(source.placeOf(permissions ?? [], index), message)
      }
    }
  }
  const saying = new Set(
    (entry.applications ?? []).filter((one) => one.permissions).map((one) => one.clientId),
  )
  for (const { clientId, grants } of applicationsAfter(stored.applications, configuration)) {
    for (const code of saying.has(clientId) ? [] : missingBundles(grants.bundles, configuration)) {
      const message = `the bundle ${code} cannot go: the application ${clientId} has it; name it here, or change the application's permissions`
      source.report(source.placeOf(entry.permissionBundles ?? entry), message)
    }
  }
}

/**
 * The file was checked against what was stored before; another run may have changed that since.
 * @throws ConcurrentChangeError an application would have a bundle that is gone, or more than its bound allows
 */
export function requireBundles(plan: ConfigurationPlan, stored: StoredConfiguration): void {
  const isAtFault = (application: Application) =>
    missingBundles(application.grants.bundles, plan).length > 0 ||
    findWidePermission(application, plan.permissionBundles) !== undefined
  if (applicationsAfter(stored.applications, plan).some(isAtFault)) {
    const message = 'somebody else changed applications or permission_bundles while apply ran: run it again'
    throw new ConcurrentChangeError(message, undefined, '', undefined)
  }
}

function missingBundles(
  codes: readonly string[],
  { permissionBundles }: Pick<ConfigurationPlan, 'permissionBundles'>,
): readonly string[] {
  return codes.filter((code) => !permissionBundles.has(code))
}
