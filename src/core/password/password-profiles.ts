import { defaultTenantSettings, type PasswordPolicy } from '../tenants/tenant.ts'

const { passwordPolicy } = defaultTenantSettings

export type PasswordProfile = 'modern' | 'classic'

/** Whole policies by name; keys beside `profile` in the tenant file go before the profile's. */
export const passwordProfiles: Readonly<Record<PasswordProfile, PasswordPolicy>> = {
  // NIST SP 800-63B-4, 3.1.1.2: 15 characters where the password is the only factor, no rules of composition
  modern: {
    ...passwordPolicy,
    lengthMin: 15,
    lengthMax: 128,
    classesMin: 1,
    history: 0,
    repeatsMax: 0,
  },
  classic: passwordPolicy,
}
