import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync, type SQLInputValue } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { systemClock } from '../core/clock.ts'
import { StoreUnavailableError } from '../errors/store-error.ts'
import { BEGIN_WRITING, COMMIT, type LineSource, ROLLBACK } from './line.ts'
import { createSqliteWriter } from './sqlite-writer.ts'

describe('transactions that wait for the same disk', () => {
  let folder: string
  let database: DatabaseSync
  let reader: DatabaseSync
  let writer: LineSource
  /** What SQLite was really asked. */
  let statements: string[]
  let passedMs: number

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'rekey-writer-'))
    database = new DatabaseSync(join(folder, 'a.db'))
    database.exec(`PRAGMA journal_mode = WAL; PRAGMA foreign_keys = ON;
      CREATE TABLE facts (name TEXT PRIMARY KEY, needs TEXT REFERENCES facts DEFERRABLE INITIALLY DEFERRED)`)
    reader = new DatabaseSync(join(folder, 'a.db'))
    statements = []
    passedMs = 0
    writer = createSqliteWriter(
      {
        async run(sql, parameters) {
          statements.push(sql)
          database.prepare(sql).run(...(parameters as SQLInputValue[]))
          return { rows: [], changed: 0 }
        },
        isInTransaction: () => database.isTransaction,
        close: () => database.close(),
      },
      // stands still, so that a slow machine changes nothing
      { ...systemClock, monotonicMs: () => passedMs },
    )
  })

  afterEach(async () => {
    await writer.close()
    reader.close()
    rmSync(folder, { recursive: true })
  })

  const stored = () =>
    reader
      .prepare('SELECT name FROM facts ORDER BY name')
      .all()
      .map(({ name }) => name)
  const count = (sql: string) => statements.filter((one) => one === sql).length

  /** One transaction as `transaction.ts` runs it; what is stored, as others see it, when it answers. */
  async function add(name: string, needs: string | null = null): Promise<unknown[]> {
    const line = await writer.acquire()
    try {
      await line.run(BEGIN_WRITING, [])
      try {
        await line.run('INSERT INTO facts VALUES (?, ?)', [name, needs])
        await line.run(COMMIT, [])
        return stored()
      } catch (error) {
        await line.run(ROLLBACK, [])
        throw error
      }
    } finally {
      line.release()
    }
  }

  it('commits at once what nobody waits behind', async () => {
    expect(await add('a')).toEqual(['a'])
    expect(statements).toEqual([BEGIN_WRITING, 'INSERT INTO facts VALUES (?, ?)', COMMIT])
  })

  it('makes several durable with one COMMIT, and answers none before it', async () => {
    const answers = await Promise.all(['a', 'b', 'c'].map((name) => add(name)))
    expect(answers).toEqual(Array(3).fill(['a', 'b', 'c']))
    expect(count(COMMIT)).toBe(1)
  })

  it('undoes one that fails, wherever it stands, and none beside it', async () => {
    await add('taken')
    for (const place of [0, 1, 2]) {
      const names = ['a', 'b', 'c'].map((name, index) => (index === place ? 'taken' : `${name}${place}`))
      const outcomes = await Promise.allSettled(names.map((name) => add(name)))
      expect(outcomes.map(({ status }) => status)).toEqual(
        names.map((name) => (name === 'taken' ? 'rejected' : 'fulfilled')),
      )
      expect(stored()).toEqual(expect.arrayContaining(names))
    }
    expect(stored()).toHaveLength(7)
    expect(await add('after')).toHaveLength(8)
  })

  it('has failed for everyone in it when the COMMIT fails, and the next one starts anew', async () => {
    const outcomes = await Promise.allSettled([add('a'), add('b', 'missing'), add('c')])
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected'])
    expect(stored()).toEqual([])
    expect(await add('d')).toEqual(['d'])
  })

  it('tells those who wait when SQLite has rolled back by itself', async () => {
    const first = expect(add('a')).rejects.toBeInstanceOf(StoreUnavailableError)
    const second = (async () => {
      const line = await writer.acquire()
      await line.run(BEGIN_WRITING, [])
      database.exec('ROLLBACK') // as SQLite does when the disk is full
      await line.run(ROLLBACK, [])
      line.release()
    })()
    await Promise.all([first, second])
    expect(stored()).toEqual([])
    expect(await add('b')).toEqual(['b'])
  })

  it('is committed by who came next and asked for no transaction', async () => {
    const first = add('a')
    const line = await writer.acquire()
    await line.run('PRAGMA user_version', [])
    expect(stored()).toEqual(['a'])
    line.release()
    expect(await first).toEqual(['a'])
  })

  it('is committed by who came next and did nothing', async () => {
    const first = add('a')
    const line = await writer.acquire()
    line.release()
    expect(await first).toEqual(['a'])
  })

  it('ends after so many, so that another process gets its turn', async () => {
    await Promise.all(Array.from({ length: 100 }, (_, index) => add(`n${index}`)))
    expect(stored()).toHaveLength(100)
    expect(count(COMMIT)).toBe(4)
  })

  it('ends after so long, so that the first in it does not wait for all others', async () => {
    const line = await writer.acquire()
    await line.run(BEGIN_WRITING, [])
    await line.run('INSERT INTO facts VALUES (?, ?)', ['a', null])
    const second = add('b')
    passedMs = 21
    await line.run(COMMIT, [])
    expect(stored()).toEqual(['a'])
    line.release()
    expect(await second).toEqual(['a', 'b'])
    expect(count(COMMIT)).toBe(2)
  })
})
