import { type ChunkSize, inFilledChunks } from './in-chunks.ts'

interface LookUp {
  readonly size: ChunkSize
  /** The values by the names of `placesOf`. */
  readonly named: Readonly<Record<string, string>>
}

/** All rows that have one of the values, in few look-ups. */
export async function findInChunks<R>(
  values: readonly string[],
  find: (lookUp: LookUp) => Promise<readonly R[]>,
): Promise<readonly R[]> {
  const found: R[] = []
  for (const { size, rows } of inFilledChunks([...new Set(values)])) {
    const named = Object.fromEntries(rows.map((value, index) => [`value_${index}`, value]))
    found.push(...(await find({ size, named })))
  }
  return found
}

/** Where the values of a look-up stand in its statement. */
export function placesOf(place: (name: string) => unknown, size: ChunkSize): string[] {
  return Array.from({ length: size }, (_, index) => place(`value_${index}`) as string)
}
