/** A command cannot do its work. The message is for the operator: what is wrong, and what to do about it. */
export class CommandError extends Error {
  override readonly name = 'CommandError'
  /** Single findings, when there are several. */
  readonly problems: readonly string[]

  constructor(
    message: string,
    options: { readonly problems?: readonly string[]; readonly cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause })
    this.problems = options.problems ?? []
  }
}
