import {
  type CompiledQuery,
  type DatabaseConnection,
  DummyDriver,
  Kysely,
  PostgresIntrospector,
  type QueryResult,
} from 'kysely'
import { isStorableText } from '../core/users/is-storable-text.ts'
import type { Dialect } from './dialect.ts'
import { readLateValues } from './late-value.ts'
import { type Line, type LineSource, ROLLBACK } from './line.ts'
import type { Tables } from './tables.ts'

export interface QueryLayerOptions {
  readonly lines: LineSource
  readonly dialect: Dialect
  readonly access: 'read' | 'write'
  /** Sees the text of every statement, without its values. */
  readonly onStatement?: ((sql: string) => void) | undefined
}

/** Kysely over lines of ours. */
export function createQueryLayer(options: QueryLayerOptions): Kysely<Tables> {
  return new Kysely<Tables>({
    dialect: {
      createAdapter: () => options.dialect.createAdapter(),
      createQueryCompiler: () => options.dialect.createCompiler(),
      createDriver: () => new LineDriver(options),
      createIntrospector: (db) => new PostgresIntrospector(db), // asked for by the interface, used by nobody
    },
  })
}

/** Transactions are `transaction.ts`'s, so Kysely's own begin and commit stay the dummy's. */
class LineDriver extends DummyDriver {
  readonly #options: QueryLayerOptions

  constructor(options: QueryLayerOptions) {
    super()
    this.#options = options
  }

  override async acquireConnection(): Promise<DatabaseConnection> {
    return new LineConnection(await this.#options.lines.acquire(), this.#options)
  }

  override async releaseConnection(connection?: DatabaseConnection): Promise<void> {
    if (connection instanceof LineConnection) {
      connection.line.release()
    }
  }
}

/**
 * A statement that failed ends its transaction on both databases alike: what follows fails with the same error, the
 * COMMIT too, whatever became of the first. (PostgreSQL does so by itself; SQLite would carry on, and after a full disk
 * without a transaction.)
 */
class LineConnection implements DatabaseConnection {
  readonly line: Line
  readonly #options: QueryLayerOptions
  #failure: { readonly error: unknown } | undefined

  constructor(line: Line, options: QueryLayerOptions) {
    this.line = line
    this.#options = options
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    if (this.#failure !== undefined && query.sql !== ROLLBACK) {
      throw this.#failure.error
    }
    this.#options.onStatement?.(query.sql)
    const isReading = /^\s*(select|with|explain)\b/i.test(query.sql)
    if (!isReading && this.#options.access === 'read') {
      throw new Error(`a store that is for reading was asked for: ${query.sql}`)
    }
    const parameters = readLateValues(query.parameters)
    const areStorable = parameters.every(isStorable)
    if (isReading && !areStorable) {
      return { rows: [] } // nothing stored can be equal to it
    }
    try {
      if (!areStorable) {
        throw new TypeError('text with U+0000 or a lone surrogate cannot be stored')
      }
      const { rows, changed } = await this.line.run(query.sql, parameters)
      return { rows: rows as R[], numAffectedRows: BigInt(changed) }
    } catch (error) {
      this.#failure = { error }
      throw error
    }
  }

  // biome-ignore lint/correctness/useYield: nothing here is large enough to be streamed
  async *streamQuery(): AsyncIterableIterator<never> {
    throw new Error('streaming is not supported')
  }
}

function isStorable(parameter: unknown): boolean {
  return typeof parameter !== 'string' || isStorableText(parameter)
}
