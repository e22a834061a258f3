import { defaultTenantSettings, type TenantSettings } from './tenant.ts'

/** Settings that an earlier release stored, with the defaults for what came since. */
export function completeSettings(stored: unknown): TenantSettings {
  return complete(stored, defaultTenantSettings) as TenantSettings
}

function complete(stored: unknown, defaults: object): object {
  const found = (typeof stored === 'object' && stored !== null ? stored : {}) as Record<string, unknown>
  const completed = Object.entries(defaults).map(([key, defaultValue]: [string, unknown]) => {
    const isGroup = typeof defaultValue === 'object' && defaultValue !== null && !Array.isArray(defaultValue)
    return [key, isGroup ? complete(found[key], defaultValue) : (found[key] ?? defaultValue)]
  })
  return { ...found, ...Object.fromEntries(completed) }
}
