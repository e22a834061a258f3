/** Few sizes, so that there are few texts of statements: SQLite keeps them parsed, PostgreSQL under names. */
const SIZES = [100, 10, 1] as const
export type ChunkSize = (typeof SIZES)[number]

/** The rows in order, in pieces whose size is one of few: what is written with several rows a statement. */
export function inChunks<T>(
  rows: readonly T[],
): readonly { readonly size: ChunkSize; readonly rows: readonly T[] }[] {
  const chunks: { readonly size: ChunkSize; readonly rows: readonly T[] }[] = []
  let from = 0
  for (const size of SIZES) {
    for (; rows.length - from >= size; from += size) {
      chunks.push({ size, rows: rows.slice(from, from + size) })
    }
  }
  return chunks
}

/** The same for values that are looked up: the last piece is filled up with its last value. */
export function inFilledChunks(
  values: readonly string[],
): readonly { readonly size: ChunkSize; readonly rows: readonly string[] }[] {
  const chunks: { readonly size: ChunkSize; readonly rows: readonly string[] }[] = []
  for (let from = 0; from < values.length; ) {
    const left = values.length - from
    const size = left > 10 ? 100 : left > 1 ? 10 : 1
    const rows = values.slice(from, from + size)
    const last = rows.at(-1) ?? ''
    chunks.push({ size, rows: [...rows, ...Array<string>(size - rows.length).fill(last)] })
    from += size
  }
  return chunks
}
