import { ApiError } from '../../errors/api-error.ts'
import type { PasswordViolation } from '../password/check-password.ts'
import { judgePassword } from '../password/judge-password.ts'
import { describeViolation, wordOf } from '../password/violation-texts.ts'
import type { Secret } from '../secret.ts'
import type { User } from '../users/user.ts'
import type { PlanToCheck } from './plan-to-check.ts'

/** Only of users who are new: a password that exists is never touched, nor is one that stands here for nothing. */
export async function checkPasswords(p: PlanToCheck): Promise<void> {
  const { source } = p.parsed
  const { sendModes } = p.configuration.tenant.settings.reset
  for (const { action, entry, after } of p.users) {
    if (action === 'create' && entry?.password && after !== undefined) {
      const complaint = await complainOf(p, entry.password, after)
      if (complaint !== undefined) {
        source.report(source.placeOf(entry, 'password'), complaint)
      }
    }
    if (entry?.deliverInitial && !sendModes.includes(entry.deliverInitial)) {
      const message = `${entry.deliverInitial} is not in reset.send_modes: add it there, or choose another`
      source.report(source.placeOf(entry, 'deliverInitial'), message)
    }
  }
}

async function complainOf(p: PlanToCheck, password: Secret, owner: User): Promise<string | undefined> {
  try {
    const [violation] = await judgePassword(p.judges, p.configuration.tenant, password, owner)
    return violation && refusal(violation)
  } catch (error) {
    if (error instanceof ApiError) {
      return `cannot be judged now (${error.detail ?? error.code}): run apply again`
    }
    throw error
  }
}

function refusal(violation: PasswordViolation): string {
  return `does not meet the password policy (${wordOf(violation)}): it must be ${describeViolation(violation).en}`
}
