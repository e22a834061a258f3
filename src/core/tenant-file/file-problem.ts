/** One thing to know about the tenant file, and where: a person opens the place and reads what to do. */
export interface FileProblem {
  readonly file: string
  /** From 1. */
  readonly line: number
  /** From 1, in UTF-16 units as editors count them. */
  readonly column: number
  /** `users[3].email`; empty for the document as a whole. With several documents, each starts anew. */
  readonly path: string
  /** A sentence; never holds a value that is secret or came from the environment. */
  readonly message: string
}

/** By line, then column; the same sentence at the same place counts once. */
export function sortProblems(problems: readonly FileProblem[]): readonly FileProblem[] {
  const seen = new Set<string>()
  return problems
    .toSorted((left, right) => left.line - right.line || left.column - right.column)
    .filter((problem) => {
      const key = `${problem.line}:${problem.column} ${problem.message}`
      return seen.has(key) ? false : seen.add(key)
    })
}
