import { findTreeFault } from '../organizations/find-tree-fault.ts'
import { LEVELS_MAX } from '../organizations/place-below.ts'
import { normaliseKey } from '../users/normalise-key.ts'
import type { User } from '../users/user.ts'
import type { ParsedTenant } from './parsed-tenant.ts'
import { type PlanToCheck, usersAfter } from './plan-to-check.ts'
import { parentsAfter } from './settle-organizations.ts'
import type { ConfigurationPlan, StoredConfiguration } from './tenant-plan.ts'
import type { YamlSource } from './yaml-source.ts'

/** Codes that nobody has, circles, and organisations that cannot go because something is in or below them. */
export function checkOrganizations({
  parsed: { entry, source },
  stored,
  configuration,
  users,
}: PlanToCheck): void {
  if (source.isPartial(entry.organizations)) {
    return // what could not be read may be what is missing
  }
  const { organizationIds, organizationRemovals } = configuration
  for (const organization of entry.organizations ?? []) {
    const code = organization.parentCode
    if (typeof code === 'string' && !organizationIds.has(normaliseKey(code))) {
      source.report(source.placeOf(organization, 'parentCode'), unknownOrganization(code))
    }
  }
  for (const user of entry.users ?? []) {
    if (typeof user.orgCode === 'string' && !organizationIds.has(normaliseKey(user.orgCode))) {
      source.report(source.placeOf(user, 'orgCode'), unknownOrganization(user.orgCode))
    }
  }
  checkStoredParents(configuration, stored, { entry, source })
  const removed = new Map(organizationRemovals.map((change) => [change.id, change.name]))
  const members = new Map<string, string[]>()
  for (const user of usersAfter(stored.users, users)) {
    for (const id of organizationsOf(user)) {
      const code = removed.get(id)
      if (code !== undefined) {
        members.set(code, [...(members.get(code) ?? []), user.userName])
      }
    }
  }
  for (const [code, names] of members) {
    const who = names.length === 1 ? names[0] : `${names[0]} and ${names.length - 1} more`
    source.report(
      source.placeOf(entry.organizations ?? entry),
      `organisation ${code} cannot be removed while ${who} are in it: give them another org_code, or keep ${code}`,
    )
  }
}

function organizationsOf({ organizationId, relations }: User): ReadonlySet<string> {
  return new Set([organizationId ?? '', ...relations.map((relation) => relation.organizationId)])
}

export function unknownOrganization(code: string): string {
  return `no organisation has the code ${code}: add it to organizations, or correct the code`
}

/** Circles that need a stored organisation to close, and stored children of organisations that are to go. */
function checkStoredParents(
  configuration: ConfigurationPlan,
  stored: StoredConfiguration,
  { entry, source }: ParsedTenant,
): void {
  const parents = parentsAfter(stored.organizations, configuration)
  const changed = configuration.changes.filter((change) => change.kind === 'organization')
  for (const change of changed) {
    const seen = new Set<string>()
    let id: string | undefined = change.id
    while (id !== undefined && !seen.has(id)) {
      seen.add(id)
      id = parents.get(id)
    }
    const given = (entry.organizations ?? []).find((row) => row.code === change.name)
    if (id === change.id && given !== undefined && !hasCircleReport(source)) {
      const message = `makes a circle with stored organisations: ${change.name} would stand above itself`
      source.report(source.placeOf(given, 'parentCode'), message)
    }
  }
  if (findTreeFault(parents)?.reason === 'too_deep') {
    const message = `organizations would stand more than ${LEVELS_MAX} levels deep: move the lowest up`
    source.report(source.placeOf(entry.organizations ?? entry), message)
  }
  const removed = new Set(configuration.organizationRemovals.map((change) => change.id))
  for (const given of entry.organizations ?? []) {
    const id = configuration.organizationIds.get(normaliseKey(given.code)) ?? ''
    if (given.parentCode === undefined && removed.has(parents.get(id) ?? '')) {
      const message = `${given.code} stands below an organisation that is to be removed: state its parent_code`
      source.report(source.placeOf(given), message)
    }
  }
}

function hasCircleReport(source: YamlSource): boolean {
  return source.problems.some((problem) => problem.message.startsWith('makes a circle'))
}
