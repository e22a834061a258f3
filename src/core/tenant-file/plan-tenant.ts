import { type AttributeDefinition, attributeDefinition } from '../attributes/attribute-definition.ts'
import { policyOfProfile } from '../password/password-profiles.ts'
import {
  defaultTenantSettings,
  type PasswordPolicy,
  type SignInSettings,
  type Tenant,
  type TenantSettings,
} from '../tenants/tenant.ts'
import type { SettingsEntry } from './settings-schema.ts'
import type { TenantDocument } from './tenant-file-schema.ts'
import { type RowChange, rowChange, settle } from './tenant-plan.ts'

/** The tenant as it will be, and how that differs. */
export function planTenant(
  entry: TenantDocument,
  before: Tenant | undefined,
  { newId, isPruning }: { readonly newId: () => string; readonly isPruning: boolean },
): {
  readonly tenant: Tenant
  readonly change: (RowChange<Tenant> & { readonly kind: 'tenant' }) | undefined
} {
  const { code } = entry.tenant
  const tenant: Tenant = {
    id: before?.id ?? newId(),
    code,
    name: settle(entry.tenant.name, before?.name, code),
    domains: settle(entry.tenant.domains, before?.domains, []),
    language: settle(entry.tenant.language, before?.language, 'en'),
    timeZone: settle(entry.tenant.timeZone, before?.timeZone, 'UTC'),
    settings: mergeSettings(entry, before?.settings, isPruning),
  }
  const change = rowChange({ before, after: tenant, id: tenant.id, name: code, parts: tenantParts })
  return { tenant, change: change && { ...change, kind: 'tenant' } }
}

type Given<T> = {
  readonly [K in keyof T]?:
    | (T[K] extends string | number | boolean | readonly unknown[] ? T[K] : Given<T[K]>)
    | null
}

function mergeSettings(
  entry: SettingsEntry,
  stored: TenantSettings | undefined,
  isPruning: boolean,
): TenantSettings {
  const { users, organizations } = (stored ?? defaultTenantSettings).attributes
  const attributes = {
    users: mergeDefinitions(entry.userAttributes, users, isPruning),
    organizations: mergeDefinitions(entry.organizationAttributes, organizations, isPruning),
  }
  const secondFactor = settle(
    entry.signIn?.secondFactor,
    stored?.signIn.secondFactor,
    defaultTenantSettings.signIn.secondFactor,
  )
  const given: Given<TenantSettings> = {
    attributes,
    ...(entry.passwordPolicy ? { passwordPolicy: withProfile(entry.passwordPolicy, { secondFactor }) } : {}),
    ...(entry.reset ? { reset: entry.reset } : {}),
    ...(entry.signIn ? { signIn: entry.signIn } : {}),
    ...(entry.retention ? { retention: entry.retention } : {}),
    ...(entry.messages ? { messages: entry.messages } : {}),
    ...(entry.notices ? { notices: entry.notices } : {}),
    ...(entry.codes ? { codes: entry.codes } : {}),
    ...(entry.profile ? { profile: entry.profile } : {}),
    ...(entry.pages ? { pages: entry.pages } : {}),
  }
  return merge(given, stored, defaultTenantSettings) as TenantSettings
}

/** Like every list of the file: what it does not name stays, unless this prunes; who does not speak of it names nothing. */
function mergeDefinitions(
  entries: SettingsEntry['userAttributes'],
  stored: readonly AttributeDefinition[],
  isPruning: boolean,
): readonly AttributeDefinition[] {
  if (entries === null || entries === undefined) {
    return stored
  }
  const named = new Map(
    entries.map((entry) => {
      const { name, type, required, unique, lengthMax, pattern } = entry
      const parts = { type, isRequired: required, isUnique: unique, lengthMax, pattern }
      return [name, attributeDefinition(name, parts as Parameters<typeof attributeDefinition>[1])]
    }),
  )
  if (isPruning) {
    return [...named.values()]
  }
  const isStored = (name: string) => stored.some((definition) => definition.name === name)
  const added = [...named.values()].filter(({ name }) => !isStored(name))
  return [...stored.map((definition) => named.get(definition.name) ?? definition), ...added]
}

/** Each key that the file does not name, or sets to `null`, is the profile's; without a profile as the file says. */
function withProfile(
  entry: NonNullable<SettingsEntry['passwordPolicy']>,
  signIn: Pick<SignInSettings, 'secondFactor'>,
): Given<PasswordPolicy> {
  const { profile, ...given } = entry
  if (!profile) {
    return given
  }
  const stated = Object.entries(given).filter(([, value]) => value !== null && value !== undefined)
  return { ...policyOfProfile(profile, signIn), ...Object.fromEntries(stated) }
}

/** Leaf by leaf along the defaults, so that settings stored by an earlier release get what came since. */
function merge(given: unknown, stored: unknown, defaults: object): object {
  const child = (value: unknown, key: string): unknown =>
    typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined
  const merged = Object.entries(defaults).map(([key, defaultValue]) => {
    const isGroup = typeof defaultValue === 'object' && !Array.isArray(defaultValue)
    const value = child(given, key)
    const kept = child(stored, key)
    return [
      key,
      isGroup ? merge(value, kept, defaultValue as object) : settle<unknown>(value, kept, defaultValue),
    ]
  })
  return Object.fromEntries(merged) as object
}

function tenantParts(tenant: Tenant): Readonly<Record<string, unknown>> {
  const { name, domains, language, timeZone, settings } = tenant
  return { name, domains: domains.toSorted(), language, time_zone: timeZone, ...flatten(settings, '') }
}

/** `reset.lifetime_minutes.EMAIL` and its value, for each leaf. */
function flatten(group: object, prefix: string): Readonly<Record<string, unknown>> {
  const parts = Object.entries(group).map(([key, value]: [string, unknown]) => {
    const name =
      prefix + (/^[A-Z]+$/.test(key) ? key : key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`))
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? flatten(value, `${name}.`)
      : { [name]: value }
  })
  return Object.assign({}, ...parts) as Readonly<Record<string, unknown>>
}
