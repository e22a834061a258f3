import type { SignInAnswer } from '../core/signin/sign-in-calls.ts'
import { ApiError } from '../errors/api-error.ts'
import type { Metrics, SignInResult } from './metrics.ts'

const resultOfStatus = {
  SUCCESS: 'success',
  PASSWORD_EXPIRED: 'password_expired',
  PASSWORD_WARN: 'password_warn',
  MFA_AUTH: 'second_factor',
  ACCESS_DENIED: 'denied',
} as const satisfies Record<SignInAnswer['status'], SignInResult>

const resultOfCode: Partial<Record<ApiError['code'], SignInResult>> = {
  'SDK.LOGIN.1003': 'locked',
  'SDK.LOGIN.1005': 'wrong_password',
  'SDK.SMS.1005': 'wrong_code',
  'SDK.LOGIN.9001': 'reset_expired',
  'SDK.LOGIN.9002': 'too_many',
}

/** Counts how a sign-in ended, and passes its end on as it is. What is no result of signing in is not counted. */
export async function countSignIn(
  metrics: Pick<Metrics, 'signIn'>,
  signingIn: Promise<SignInAnswer>,
): Promise<SignInAnswer> {
  try {
    const answer = await signingIn
    metrics.signIn(resultOfStatus[answer.status])
    return answer
  } catch (error) {
    const result = error instanceof ApiError ? resultOfCode[error.code] : undefined
    if (result !== undefined) {
      metrics.signIn(result)
    }
    throw error
  }
}
