import { normaliseKey } from '../users/normalise-key.ts'
import type { User } from '../users/user.ts'
import { WEBHOOKS_PER_TENANT_MAX } from '../webhooks/webhook.ts'
import { checkApplications } from './check-applications.ts'
import { checkAttributes } from './check-attributes.ts'
import { checkOrganizations } from './check-organizations.ts'
import { checkPasswords } from './check-passwords.ts'
import { checkPermissionBundles } from './check-permission-bundles.ts'
import { checkSettings } from './check-settings.ts'
import { checkSmsLengths } from './check-sms-lengths.ts'
import { type PlanToCheck, usersAfter } from './plan-to-check.ts'
import { contactKeys } from './plan-users.ts'
import type { UserEntry } from './tenant-file-schema.ts'

/** What only file and store together can get wrong; reported at its place in the file. */
export async function checkPlan(p: PlanToCheck): Promise<void> {
  checkDomains(p)
  checkSettings(p)
  checkAttributes(p)
  checkSmsLengths(p)
  checkOrganizations(p)
  checkApplications(p)
  checkPermissionBundles(p)
  checkAdministrators(p)
  checkWebhooks(p)
  checkContacts(p)
  await checkPasswords(p)
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

/** Stored ones that the file does not name count too, unless they are pruned. */
function checkWebhooks({ parsed: { entry, source }, stored, configuration }: PlanToCheck): void {
  const changes = configuration.changes.filter(({ kind }) => kind === 'webhook')
  const countOf = (action: string) => changes.filter((change) => change.action === action).length
  if (stored.webhooks.length + countOf('create') - countOf('remove') > WEBHOOKS_PER_TENANT_MAX) {
    source.report(
      source.placeOf(entry.webhooks ?? entry),
      `would make more than ${WEBHOOKS_PER_TENANT_MAX} webhooks with those that are stored: add --prune to remove what the file does not name`,
    )
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
