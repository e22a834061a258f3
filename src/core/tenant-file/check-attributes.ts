import {
  type AttributeDefinition,
  type AttributeKind,
  DEFINITIONS_MAX,
} from '../attributes/attribute-definition.ts'
import { findContradiction } from '../attributes/definition-faults.ts'
import { type PlanToCheck, usersAfter } from './plan-to-check.ts'
import { findShared, ownersOf } from './unique-values.ts'

/** Definitions that contradict themselves, or what is stored; and users of the file who lack what is required. */
export function checkAttributes(p: PlanToCheck): void {
  const { entry } = p.parsed
  checkDefinitions(p, 'users', entry.userAttributes)
  checkDefinitions(p, 'organizations', entry.organizationAttributes)
  checkContacts(p)
}

type Entries = PlanToCheck['parsed']['entry']['userAttributes']

function checkDefinitions(p: PlanToCheck, kind: AttributeKind, entries: Entries): void {
  const { source } = p.parsed
  const seen = new Set<string>()
  for (const each of entries ?? []) {
    const report = (key: keyof typeof each, message: string) =>
      source.report(source.placeOf(each, key), message)
    if (seen.has(each.name)) {
      report('name', `${each.name} stands here twice: remove one of them`)
    }
    seen.add(each.name)
    const contradiction = findContradiction(kind, {
      name: each.name,
      type: each.type ?? 'text',
      isUnique: each.unique === true,
    })
    if (contradiction !== undefined) {
      report(contradiction.part === 'unique' ? 'unique' : 'type', contradiction.text.en)
    }
    reportShared(p, kind, each, (message) => report('unique', message))
  }
  const count = p.configuration.tenant.settings.attributes[kind].length
  if (entries && count > DEFINITIONS_MAX) {
    const message = `there would be ${count} attribute definitions, with those that are stored, and ${DEFINITIONS_MAX} are the most: take some away`
    source.report(source.placeOf(entries, ''), message)
  }
}

function reportShared(
  p: PlanToCheck,
  kind: AttributeKind,
  entry: { readonly name: string; readonly unique?: boolean | null },
  report: (message: string) => void,
): void {
  const definitions: readonly AttributeDefinition[] = p.configuration.tenant.settings.attributes[kind]
  const wanted = definitions.filter(({ name }) => entry.unique === true && name === entry.name)
  const shared = findShared(wanted, ownersOf(kind, p.stored))
  if (shared !== undefined) {
    report(
      `${entry.name} cannot be unique: ${shared.first} and ${shared.second} have the same: change one of them`,
    )
  }
}

/** The file can give a contact; what else is required of users the API gives. */
function checkContacts({ parsed: { entry, source }, configuration, stored, users }: PlanToCheck): void {
  const required = configuration.tenant.settings.attributes.users.filter(({ isRequired }) => isRequired)
  const contacts = (['email', 'mobile'] as const).filter((contact) =>
    required.some(({ name }) => name === contact),
  )
  const after = new Map(usersAfter(stored.users, users).map((user) => [user.userName, user]))
  for (const user of entry.users ?? []) {
    for (const contact of contacts) {
      if (after.get(user.userName)?.[contact] === undefined) {
        source.report(source.placeOf(user, contact), `${contact} is required by user_attributes: add it`)
      }
    }
  }
}
