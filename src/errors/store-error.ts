/** The store cannot be reached, is full, or stayed locked: nothing of this transaction happened. Answered as 503. */
export class StoreUnavailableError extends Error {
  override readonly name: string = 'StoreUnavailableError'
}

/** The line was lost during COMMIT: it happened or not, and only reading tells. Never repeat blindly (reset protocol, rule 1). */
export class CommitInDoubtError extends StoreUnavailableError {
  override readonly name: string = 'CommitInDoubtError'
}

/** A unique index said no. `constraint` is the index's name on both databases. */
export class DuplicateError extends Error {
  override readonly name = 'DuplicateError'
  readonly constraint: string

  constructor(constraint: string, cause: unknown) {
    super(`duplicate: ${constraint}`, { cause })
    this.constraint = constraint
  }
}
