/** The known word that somebody who wrote `word` most likely meant; undefined: none is near. */
export function nearestWord(word: string, known: readonly string[]): string | undefined {
  const simple = simplify(word)
  const ranked = known
    .map((candidate) => ({ candidate, distance: editDistance(simple, simplify(candidate)) }))
    .toSorted((left, right) => left.distance - right.distance)
  const [nearest] = ranked
  const distanceMax = Math.max(1, Math.floor(simple.length / 3))
  return nearest !== undefined && nearest.distance <= distanceMax ? nearest.candidate : undefined
}

/** `sendModes`, `send-modes` and `send_modes` are one word to a person. */
function simplify(word: string): string {
  return word
    .toLowerCase()
    .replace(/[-_\s]/g, '')
    .slice(0, 64)
}

/** Levenshtein's distance: single characters put in, taken out, or exchanged. */
function editDistance(left: string, right: string): number {
  let row = Array.from({ length: right.length + 1 }, (_, index) => index)
  for (const [index, character] of [...left].entries()) {
    const next = [index + 1]
    for (const [position, other] of [...right].entries()) {
      const exchanged = (row[position] ?? 0) + (character === other ? 0 : 1)
      next.push(Math.min(exchanged, (row[position + 1] ?? 0) + 1, (next[position] ?? 0) + 1))
    }
    row = next
  }
  return row.at(-1) ?? 0
}
