/** Columns that an operator's terminal shows without wrapping. */
export const COLUMNS_MAX = 100

const unprintable = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu
const wide =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3000-\u303f\uff01-\uff60]/u

/**
 * One line of at most `columnsMax` columns; what is cut ends in `…`. Names and what gateways answer come from outside:
 * control characters, which could move the cursor or change what was printed before, become spaces.
 */
export function fitLine(text: string, columnsMax: number = COLUMNS_MAX): string {
  const clean = text.replace(unprintable, ' ').trimEnd()
  const characters = [...clean]
  let columns = 0
  for (const [index, character] of characters.entries()) {
    columns += columnsOf(character)
    if (columns > columnsMax) {
      return `${cut(characters.slice(0, index), columnsMax - 1)}…`
    }
  }
  return clean
}

function cut(characters: readonly string[], columnsMax: number): string {
  const kept = [...characters]
  while (kept.reduce((sum, character) => sum + columnsOf(character), 0) > columnsMax) {
    kept.pop()
  }
  return kept.join('')
}

function columnsOf(character: string): number {
  return wide.test(character) ? 2 : 1
}
