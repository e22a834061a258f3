/** A pattern as a tree; what one character must be is decided by a function that looks at nothing else. */
export type PatternNode =
  | { readonly kind: 'character'; readonly matches: (character: string) => boolean }
  | { readonly kind: 'sequence' | 'choice'; readonly parts: readonly PatternNode[] }
  | { readonly kind: 'repeat'; readonly part: PatternNode; readonly min: number; readonly max: number }

/** Why a pattern cannot be used. */
export class PatternError extends Error {
  override readonly name = 'PatternError'
}

const REPEATS_MAX = 1_000
/** Escapes that stand for one character of a kind; anything else behind a backslash is itself, or refused. */
const CLASS_ESCAPE = /^\\(?:[dDwWsS]|[pP]\{[A-Za-z_]+(?:=[A-Za-z_]+)?\}|[^A-Za-z0-9\s])/u

interface Reader {
  readonly text: string
  at: number
}

/**
 * Reads the part of JavaScript's syntax that can be matched without going back: characters, `.`, `\d`, `\p{L}`, `[…]`,
 * groups, `|`, and `* + ? {n,m}`. No back references, no looking around, no anchors: a pattern is the whole value.
 * @throws PatternError
 */
export function parsePattern(text: string): PatternNode {
  const reader = { text: text.replace(/^\^/, ''), at: 0 }
  if (/(?<!\\)(?:\\\\)*\$$/.test(reader.text)) {
    reader.text = reader.text.slice(0, -1)
  }
  const node = readChoice(reader)
  if (reader.at < reader.text.length) {
    throw new PatternError(`there is a ) too many`)
  }
  return node
}

function readChoice(reader: Reader): PatternNode {
  const parts = [readSequence(reader)]
  while (reader.text[reader.at] === '|') {
    reader.at += 1
    parts.push(readSequence(reader))
  }
  const [only] = parts
  return parts.length === 1 && only !== undefined ? only : { kind: 'choice', parts }
}

function readSequence(reader: Reader): PatternNode {
  const parts: PatternNode[] = []
  while (reader.at < reader.text.length && !'|)'.includes(reader.text[reader.at] ?? '')) {
    parts.push(readRepeat(reader, readAtom(reader)))
  }
  return { kind: 'sequence', parts }
}

function readAtom(reader: Reader): PatternNode {
  const rest = reader.text.slice(reader.at)
  const group = /^\((?:\?:)?/.exec(rest)
  if (group !== null && !/^\(\?(?!:)/.test(rest)) {
    reader.at += group[0].length
    const inner = readChoice(reader)
    if (reader.text[reader.at] !== ')') {
      throw new PatternError('a ) is missing')
    }
    reader.at += 1
    return inner
  }
  const found =
    CLASS_ESCAPE.exec(rest) ?? /^\[(?:\\[\s\S]|[^\]\\])*\]/u.exec(rest) ?? /^[^\\[\](){}*+?^$]/u.exec(rest)
  if (found === null) {
    throw new PatternError(`${JSON.stringify([...rest][0])} cannot stand there`)
  }
  reader.at += found[0].length
  return { kind: 'character', matches: characterTest(found[0]) }
}

/** One character against one atom: nothing repeats, so that there is nothing to go back over. */
function characterTest(atom: string): (character: string) => boolean {
  if ([...atom].length === 1 && atom !== '.') {
    return (character) => character === atom
  }
  try {
    const expression = new RegExp(`^${atom}$`, 'su')
    return (character) => expression.test(character)
  } catch (cause) {
    throw new PatternError(`${atom} is not understood`, { cause })
  }
}

function readRepeat(reader: Reader, part: PatternNode): PatternNode {
  const found = /^(?:[*+?]|\{(\d{1,4})(,(\d{1,4})?)?\})/.exec(reader.text.slice(reader.at))
  if (found === null) {
    return part
  }
  reader.at += found[0].length
  const [sign, low, comma, high] = found
  const min = low === undefined ? (sign === '+' ? 1 : 0) : Number(low)
  const open = sign === '?' ? 1 : Number.POSITIVE_INFINITY
  const max = low === undefined ? open : comma === undefined ? min : high === undefined ? open : Number(high)
  if (max < min || min > REPEATS_MAX || (max > REPEATS_MAX && max !== Number.POSITIVE_INFINITY)) {
    throw new PatternError(`${sign} is no number of repeats`)
  }
  if (/^[*+?{]/.test(reader.text.slice(reader.at))) {
    throw new PatternError('a repeat of a repeat needs a group')
  }
  return { kind: 'repeat', part, min, max }
}
