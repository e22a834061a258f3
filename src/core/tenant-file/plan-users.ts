import { blankUser } from '../users/blank-user.ts'
import { normaliseKey } from '../users/normalise-key.ts'
import { replaceMain } from '../users/place-user.ts'
import type { User, UserWithCredential } from '../users/user.ts'
import type { AdministratorEntry, UserEntry } from './tenant-file-schema.ts'
import { removal, rowChange, settle, type UserChange } from './tenant-plan.ts'

export interface UsersPlanInput {
  /** Undefined: the file does not speak of users. */
  readonly entries: readonly UserEntry[] | undefined
  readonly administrators: readonly AdministratorEntry[] | undefined
  readonly stored: readonly UserWithCredential[]
  readonly tenantId: string
  readonly isPruning: boolean
  readonly now: number
  readonly newId: () => string
  readonly organizationIds: ReadonlyMap<string, string>
}

/** In the order to carry them out: removals free names and contacts, updates free contacts, creations take them. */
export function planUsers(p: UsersPlanInput): readonly UserChange[] {
  const storedByKey = new Map(p.stored.map((user) => [normaliseKey(user.userName), user]))
  const entryByKey = new Map((p.entries ?? []).map((entry) => [normaliseKey(entry.userName), entry]))
  const isRemoved = (key: string) => p.isPruning && p.entries !== undefined && !entryByKey.has(key)
  const roleOf = roleFinder(p)
  const removals = [...storedByKey]
    .filter(([key]) => isRemoved(key))
    .map(([, user]) => removeUserChange(user))
  // in the file's order, then those whom only a role concerns
  const updated = new Set([...entryByKey.keys(), ...storedByKey.keys()].filter((key) => !isRemoved(key)))
  const planned = [...updated].flatMap((key) =>
    planUser(entryByKey.get(key), storedByKey.get(key), { ...p, role: roleOf(key) }),
  )
  const updates = planned.filter((change) => change.action === 'update')
  const creations = planned.filter((change) => change.action === 'create')
  return [...removals, ...markMovedContacts(updates, p.stored), ...creations]
}

function removeUserChange(user: User): UserChange {
  const change = removal(user, user.id, user.userName)
  return { kind: 'user', ...change, entry: undefined, movesContact: false }
}

/** The role that the file gives: a word, `null` for none any more, undefined for whatever it is. */
function roleFinder(p: UsersPlanInput): (key: string) => string | null | undefined {
  const roles = new Map((p.administrators ?? []).map((entry) => [normaliseKey(entry.userName), entry.role]))
  const isTakingAway = p.isPruning && p.administrators !== undefined
  return (key) => roles.get(key) ?? (isTakingAway ? null : undefined)
}

/** At most one change: how the user differs from the file. */
export function planUser(
  entry: UserEntry | undefined,
  before: User | undefined,
  context: {
    readonly tenantId: string
    readonly now: number
    readonly newId: () => string
    readonly organizationIds: ReadonlyMap<string, string>
    readonly role: string | null | undefined
  },
): readonly UserChange[] {
  const userName = entry?.userName ?? before?.userName ?? ''
  const organizationId = organizationOf(entry, before, context.organizationIds)
  const after: User = {
    ...blankUser,
    createdAt: context.now,
    ...before,
    tenantId: context.tenantId,
    id: before?.id ?? context.newId(),
    userName,
    name: settle(entry?.name, before?.name, userName),
    email: settle(entry?.email, before?.email, undefined),
    mobile: settle(entry?.mobile, before?.mobile, undefined),
    organizationId,
    relations: before === undefined ? [] : replaceMain(before, organizationId),
    language: settle(entry?.language, before?.language, undefined),
    timeZone: settle(entry?.timeZone, before?.timeZone, undefined),
    administratorRole: settle(context.role, before?.administratorRole, undefined),
    updatedAt: context.now,
  }
  const change = rowChange({ before, after, id: after.id, name: userName, parts })
  return change === undefined ? [] : [{ kind: 'user', ...change, entry, movesContact: false }]
}

function organizationOf(
  entry: UserEntry | undefined,
  before: User | undefined,
  organizationIds: ReadonlyMap<string, string>,
): string | undefined {
  const code = entry?.orgCode
  if (code === undefined) {
    return before?.organizationId
  }
  return code === null ? undefined : organizationIds.get(normaliseKey(code))
}

function parts(user: User): Readonly<Record<string, unknown>> {
  return {
    user_name: user.userName,
    name: user.name,
    email: user.email,
    mobile: user.mobile,
    org_code: user.organizationId,
    language: user.language,
    time_zone: user.timeZone,
    administrator_role: user.administratorRole,
  }
}

/** Two users who swap their numbers cannot be updated one by one: each number must be free before it is given. */
function markMovedContacts(updates: readonly UserChange[], stored: readonly User[]): readonly UserChange[] {
  const holders = new Map(stored.flatMap((user) => contactKeys(user).map((key) => [key, user.id])))
  const moving = new Set<string>()
  for (const { id, after } of updates) {
    for (const key of after === undefined ? [] : contactKeys(after)) {
      const holder = holders.get(key)
      if (holder !== undefined && holder !== id) {
        moving.add(id).add(holder)
      }
    }
  }
  return updates.map((change) => ({ ...change, movesContact: moving.has(change.id) }))
}

export function contactKeys(user: Pick<User, 'email' | 'mobile'>): readonly string[] {
  return [
    ...(user.email === undefined ? [] : [`email ${normaliseKey(user.email)}`]),
    ...(user.mobile === undefined ? [] : [`mobile ${user.mobile}`]),
  ]
}
