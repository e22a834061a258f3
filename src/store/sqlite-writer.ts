import type { Clock } from '../core/clock.ts'
import { StoreUnavailableError } from '../errors/store-error.ts'
import {
  BEGIN_WRITING,
  COMMIT,
  LINE_WAIT_MS_MAX,
  type Line,
  type LineResult,
  type LineSource,
  ROLLBACK,
} from './line.ts'
import { createTurnstile, type Turnstile } from './turnstile.ts'

/** Transactions that one COMMIT makes durable: bounds how long another process waits for the file. */
const MEMBERS_MAX = 32
/** And how long the first of them waits for the others. */
const GROUP_MS_MAX = 20

const NOTHING: LineResult = { rows: [], changed: 0 }

export interface SqliteConnection extends Pick<Line, 'run'> {
  isInTransaction(): boolean
  close(): void
}

/** Somebody whose transaction is done and waits for the COMMIT that makes it durable. */
interface Waiting {
  readonly resolve: (result: LineResult) => void
  readonly reject: (error: unknown) => void
}

/**
 * The one connection that writes, for one transaction after the other. A commit waits for the disk, so those that are
 * waiting for their turn share one (group commit): each runs behind a savepoint, and each answers after the COMMIT that
 * holds all of them. One that fails is undone by itself; if the COMMIT fails, it has failed for everyone in it. While
 * nobody waits, a transaction is committed at once, as if there were no groups.
 */
export function createSqliteWriter(connection: SqliteConnection, clock: Clock): LineSource {
  const turnstile = createTurnstile(LINE_WAIT_MS_MAX)
  const groups = new CommitGroups(connection, turnstile, clock)
  return {
    async acquire() {
      await turnstile.enter()
      return new Member(groups, connection, turnstile)
    },
    async close() {
      await turnstile.close()
      connection.close()
    },
  }
}

/** The transaction of SQLite that is open, if one is, and those whose work stands in it. */
class CommitGroups {
  readonly #connection: SqliteConnection
  readonly #turnstile: Turnstile
  readonly #clock: Clock
  #startedMs = 0
  #waiting: Waiting[] | undefined

  constructor(connection: SqliteConnection, turnstile: Turnstile, clock: Clock) {
    this.#connection = connection
    this.#turnstile = turnstile
    this.#clock = clock
  }

  get isOpen(): boolean {
    return this.#waiting !== undefined
  }

  /** Whether the next transaction may join. While this says yes somebody waits, and is let in by whoever leaves. */
  get mayGrow(): boolean {
    return (
      this.#waiting !== undefined &&
      this.#turnstile.isAwaited() &&
      this.#waiting.length < MEMBERS_MAX &&
      this.#clock.monotonicMs() - this.#startedMs < GROUP_MS_MAX
    )
  }

  async open(): Promise<LineResult> {
    const result = await this.#connection.run(BEGIN_WRITING, [])
    this.#startedMs = this.#clock.monotonicMs()
    this.#waiting = []
    return result
  }

  /** Resolves when the group is durable. */
  join(): Promise<LineResult> {
    return new Promise((resolve, reject) => this.#waiting?.push({ resolve, reject }))
  }

  /** Makes the group durable and answers everyone in it. @throws what COMMIT throws; they are told the same */
  async commit(): Promise<LineResult> {
    const waiting = this.#end()
    try {
      const result = await this.#connection.run(COMMIT, [])
      for (const { resolve } of waiting) resolve(result)
      return result
    } catch (error) {
      await this.#connection.run(ROLLBACK, []).catch(() => undefined)
      for (const { reject } of waiting) reject(error)
      throw error
    }
  }

  /** Nothing of the group happened: its first failed, or SQLite rolled everything back by itself (a full disk). */
  async abandon(): Promise<LineResult> {
    const error = new StoreUnavailableError('the database rolled back what was waiting to be committed')
    for (const { reject } of this.#end()) reject(error)
    return this.#connection.isInTransaction() ? await this.#connection.run(ROLLBACK, []) : NOTHING
  }

  #end(): readonly Waiting[] {
    const waiting = this.#waiting ?? []
    this.#waiting = undefined
    return waiting
  }
}

/** The line in the hands of one transaction. */
class Member implements Line {
  readonly #groups: CommitGroups
  readonly #connection: SqliteConnection
  readonly #turnstile: Turnstile
  #state: 'new' | 'first' | 'saved' | 'left' = 'new'

  constructor(groups: CommitGroups, connection: SqliteConnection, turnstile: Turnstile) {
    this.#groups = groups
    this.#connection = connection
    this.#turnstile = turnstile
  }

  async run(sql: string, parameters: readonly unknown[]): Promise<LineResult> {
    switch (sql) {
      case BEGIN_WRITING:
        return await this.#begin()
      case COMMIT:
        return await this.#commit()
      case ROLLBACK:
        return await this.#rollBack()
    }
    if (this.#state === 'new' && this.#groups.isOpen) {
      await this.#groups.commit().catch(() => undefined) // told to those whose work it was
    }
    return await this.#connection.run(sql, parameters)
  }

  /** The group, if one is open, goes on with the next, or ends here. */
  release(): void {
    if (this.#state === 'left') return
    if (!this.#groups.isOpen || this.#groups.mayGrow) {
      this.#leave()
      return
    }
    void this.#groups
      .commit()
      .catch(() => undefined) // told to those whose work it was
      .then(() => this.#leave())
  }

  async #begin(): Promise<LineResult> {
    if (!this.#groups.isOpen) {
      const result = await this.#groups.open()
      this.#state = 'first'
      return result
    }
    const result = await this.#connection.run('SAVEPOINT member', [])
    this.#state = 'saved'
    return result
  }

  async #commit(): Promise<LineResult> {
    if (this.#state === 'saved') await this.#connection.run('RELEASE member', [])
    if (!this.#groups.mayGrow) return await this.#groups.commit()
    const durable = this.#groups.join()
    this.#leave()
    return await durable
  }

  async #rollBack(): Promise<LineResult> {
    if (this.#state === 'left' || !this.#groups.isOpen) return NOTHING
    if (this.#state === 'first' || !this.#connection.isInTransaction()) return await this.#groups.abandon()
    await this.#connection.run('ROLLBACK TO member', [])
    return await this.#connection.run('RELEASE member', [])
  }

  #leave(): void {
    this.#state = 'left'
    this.#turnstile.leave()
  }
}
