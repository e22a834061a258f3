import { checkPassword } from '../password/check-password.ts'
import { generatedPasswordBits } from '../password/generate-password.ts'
import type { PasswordPolicy, Tenant } from '../tenants/tenant.ts'
import { normaliseKey } from '../users/normalise-key.ts'
import type { User, UserWithCredential } from '../users/user.ts'
import type { ParsedTenant } from './parsed-tenant.ts'
import { contactKeys } from './plan-users.ts'
import type { UserEntry } from './tenant-file-schema.ts'
import type { ConfigurationPlan, StoredConfiguration, UserChange } from './tenant-plan.ts'
import type { YamlSource } from './yaml-source.ts'

export interface PlanToCheck {
  readonly parsed: ParsedTenant
  readonly stored: StoredConfiguration & { readonly users: readonly UserWithCredential[] }
  readonly configuration: ConfigurationPlan
  readonly users: readonly UserChange[]
  /** Of the store, all of them. */
  readonly tenants: readonly Tenant[]
}

/** What only file and store together can get wrong; reported at its place in the file. */
export function checkPlan(p: PlanToCheck): void {
  checkDomains(p)
  checkSettings(p)
  checkOrganizations(p)
  checkAdministrators(p)
  checkContacts(p)
  checkPasswords(p)
}

function checkDomains({ parsed: { entry, source }, configuration, tenants }: PlanToCheck): void {
  for (const [index, domain] of (entry.tenant.domains ?? []).entries()) {
    const holder = tenants.find(
      (tenant) => tenant.id !== configuration.tenant.id && tenant.domains.includes(domain),
    )
    if (holder !== undefined) {
      const place = source.placeOf(entry.tenant.domains ?? [], index)
      source.report(
        place,
        `${domain} is a domain of the stored tenant ${holder.code}: take it away there first`,
      )
    }
  }
}

/** The settings as they will be, with what is stored and the defaults where the file says nothing. */
function checkSettings({ parsed: { entry, source }, configuration }: PlanToCheck): void {
  const { passwordPolicy: policy, reset } = configuration.tenant.settings
  const given = entry.passwordPolicy ?? entry.reset ?? entry.tenant
  const place = source.placeOf(given)
  if (policy.lengthMin > policy.lengthMax) {
    const key = entry.passwordPolicy?.lengthMin === undefined ? 'lengthMax' : 'lengthMin'
    const message = `length_min ${policy.lengthMin} is more than length_max ${policy.lengthMax}: change one of them`
    source.report(source.placeOf(given, key), message)
    return
  }
  for (const sendMode of reset.sendModes) {
    if (generatedPasswordBits(policy, sendMode) === undefined) {
      const message = `policy_undeliverable: no password that this policy allows has 60 bits of chance on ${sendMode}`
      source.report(place, `${message}: allow longer passwords, or take ${sendMode} out of reset.send_modes`)
    }
  }
}

function checkOrganizations({ parsed: { entry, source }, stored, configuration, users }: PlanToCheck): void {
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
    const code = removed.get(user.organizationId ?? '')
    if (code !== undefined) {
      members.set(code, [...(members.get(code) ?? []), user.userName])
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

function unknownOrganization(code: string): string {
  return `no organisation has the code ${code}: add it to organizations, or correct the code`
}

/** Circles that need a stored organisation to close, and stored children of organisations that are to go. */
function checkStoredParents(
  configuration: ConfigurationPlan,
  stored: StoredConfiguration,
  { entry, source }: ParsedTenant,
): void {
  const parents = new Map(stored.organizations.map((row) => [row.id, row.parentId]))
  const changed = configuration.changes.filter((change) => change.kind === 'organization')
  for (const change of changed) {
    parents.set(change.id, change.after?.parentId)
  }
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

function checkAdministrators({ parsed: { entry, source }, stored, users }: PlanToCheck): void {
  if (source.isPartial(entry.users)) {
    return
  }
  const known = new Set(usersAfter(stored.users, users).map((user) => normaliseKey(user.userName)))
  for (const administrator of entry.administrators ?? []) {
    if (!known.has(normaliseKey(administrator.userName))) {
      const place = source.placeOf(administrator, 'userName')
      source.report(
        place,
        `no user has the name ${administrator.userName}: add the user, or correct the name`,
      )
    }
  }
}

/** E-mail addresses and mobile numbers of stored users whom the file does not change. */
function checkContacts({ parsed: { entry, source }, stored, users }: PlanToCheck): void {
  const holders = new Map<string, User>()
  const after = usersAfter(stored.users, users)
  const entries = new Map((entry.users ?? []).map((user) => [normaliseKey(user.userName), user]))
  const isOfFile = (user: User) => entries.has(normaliseKey(user.userName))
  for (const user of [...after.filter((one) => !isOfFile(one)), ...after.filter(isOfFile)]) {
    for (const key of contactKeys(user)) {
      const holder = holders.get(key)
      const given = entries.get(normaliseKey(user.userName))
      if (holder === undefined) {
        holders.set(key, user)
      } else if (
        given !== undefined &&
        !areBothStated(given, entries.get(normaliseKey(holder.userName)), key)
      ) {
        const part = key.startsWith('email') ? 'email' : 'mobile'
        const message = `is already the ${part} of ${holder.userName}: take it away there, or change it here`
        source.report(source.placeOf(given, part), message)
      }
    }
  }
}

/** Doubles inside the file were told while it was read. */
function areBothStated(left: UserEntry, right: UserEntry | undefined, key: string): boolean {
  const part = key.startsWith('email') ? 'email' : 'mobile'
  return typeof left[part] === 'string' && typeof right?.[part] === 'string'
}

/** Only of users who are new: a password that exists is never touched, nor is one that stands here for nothing. */
function checkPasswords({ parsed: { source }, configuration, users }: PlanToCheck): void {
  const { passwordPolicy, reset } = configuration.tenant.settings
  for (const { action, entry } of users) {
    if (action === 'create' && entry?.password) {
      const [violation] = checkPassword(passwordPolicy, entry.password)
      if (violation !== undefined) {
        source.report(source.placeOf(entry, 'password'), describeViolation(violation.rule, passwordPolicy))
      }
    }
    if (entry?.deliverInitial && !reset.sendModes.includes(entry.deliverInitial)) {
      const message = `${entry.deliverInitial} is not in reset.send_modes: add it there, or choose another`
      source.report(source.placeOf(entry, 'deliverInitial'), message)
    }
  }
}

function describeViolation(rule: string, policy: PasswordPolicy): string {
  const wanted = `${policy.lengthMin} to ${policy.lengthMax} characters of ${policy.classesMin} classes or more`
  return `does not meet the password policy (${rule}): it must have ${wanted} (digit, upper case, lower case, special)`
}

function usersAfter(stored: readonly User[], changes: readonly UserChange[]): readonly User[] {
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
