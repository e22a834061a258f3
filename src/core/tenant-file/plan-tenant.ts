import type { AttributeDefinition } from '../attributes/attribute-definition.ts'
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
  newId: () => string,
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
    settings: mergeSettings(entry, before?.settings),
  }
  const change = rowChange({ before, after: tenant, id: tenant.id, name: code, parts: tenantParts })
  return { tenant, change: change && { ...change, kind: 'tenant' } }
}

type Given<T> = {
  readonly [K in keyof T]?:
    | (T[K] extends string | number | boolean | readonly unknown[] ? T[K] : Given<T[K]>)
    | null
}

function mergeSettings(entry: SettingsEntry, stored: TenantSettings | undefined): TenantSettings {
  const attributes = {
    ...(entry.userAttributes === undefined ? {} : { users: toDefinitions(entry.userAttributes) }),
    ...(entry.organizationAttributes === undefined
      ? {}
      : { organizations: toDefinitions(entry.organizationAttributes) }),
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
  }
  return merge(given, stored, defaultTenantSettings) as TenantSettings
}

function toDefinitions(entries: SettingsEntry['userAttributes']): readonly AttributeDefinition[] | null {
  return entries === null || entries === undefined
    ? null
    : entries.map(({ name, type, required, unique, lengthMax, pattern }) => ({
        name,
        type: type ?? 'text',
        isRequired: required ?? false,
        isUnique: unique ?? false,
        lengthMax: lengthMax ?? undefined,
        pattern: pattern ?? undefined,
      }))
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
