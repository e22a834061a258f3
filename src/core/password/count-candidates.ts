interface CandidateSpace {
  readonly length: number
  /** Sets of characters that do not overlap. */
  readonly classes: readonly { readonly size: number; readonly isAtEnds: boolean }[]
  /** Of how many of them a candidate must hold a character. */
  readonly classesMin: number
  /** Longest run of one character; 0: any. */
  readonly repeatsMax: number
}

/**
 * How many texts there are of this length, with enough classes and no run that is too long. Counted character by
 * character over what matters of a beginning: which classes it holds, which class it ends in, how long its last run is.
 * Exact but for the 53 bits of a number.
 */
export function countCandidates(space: CandidateSpace): number {
  const key = JSON.stringify(space)
  const known = counted.get(key)
  if (known !== undefined) {
    return known
  }
  if (counted.size >= COUNTED_MAX) {
    counted.clear()
  }
  const count = countAnew(space)
  counted.set(key, count)
  return count
}

// each reset asks for the same few
const counted = new Map<string, number>()
const COUNTED_MAX = 1_000

interface Beginning {
  /** Bit per class. */
  readonly held: number
  readonly last: number
  readonly run: number
  count: number
}

function countAnew(space: CandidateSpace): number {
  const { length, classes, classesMin, repeatsMax } = space
  let beginnings: Beginning[] = [{ held: 0, last: -1, run: 0, count: 1 }]
  for (let index = 0; index < length; index += 1) {
    const isEnd = index === 0 || index === length - 1
    const next = new Map<string, Beginning>()
    for (const beginning of beginnings) {
      for (const [at, { size, isAtEnds }] of classes.entries()) {
        if (isEnd && !isAtEnds) {
          continue
        }
        const held = beginning.held | (1 << at)
        const isSameClass = beginning.last === at
        add(next, { held, last: at, run: 1, count: beginning.count * (size - (isSameClass ? 1 : 0)) })
        // runs are of no account where any is allowed
        const run = repeatsMax === 0 ? 1 : beginning.run + 1
        if (isSameClass && (repeatsMax === 0 || run <= repeatsMax)) {
          add(next, { held, last: at, run, count: beginning.count })
        }
      }
    }
    beginnings = [...next.values()]
  }
  return beginnings
    .filter(({ held }) => countBits(held) >= classesMin)
    .reduce((sum, { count }) => sum + count, 0)
}

function add(beginnings: Map<string, Beginning>, more: Beginning): void {
  const key = `${more.held}/${more.last}/${more.run}`
  const known = beginnings.get(key)
  if (known === undefined) {
    beginnings.set(key, more)
  } else {
    known.count += more.count
  }
}

function countBits(bits: number): number {
  return bits.toString(2).replaceAll('0', '').length
}
