import type { Secret } from '../secret.ts'

/** What the engine asks beyond the password and its owner: both take a while, so neither is asked in a transaction. */
export interface PasswordJudges {
  readonly strength: StrengthJudge
  /** Undefined: the operator configured no source. */
  readonly breaches: BreachJudge | undefined
}

export interface StrengthJudge {
  /**
   * Whether it is of a list of common ones, or soon guessed by somebody who knows the facts about its owner.
   * @throws ApiError REQUEST.9011 (503) when too many wait, or nothing can be judged now
   */
  isWeak(password: Secret, facts: readonly string[]): Promise<boolean>
}

export interface BreachJudge {
  /**
   * Whether it stands in a known breach. No more of it leaves than 20 bits of its digest.
   * @throws Error the source cannot be asked; the message says why, and nothing of the password
   */
  isBreached(password: Secret): Promise<boolean>
}
