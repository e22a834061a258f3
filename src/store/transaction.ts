import { CompiledQuery, type Kysely } from 'kysely'
import type { Clock } from '../core/clock.ts'
import type { Dialect } from './dialect.ts'
import { COMMIT, ContentionError, ROLLBACK } from './line.ts'
import type { Tables } from './tables.ts'

const REPEATS_MAX = 3
const REPEAT_WAIT_MS_MAX = 50

export interface TransactionDeps {
  readonly db: Kysely<Tables>
  readonly dialect: Pick<Dialect, 'begin'>
  readonly clock: Clock
  /** Directly before COMMIT is sent, and directly after it was answered. */
  readonly onCommit?: (() => Promise<void> | void) | undefined
  readonly afterCommit?: (() => Promise<void> | void) | undefined
}

/**
 * Runs `work` in a transaction and commits it; if `work` throws, nothing of it happened. When others were in the way
 * (serialisation failure, deadlock) the whole is repeated, at most 3 times after a short random wait.
 * @throws StoreUnavailableError nothing happened
 * @throws CommitInDoubtError the answer to COMMIT was lost; never repeated here
 * @throws DuplicateError a unique index said no
 */
export async function runTransaction<T>(
  deps: TransactionDeps,
  work: (db: Kysely<Tables>) => Promise<T>,
): Promise<T> {
  for (let repeats = 0; ; repeats += 1) {
    try {
      return await deps.db.connection().execute((line) => runOnce(deps, line, work))
    } catch (error) {
      if (!(error instanceof ContentionError) || repeats === REPEATS_MAX) {
        throw error
      }
      await deps.clock.wait(Math.random() * REPEAT_WAIT_MS_MAX * (repeats + 1))
    }
  }
}

async function runOnce<T>(
  deps: TransactionDeps,
  line: Kysely<Tables>,
  work: (db: Kysely<Tables>) => Promise<T>,
): Promise<T> {
  await line.executeQuery(CompiledQuery.raw(deps.dialect.begin))
  let result: T
  try {
    result = await work(line)
    await deps.onCommit?.()
    await line.executeQuery(CompiledQuery.raw(COMMIT))
  } catch (error) {
    // a line that cannot even do this is closed when it is given back, and the server rolls back by itself
    await line.executeQuery(CompiledQuery.raw(ROLLBACK)).catch(() => undefined)
    throw error
  }
  await deps.afterCommit?.()
  return result
}
