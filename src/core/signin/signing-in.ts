import type { ApiError } from '../../errors/api-error.ts'
import type { Repositories, SignInView } from '../../store/store.ts'
import type { Reset } from '../reset/reset-state.ts'
import type { Secret } from '../secret.ts'
import type { UserWithCredential } from '../users/user.ts'
import type { FailureStanding } from './count-failures.ts'
import { type OpenedSession, presentSession } from './open-session.ts'
import type { EndUserCall, SignInAnswer } from './sign-in-calls.ts'
import type { SignInDeps } from './sign-in-deps.ts'

/** By what somebody says who they are, and what is said and written down when it is wrong. */
export interface Proof {
  readonly code: 'SDK.LOGIN.1005' | 'SDK.SMS.1005'
  readonly reason: 'wrong_password' | 'wrong_code'
  /** First part of the action in the record. */
  readonly record: 'sign_in' | 'password_recovery' | 'password_change' | 'second_factor'
}

export const byPassword: Proof = { code: 'SDK.LOGIN.1005', reason: 'wrong_password', record: 'sign_in' }

export function byCode(record: Proof['record']): Proof {
  return { code: 'SDK.SMS.1005', reason: 'wrong_code', record }
}

/** What is known under the user's lock. */
export interface SigningIn {
  readonly deps: Pick<SignInDeps, 'random' | 'sealAddress'>
  readonly call: EndUserCall
  readonly proof: Proof
  readonly repositories: Repositories
  /** Undefined: nobody has this name. */
  readonly view: SignInView | undefined
  readonly standing: FailureStanding
  readonly now: number
}

/** What one transaction decided. */
export type SettledSignIn =
  | { readonly kind: 'session'; readonly session: OpenedSession }
  | { readonly kind: 'must_change' | 'may_change' | 'second_factor'; readonly stateToken: Secret }
  | { readonly kind: 'denied' }
  /** Thrown only after the transaction: what it wrote stays. `expired`: the reset that ended in it. */
  | { readonly kind: 'refused'; readonly error: ApiError; readonly expired?: Reset | undefined }

/** The answer; call after the transaction. @throws ApiError what it refused with */
export async function presentSettled(
  { signer, onSettled }: Pick<SignInDeps, 'signer' | 'onSettled'>,
  call: EndUserCall,
  settled: SettledSignIn,
): Promise<SignInAnswer> {
  switch (settled.kind) {
    case 'session':
      return await presentSession(signer, call, settled.session)
    case 'must_change':
      return { status: 'PASSWORD_EXPIRED', stateToken: settled.stateToken }
    case 'may_change':
      return { status: 'PASSWORD_WARN', stateToken: settled.stateToken }
    case 'second_factor':
      return { status: 'MFA_AUTH', stateToken: settled.stateToken }
    case 'denied':
      return { status: 'ACCESS_DENIED' }
    case 'refused':
      if (settled.expired !== undefined) {
        onSettled(settled.expired)
      }
      throw settled.error
  }
}

/** Beside what may be decided: the same password got another salt meanwhile, nothing was. */
export interface SaltChanged {
  readonly kind: 'salt_changed'
  readonly user: UserWithCredential
}
