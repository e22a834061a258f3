import { defaultTenantSettings, type PasswordPolicy, type SignInSettings } from '../tenants/tenant.ts'

const { passwordPolicy } = defaultTenantSettings

export type PasswordProfile = 'modern' | 'classic'

// NIST SP 800-63B-4, 3.1.1.2
const LENGTH_MIN_ALONE = 15
const LENGTH_MIN_WITH_SECOND_FACTOR = 8

/** Whole policies by name, where the password is the only factor; keys beside `profile` in the tenant file go before the profile's. */
export const passwordProfiles: Readonly<Record<PasswordProfile, PasswordPolicy>> = {
  // NIST SP 800-63B-4, 3.1.1.2: no rules of composition
  modern: {
    ...passwordPolicy,
    lengthMin: LENGTH_MIN_ALONE,
    lengthMax: 128,
    classesMin: 1,
    history: 0,
    repeatsMax: 0,
  },
  classic: passwordPolicy,
}

/** The policy of a profile for this tenant: `modern` asks for less where a second factor is asked for at every sign-in. */
export function policyOfProfile(
  profile: PasswordProfile,
  { secondFactor }: Pick<SignInSettings, 'secondFactor'>,
): PasswordPolicy {
  const policy = passwordProfiles[profile]
  return profile === 'modern' && secondFactor !== 'none'
    ? { ...policy, lengthMin: LENGTH_MIN_WITH_SECOND_FACTOR }
    : policy
}
