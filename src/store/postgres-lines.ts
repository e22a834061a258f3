import { createHash } from 'node:crypto'
import { type ClientBase, Pool, type PoolClient, types } from 'pg'
import { StoreUnavailableError } from '../errors/store-error.ts'
import { COMMIT, LINE_WAIT_MS_MAX, type Line, type LineSource, ROLLBACK, STATEMENTS_MAX } from './line.ts'
import { isLineLost, postgresError } from './postgres-error.ts'
import { splitHosts } from './split-hosts.ts'

const STATEMENT_MS_MAX = 15_000
/** For a server that vanished without a word: longer than it would need to say that the statement took too long. */
const ANSWER_MS_MAX = STATEMENT_MS_MAX + 2_000
/** A process that stopped in the middle of a transaction keeps its row locks no longer than this. */
const IDLE_IN_TRANSACTION_MS_MAX = 60_000
const IDLE_LINE_MS_MAX = 30_000
/** What the pool says then, its only sign. */
const ALL_LINES_TAKEN = 'timeout exceeded when trying to connect'

export interface PostgresOptions {
  readonly connectionsMax: number
  /** Migrations may take as long as they need. */
  readonly timeLimit: 'statement' | 'none'
}

/**
 * Lines to PostgreSQL from a bounded pool. Several hosts (`postgres://user@a:5432,b:5432/name`) are tried in turn until
 * one can be written to. Nothing is connected before it is needed, and a server that goes away ends no process.
 */
export function openPostgres(url: string, options: PostgresOptions): LineSource {
  const urls = splitHosts(url)
  const pools = urls.map((hostUrl) => createPool(hostUrl, options, urls.length > 1))
  const nameOf = createStatementNames()
  let current = 0

  return {
    async acquire() {
      let cause: unknown
      for (const _pool of pools) {
        const pool = pools[current] as Pool
        try {
          return toLine(await pool.connect(), nameOf)
        } catch (error) {
          cause ??= error
          if (error instanceof Error && error.message === ALL_LINES_TAKEN) {
            break // another host would not help
          }
          current = (current + 1) % pools.length
        }
      }
      throw new StoreUnavailableError('no line to PostgreSQL', { cause })
    },
    async close() {
      await Promise.all(pools.map((pool) => pool.end()))
    },
  }
}

function createPool(url: string, options: PostgresOptions, isOneOfSeveral: boolean): Pool {
  const hasLimit = options.timeLimit === 'statement'
  const pool = new Pool({
    connectionString: url,
    max: options.connectionsMax,
    connectionTimeoutMillis: LINE_WAIT_MS_MAX,
    idleTimeoutMillis: IDLE_LINE_MS_MAX,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS_MAX,
    ...(hasLimit ? { statement_timeout: STATEMENT_MS_MAX, query_timeout: ANSWER_MS_MAX } : {}),
    keepAlive: true,
    application_name: 'rekey',
    types: { getTypeParser },
    ...(isOneOfSeveral ? { onConnect: requirePrimary } : {}),
  })
  // an idle line was lost: the pool has dropped it, and whoever needs the next one will see
  pool.on('error', () => undefined)
  return pool
}

const INT8_OID = 20

/** int8 as number: it holds milliseconds, counts and versions, all far below 2^53. */
const getTypeParser: typeof types.getTypeParser = (oid: number, format?: 'text' | 'binary') =>
  oid === INT8_OID ? Number : types.getTypeParser(oid, format as 'text')

async function requirePrimary(client: ClientBase): Promise<void> {
  const answer = await client.query<{ standby: boolean }>('SELECT pg_is_in_recovery() AS standby')
  if (answer.rows[0]?.standby !== false) {
    throw new Error('this PostgreSQL server is a standby')
  }
}

function toLine(client: PoolClient, nameOf: (sql: string) => string | undefined): Line {
  let lost: unknown
  const onError = (error: unknown) => {
    lost ??= error
  }
  client.on('error', onError)
  return {
    async run(sql, parameters) {
      if (lost !== undefined) {
        // known before anything was sent, so that even a COMMIT is not in doubt
        throw new StoreUnavailableError('the line to PostgreSQL was lost', { cause: lost })
      }
      // without values nothing is worth preparing: BEGIN and COMMIT go as they are
      const name = parameters.length === 0 ? undefined : nameOf(sql)
      const statement = { text: sql, values: [...parameters], ...(name === undefined ? {} : { name }) }
      const result = await client.query<Record<string, unknown>>(statement).catch((error: unknown) => {
        if (isLineLost(error) || sql === ROLLBACK) {
          lost ??= error
        }
        throw postgresError(sql, error)
      })
      if (sql === COMMIT && result.command !== COMMIT) {
        throw new Error('PostgreSQL rolled back instead of committing')
      }
      return { rows: result.rows, changed: result.rowCount ?? 0 }
    },
    release() {
      client.release(lost !== undefined)
      client.off('error', onError)
    },
  }
}

/** A name lets the server keep the statement prepared; beyond the limit statements have none. */
function createStatementNames(): (sql: string) => string | undefined {
  const names = new Map<string, string>()
  return (sql) => {
    const known = names.get(sql)
    if (known !== undefined || names.size >= STATEMENTS_MAX) {
      return known
    }
    const name = `rekey_${createHash('sha256').update(sql).digest('hex').slice(0, 20)}`
    names.set(sql, name)
    return name
  }
}
