/** Somebody else changed the store between plan and deed; the transaction at hand did not happen. */
export class ConcurrentChangeError extends Error {
  override readonly name = 'ConcurrentChangeError'
  /** The part of the file it is about, and its key. */
  readonly owner: object | undefined
  readonly key: string

  constructor(message: string, owner: object | undefined, key: string, cause: unknown) {
    super(message, { cause })
    this.owner = owner
    this.key = key
  }
}
