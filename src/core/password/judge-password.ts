import { ApiError } from '../../errors/api-error.ts'
import type { Secret } from '../secret.ts'
import type { PasswordPolicy, Tenant } from '../tenants/tenant.ts'
import { checkPassword, type PasswordViolation } from './check-password.ts'
import type { BreachJudge, PasswordJudges } from './password-judges.ts'
import { namesOf, type PasswordOwner } from './user-info.ts'

/**
 * The one engine for every password that people choose: typed by an employee, or written in a tenant file. What
 * follows from password and owner alone comes first; only what passes there is judged for strength, and then asked for
 * in breaches. Call outside transactions: it waits for a thread and for the network.
 * @throws ApiError REQUEST.9011 (503) when it cannot be judged now: nothing is known of the password then
 */
export async function judgePassword(
  judges: PasswordJudges,
  tenant: Pick<Tenant, 'name' | 'settings'>,
  password: Secret,
  about: PasswordOwner,
): Promise<readonly PasswordViolation[]> {
  const { passwordPolicy: policy } = tenant.settings
  const violations = checkPassword(policy, password, about)
  if (violations.length > 0) {
    return violations
  }
  if (policy.weakPasswords === 'refuse' && (await judges.strength.isWeak(password, factsOf(tenant, about)))) {
    return [{ rule: 'weak' }]
  }
  if (policy.breachedPasswords === 'refuse' && (await isBreached(judges.breaches, policy, password))) {
    return [{ rule: 'breached' }]
  }
  return []
}

/** What somebody who knows the owner would try first. */
function factsOf(tenant: Pick<Tenant, 'name'>, owner: PasswordOwner): readonly string[] {
  const [mailPrefix = ''] = (owner.email ?? '').split('@')
  const [, mobileNumber = ''] = (owner.mobile ?? '').split('-')
  const words = namesOf({ ...owner, name: tenant.name })
  const facts = [owner.userName, mailPrefix, ...namesOf(owner), mobileNumber, tenant.name, ...words]
  return [...new Set(facts.filter((fact) => fact !== ''))]
}

async function isBreached(
  breaches: BreachJudge | undefined,
  policy: PasswordPolicy,
  password: Secret,
): Promise<boolean> {
  try {
    if (breaches === undefined) {
      throw new Error('REKEY_BREACHED_PASSWORDS_SOURCE is not set')
    }
    return await breaches.isBreached(password)
  } catch (cause) {
    if (policy.breachedOnFailure === 'refuse') {
      throw new ApiError('REQUEST.9011', {
        detail: 'breach_check_failed',
        retryAfterSeconds: BREACH_RETRY_AFTER_SECONDS,
        cause,
      })
    }
    return false
  }
}

const BREACH_RETRY_AFTER_SECONDS = 30 // a source that is away seldom is back at once
