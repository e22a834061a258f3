import { sql } from 'kysely'
import { afterEach, expect, it } from 'vitest'
import { describeEachDatabase, openTestDatabase, type TestDatabase } from '../../test/support/databases.ts'
import { systemClock } from '../core/clock.ts'
import { connectStore } from './connect.ts'
import { createPostgresDialect, createSqliteDialect } from './dialect.ts'
import { type Migration, migrate, migrations } from './migrate.ts'
import { openPostgres } from './postgres-lines.ts'
import { createQueryLayer } from './query-layer.ts'
import { openSqlite } from './sqlite-lines.ts'

const names = migrations.map(({ name }) => name)
const options = { clock: systemClock, migrate: 'never' } as const

describeEachDatabase('migrations', (kind) => {
  let database: TestDatabase | undefined
  afterEach(() => database?.close())

  async function openEmpty(): Promise<TestDatabase> {
    database = await openTestDatabase(kind, { isEmpty: true })
    return database
  }

  async function migrateWith(url: string, known: readonly Migration[]): Promise<readonly string[]> {
    const dialect = kind === 'sqlite' ? createSqliteDialect(systemClock) : createPostgresDialect(systemClock)
    const lines =
      kind === 'sqlite'
        ? (await openSqlite(url.slice('sqlite:'.length), systemClock)).writer
        : openPostgres(url, { connectionsMax: 1, timeLimit: 'none' })
    try {
      const db = createQueryLayer({ lines, dialect, access: 'write' })
      return await migrate({ db, dialect, clock: systemClock, migrations: known })
    } finally {
      await lines.close()
    }
  }

  it('are applied once, however often and by however many processes', async () => {
    const { store, url } = await openEmpty()
    expect(await store.pendingMigrations()).toEqual(names)
    const others = await Promise.all([connectStore(url, options), connectStore(url, options)])
    const applied = await Promise.all([store, ...others].map((each) => each.migrate()))
    expect(applied.flat().toSorted()).toEqual(names) // who applies which is a matter of chance
    expect(await store.pendingMigrations()).toEqual([])
    expect(await store.migrate()).toEqual([])
    await Promise.all(others.map((each) => each.close()))
  })

  it('are refused by a program that is older than the database', async () => {
    const { store, url, query } = await openEmpty()
    await store.migrate()
    await query("insert into schema_migrations values ('9999-from-the-future', 1)")
    const message = 'made by a newer release: it has 9999-from-the-future'
    await expect(store.migrate()).rejects.toThrow(message)
    await expect(store.pendingMigrations()).rejects.toThrow(message)
    if (kind === 'sqlite') {
      await expect(connectStore(url, { ...options, migrate: 'automatic' })).rejects.toThrow(message)
    }
  })

  it('leave nothing behind when they fail, and what came before them stays', async () => {
    const { url, query } = await openEmpty()
    const create =
      (table: string): Migration['up'] =>
      async (db) => {
        await sql`create table ${sql.table(table)} (id text)`.execute(db)
      }
    const good: Migration = { name: '0001-good', up: create('good') }
    const bad: Migration = {
      name: '0002-bad',
      async up(db, columns) {
        await create('half')(db, columns)
        throw new Error('a migration with a defect')
      },
    }
    await expect(migrateWith(url, [good, bad])).rejects.toThrow('a migration with a defect')
    expect(await query('select name from schema_migrations')).toEqual([{ name: '0001-good' }])
    expect(await query('select id from good')).toEqual([])
    expect(await migrateWith(url, [good, { ...bad, up: create('half') }])).toEqual(['0002-bad'])
    expect(await query('select id from half')).toEqual([])
  })
})

it('migrations are numbered without a gap', () => {
  expect(names.map((name) => Number(name.slice(0, 4)))).toEqual(names.map((_, index) => index + 1))
})
