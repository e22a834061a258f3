import type { PasswordViolation } from '../password/check-password.ts'
import { judgePassword } from '../password/judge-password.ts'
import type { PasswordJudges } from '../password/password-judges.ts'
import type { PasswordOwner } from '../password/user-info.ts'
import type { Secret } from '../secret.ts'
import type { Tenant } from '../tenants/tenant.ts'

/**
 * What is wrong with a password while it is typed, as far as password and owner alone tell. Nothing is hashed, kept or
 * compared with earlier passwords, and no service is asked: that is left for the password that is sent in.
 */
export async function checkTypedPassword(
  judges: PasswordJudges,
  tenant: Pick<Tenant, 'name' | 'settings'>,
  password: Secret,
  owner: PasswordOwner,
): Promise<readonly PasswordViolation[]> {
  const passwordPolicy = { ...tenant.settings.passwordPolicy, breachedPasswords: 'allow' } as const
  return await judgePassword(
    judges,
    { ...tenant, settings: { ...tenant.settings, passwordPolicy } },
    password,
    owner,
  )
}
