import type { StoreContext } from './context.ts'
import { type ChunkSize, inChunks } from './in-chunks.ts'
import { type Places, prepareVariants } from './prepared-statement.ts'
import type { Tables } from './tables.ts'

interface Shape {
  readonly table: keyof Tables
  readonly size: ChunkSize
  readonly columns: readonly string[]
  /** Set to the time of the statement. */
  readonly timeColumn: string | undefined
}

type Values = Readonly<Record<string, unknown>>

/**
 * The rows are there, in few statements: each costs a round trip. Every row of a table has the same columns.
 * @throws DuplicateError
 */
export async function insertRows<T extends keyof Tables>(
  context: StoreContext,
  table: T,
  rows: readonly Partial<Tables[T]>[],
  timeColumn?: keyof Tables[T] & string,
): Promise<void> {
  const columns = Object.keys(rows[0] ?? {})
  for (const { size, rows: chunk } of inChunks(rows)) {
    const entries = chunk.flatMap((row, index) =>
      columns.map((column) => [`${column}_${index}`, (row as Values)[column]] as const),
    )
    await insertChunk.run(context, Object.fromEntries(entries), { table, size, columns, timeColumn })
  }
}

const insertChunk = prepareVariants<Shape, Values, unknown>(
  ({ table, size }) => `${table} ${size}`,
  (db, value: Places<Values>, { table, size, columns, timeColumn }, dialect) => {
    const rows = Array.from({ length: size }, (_, index) =>
      Object.fromEntries([
        ...columns.map((column) => [column, value(`${column}_${index}`)]),
        ...(timeColumn === undefined ? [] : [[timeColumn, dialect.now()]]),
      ]),
    )
    return db.insertInto(table).values(rows as never)
  },
)
