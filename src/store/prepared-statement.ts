import type { CompiledQuery, Kysely, QueryResult } from 'kysely'
import type { StoreContext } from './context.ts'
import type { Dialect } from './dialect.ts'
import type { Tables } from './tables.ts'

/** Where a value of the call will stand, typed as the value. */
export type Places<V> = <K extends keyof V & string>(name: K) => V[K]

interface Compilable<R> {
  compile(db: Kysely<Tables>): CompiledQuery<R>
}

type Running = Pick<StoreContext, 'db' | 'dialect'>

export interface PreparedStatement<V, R> {
  all(context: Running, values: V): Promise<R[]>
  first(context: Running, values: V): Promise<R | undefined>
  /** How many rows were inserted, updated or deleted. */
  run(context: Running, values: V): Promise<number>
}

/**
 * A statement that is built and compiled once for each store and then run with the values of each call:
 * building it every time costs many times what SQLite needs to answer it (measured: `docs/decisions/0026`).
 * Everything in `build` that is not asked of `value` is the same for all calls.
 */
export function prepareStatement<V extends object, R>(
  build: (db: Kysely<Tables>, value: Places<V>, dialect: Dialect) => Compilable<R>,
): PreparedStatement<V, R> {
  const { all, first, run } = prepareVariants<string, V, R>(
    (only) => only,
    (db, value, _only, dialect) => build(db, value, dialect),
  )
  return {
    all: (context, values) => all(context, values, ''),
    first: (context, values) => first(context, values, ''),
    run: (context, values) => run(context, values, ''),
  }
}

export interface PreparedVariants<S, V, R> {
  all(context: Running, values: V, shape: S): Promise<R[]>
  first(context: Running, values: V, shape: S): Promise<R | undefined>
  run(context: Running, values: V, shape: S): Promise<number>
}

/**
 * The same for statements whose text depends on more than the database: on the columns that change, on the filters
 * that are set. `keyOf` names the text; there must be as few of them as the sources can ask for, never one for each value.
 */
export function prepareVariants<S, V extends object, R>(
  keyOf: (shape: S) => string,
  build: (db: Kysely<Tables>, value: Places<V>, shape: S, dialect: Dialect) => Compilable<R>,
): PreparedVariants<S, V, R> {
  // for each store its own: what of a statement is read late, is read from the clock of its dialect
  const compiled = new WeakMap<Dialect, Map<string, CompiledQuery<R>>>()
  const value = ((name: string) => new Place(name)) as Places<V>

  function execute({ db, dialect }: Running, values: V, shape: S): Promise<QueryResult<R>> {
    let ofDialect = compiled.get(dialect)
    if (ofDialect === undefined) {
      ofDialect = new Map()
      compiled.set(dialect, ofDialect)
    }
    const key = keyOf(shape)
    let query = ofDialect.get(key)
    if (query === undefined) {
      query = build(db, value, shape, dialect).compile(db)
      ofDialect.set(key, query)
    }
    const named = values as Readonly<Record<string, unknown>>
    const parameters = query.parameters.map((parameter) =>
      parameter instanceof Place ? named[parameter.name] : parameter,
    )
    return db.executeQuery<R>({ ...query, parameters })
  }

  return {
    all: async (context, values, shape) => (await execute(context, values, shape)).rows,
    first: async (context, values, shape) => (await execute(context, values, shape)).rows[0],
    run: async (context, values, shape) =>
      Number((await execute(context, values, shape)).numAffectedRows ?? 0n),
  }
}

class Place {
  readonly name: string

  constructor(name: string) {
    this.name = name
  }
}
