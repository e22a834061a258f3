import type { ApiError } from '../../errors/api-error.ts'
import type { Repositories, SignInView } from '../../store/store.ts'
import type { SignInCall } from '../core.ts'
import type { Reset } from '../reset/reset-state.ts'
import type { Secret } from '../secret.ts'
import type { UserWithCredential } from '../users/user.ts'
import type { FailureStanding } from './count-failures.ts'
import type { OpenedSession } from './open-session.ts'
import type { SignInDeps } from './sign-in-deps.ts'

/** What is known under the user's lock. */
export interface SigningIn {
  readonly deps: SignInDeps
  readonly call: SignInCall
  readonly repositories: Repositories
  /** Undefined: nobody has this name. */
  readonly view: SignInView | undefined
  readonly standing: FailureStanding
  readonly now: number
}

/** What one transaction decided. */
export type SettledSignIn =
  | { readonly kind: 'session'; readonly session: OpenedSession }
  | { readonly kind: 'must_change' | 'may_change'; readonly stateToken: Secret }
  | { readonly kind: 'denied' }
  /** Thrown only after the transaction: what it wrote stays. `expired`: the reset that ended in it. */
  | { readonly kind: 'refused'; readonly error: ApiError; readonly expired?: Reset | undefined }
  | { readonly kind: 'salt_changed'; readonly user: UserWithCredential }
