import {
  checkPassword,
  describeViolation,
  type PasswordViolation,
  wordOf,
} from '../password/check-password.ts'
import { generatedPasswordBits } from '../password/generate-password.ts'
import { normaliseKey } from '../users/normalise-key.ts'
import type { User } from '../users/user.ts'
import { checkOrganizations } from './check-organizations.ts'
import { type PlanToCheck, usersAfter } from './plan-to-check.ts'
import { contactKeys } from './plan-users.ts'
import type { UserEntry } from './tenant-file-schema.ts'

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
  for (const { action, entry, after } of users) {
    if (action === 'create' && entry?.password && after !== undefined) {
      const [violation] = checkPassword(passwordPolicy, entry.password, after)
      if (violation !== undefined) {
        source.report(source.placeOf(entry, 'password'), refusal(violation))
      }
    }
    if (entry?.deliverInitial && !reset.sendModes.includes(entry.deliverInitial)) {
      const message = `${entry.deliverInitial} is not in reset.send_modes: add it there, or choose another`
      source.report(source.placeOf(entry, 'deliverInitial'), message)
    }
  }
}

function refusal(violation: PasswordViolation): string {
  return `does not meet the password policy (${wordOf(violation)}): it must be ${describeViolation(violation)}`
}
