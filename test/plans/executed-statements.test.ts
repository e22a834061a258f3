import { afterAll, beforeAll, expect, it } from 'vitest'
import { sweepExpired } from '../../src/core/sweep-expired.ts'
import { measureWebhooks } from '../../src/core/webhooks/measure-webhooks.ts'
import { describeEachDatabase, openTestDatabase, type TestDatabase } from '../support/databases.ts'
import { type Access, explain, type Plan } from '../support/explain.ts'
import { fillDatabase } from '../support/fill-database.ts'
import { startApp } from '../support/start-app.ts'
import { useEverything } from './use-everything.ts'

/** Few rows for each tenant, however many people it has. */
const smallTables = [
  ...['tenants', 'tenant_domains', 'gateways', 'templates', 'signing_keys', 'audit_heads', 'counts'],
  ...['permission_bundles', 'application_bundles', 'address_refusals'],
  'webhooks',
]
/** Grow with people: every one of them must have been asked for something. */
const largeTables = [
  ...['users', 'password_history', 'resets', 'reset_attempts', 'idempotency_keys', 'notices'],
  ...['sessions', 'state_tokens', 'access_tokens', 'sign_in_failures', 'audit_rows', 'organizations'],
  ...['user_imports', 'user_import_errors', 'first_passwords', 'user_relations'],
  'webhook_deliveries',
]

describeEachDatabase('what the application asks its database while it is used', (kind) => {
  const executed = new Set<string>()
  let database: TestDatabase

  beforeAll(async () => {
    const onStatement = (sql: string) => void executed.add(sql)
    const env = { REKEY_WEBHOOK_PRIVATE_HOSTS: '127.0.0.1' }
    const test = await startApp(kind, { app: { onStatement }, env })
    try {
      await useEverything(test)
      await sweepExpired(test.app.store)
      await measureWebhooks(test.app.store)
    } finally {
      await test.close() // seals what is left
    }
    database = await openTestDatabase(kind)
    await fillDatabase(database)
  })
  afterAll(() => database.close())

  /** What the statements do that would take longer with every person: `{statement}: {step of the plan}`. */
  async function findWalks(statements: Iterable<string>): Promise<readonly string[]> {
    const partial = await partialIndexes()
    const found: string[] = []
    for (const sql of statements) {
      if (!/^\s*(select|with|update|delete|insert)\b/i.test(sql)) continue
      const plan = await explain(kind, database, sql)
      found.push(
        ...walksIn(sql, plan, partial).map(({ step }) => `${sql.replace(/\s+/g, ' ').trim()}: ${step}`),
      )
    }
    return found
  }

  /** By name: they hold the few rows of a table that are still to be dealt with. */
  async function partialIndexes(): Promise<ReadonlySet<string>> {
    const rows = await database.query(
      kind === 'sqlite'
        ? "select name from sqlite_master where type = 'index' and sql like '%where %'"
        : "select indexname as name from pg_indexes where indexdef like '%WHERE %'",
    )
    return new Set(rows.map(({ name }) => String(name)))
  }

  it('touches every table that grows with people', () => {
    const texts = [...executed].join('\n')
    expect(largeTables.filter((table) => !new RegExp(`\\b${table}\\b`).test(texts))).toEqual([])
    expect(executed.size).toBeGreaterThan(60)
  })

  it('is looked up in an index, and never found by walking through a table or a tenant', async () => {
    expect(await findWalks(executed)).toEqual([])
  })

  // nobody analyses an embedded database
  it.runIf(kind === 'sqlite')(
    'is looked up so by a database that knows nothing of its rows, too',
    async () => {
      await database.query('drop table sqlite_stat1')
      try {
        expect(await findWalks(executed)).toEqual([])
      } finally {
        await database.query('analyze')
      }
    },
  )

  it.each([
    ['a whole table', 'select id from users where name = $1', 'users'],
    [
      'a whole table, to change it',
      'update resets set destination_masked = $1 where destination_masked = $2',
      'resets',
    ],
    ['all of a tenant', 'select id from users where tenant_id = $1 and name = $2', 'users'],
    [
      'all of a tenant, for a page',
      'select id from users where tenant_id = $1 order by name limit 20',
      'users',
    ],
    [
      'all of a tenant, to delete',
      'delete from sessions where tenant_id = $1 and application_id = $2',
      'sessions',
    ],
  ])('would be told of a statement that walks through %s', async (_what, planted, table) => {
    const sql = kind === 'sqlite' ? planted.replace(/\$\d/g, '?') : planted
    const walks = await findWalks([sql])
    expect(walks).toHaveLength(1)
    expect(walks[0]).toContain(table)
  })

  it.each([
    ['users_user_name', 'users'],
    ['sessions_user', 'sessions'],
    ['resets_deadline_at', 'resets'],
    ['notices_due_at', 'notices'],
  ])('would be told of the index %s if it were missing', async (index, table) => {
    const [{ sql: definition } = { sql: '' }] = await database.query(
      kind === 'sqlite'
        ? 'select sql from sqlite_master where name = $1'
        : 'select indexdef as sql from pg_indexes where indexname = $1',
      [index],
    )
    await database.query(`drop index ${index}`)
    try {
      const walks = await findWalks([...executed].filter((sql) => sql.includes(table)))
      expect(walks).not.toEqual([])
    } finally {
      await database.query(String(definition))
      await database.query('analyze')
    }
  })
})

function walksIn(
  sql: string,
  { searches, scans, sorts }: Plan,
  partial: ReadonlySet<string>,
): readonly Access[] {
  const isLarge = ({ table }: Access) => !smallTables.includes(table)
  const isOfPage = (one: Access) => /\blimit\b/.test(sql) && sorts.length === 0 && !one.isFiltered
  const isCount = /^\s*select count\(\*\)/.test(sql)
  return [
    ...scans.filter(isLarge),
    ...searches.filter(
      (one) =>
        isLarge(one) &&
        one.columns.every((column) => column === 'tenant_id') &&
        !(partial.has(one.index) || isOfPage(one) || isCount),
    ),
  ]
}
