import { PatternError, type PatternNode, parsePattern } from './parse-pattern.ts'

export const PATTERN_LENGTH_MAX = 200
/** Characters of a value that is matched; with the states below, a bound on the work. */
export const MATCHED_LENGTH_MAX = 1_000
const STATES_MAX = 1_000

type State =
  | { readonly kind: 'character'; readonly matches: (character: string) => boolean; readonly next: number }
  | { readonly kind: 'fork'; readonly next: number[] }
  | { readonly kind: 'end' }

/**
 * Makes a test for whole values that takes at most (characters × states) steps, whatever pattern and value are: it
 * follows all ways at once instead of one after the other (Thompson, CACM 11:6, 1968). JavaScript's own expressions can
 * take longer than anybody waits, and these are written by administrators of tenants.
 * @throws PatternError with what is wrong
 */
export function compilePattern(pattern: string): (value: string) => boolean {
  if (pattern.length > PATTERN_LENGTH_MAX) {
    throw new PatternError(`it is longer than ${PATTERN_LENGTH_MAX} characters`)
  }
  const states: State[] = [{ kind: 'end' }]
  const start = build(states, parsePattern(pattern), 0)
  return (value) => {
    const characters = [...value]
    return characters.length <= MATCHED_LENGTH_MAX && run(states, start, characters)
  }
}

/** What is wrong with it; undefined: nothing. */
export function complainOfPattern(pattern: string): string | undefined {
  try {
    compilePattern(pattern)
    return undefined
  } catch (error) {
    if (error instanceof PatternError) {
      return error.message
    }
    throw error
  }
}

/** Adds the states of a node that go on to `next`; the first of them. */
function build(states: State[], node: PatternNode, next: number): number {
  switch (node.kind) {
    case 'character':
      return add(states, { kind: 'character', matches: node.matches, next })
    case 'sequence':
      return node.parts.reduceRight((after, part) => build(states, part, after), next)
    case 'choice':
      return add(states, { kind: 'fork', next: node.parts.map((part) => build(states, part, next)) })
    case 'repeat':
      return buildRepeat(states, node, next)
  }
}

function buildRepeat(
  states: State[],
  { part, min, max }: PatternNode & { readonly kind: 'repeat' },
  next: number,
): number {
  let after = next
  if (max === Number.POSITIVE_INFINITY) {
    const ways = [next]
    after = add(states, { kind: 'fork', next: ways })
    ways.unshift(build(states, part, after))
  } else {
    for (let count = min; count < max; count += 1) {
      after = add(states, { kind: 'fork', next: [build(states, part, after), next] })
    }
  }
  for (let count = 0; count < min; count += 1) {
    after = build(states, part, after)
  }
  return after
}

function add(states: State[], state: State): number {
  if (states.length >= STATES_MAX) {
    throw new PatternError('it repeats too much')
  }
  return states.push(state) - 1
}

function run(states: readonly State[], start: number, characters: readonly string[]): boolean {
  let current = closure(states, [start])
  for (const character of characters) {
    const reached: number[] = []
    for (const index of current) {
      const state = states[index]
      if (state?.kind === 'character' && state.matches(character)) {
        reached.push(state.next)
      }
    }
    current = closure(states, reached)
    if (current.size === 0) {
      return false
    }
  }
  return current.has(0)
}

/** All states that can be come to without a character. */
function closure(states: readonly State[], from: readonly number[]): ReadonlySet<number> {
  const found = new Set<number>()
  const waiting = [...from]
  while (waiting.length > 0) {
    const index = waiting.pop() ?? 0
    const state = states[index]
    if (!found.has(index)) {
      found.add(index)
      waiting.push(...(state?.kind === 'fork' ? state.next : []))
    }
  }
  return found
}
