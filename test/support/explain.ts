import { Client } from 'pg'
import type { TestDatabase, TestDatabaseKind } from './databases.ts'

export interface Plan {
  /** What is looked up in an index. */
  readonly searches: readonly Access[]
  /** Walks through whole tables or indexes. */
  readonly scans: readonly Access[]
  readonly sorts: readonly string[]
}

/** One step of a plan that reads a table. */
export interface Access {
  readonly table: string
  /** By name; `…_pkey` is the primary key's. Empty: none. */
  readonly index: string
  /** Columns that the index narrows by; empty for a walk. */
  readonly columns: readonly string[]
  /** Rows that were found are dropped again. Told by PostgreSQL only. */
  readonly isFiltered: boolean
  /** As the database tells it. */
  readonly step: string
}

/** How the database would run the statement, whatever values come. */
export async function explain(kind: TestDatabaseKind, database: TestDatabase, sql: string): Promise<Plan> {
  return kind === 'sqlite' ? await sqlitePlan(database, sql) : await postgresPlan(database, sql)
}

async function sqlitePlan(database: TestDatabase, sql: string): Promise<Plan> {
  const steps = (await database.query(`EXPLAIN QUERY PLAN ${sql}`)).map(({ detail }) => String(detail))
  const accesses = steps.map((step): Access => {
    const [, name = ''] = /^\w+ (\S+)/.exec(step) ?? []
    const [, index = ''] = / INDEX (\S+)/.exec(step) ?? []
    const [, condition = ''] = /\(([^()]*[=<>][^()]*)\)/.exec(step) ?? []
    return {
      table: tableOf(sql, name),
      index: index.replace(/^sqlite_autoindex_(\w+)_1$/, '$1_pkey'),
      columns: [...condition.matchAll(/(\w+)[=<>]/g)].map(([, column = '']) => column),
      isFiltered: false,
      step,
    }
  })
  // an index that is made for one run of the statement reads the whole table
  const isMade = ({ step }: Access) => step.includes(' AUTOMATIC ')
  return {
    searches: accesses.filter((one) => one.step.startsWith('SEARCH') && one.index !== '' && !isMade(one)),
    scans: accesses.filter(
      (one) =>
        (one.step.startsWith('SCAN') &&
          !/^SCAN (CONSTANT ROW|\d+-ROW VALUES CLAUSE|found|\(subquery)/.test(one.step)) ||
        isMade(one),
    ),
    sorts: steps.filter((step) => step.includes('TEMP B-TREE')),
  }
}

/** SQLite's plans name tables by their alias. */
function tableOf(sql: string, name: string): string {
  return new RegExp(`"?(\\w+)"? as "?${name.replace(/\W/g, '\\$&')}"?\\b`, 'i').exec(sql)?.[1] ?? name
}

/** As it runs: prepared, and planned once for whatever values come. */
async function postgresPlan(database: TestDatabase, sql: string): Promise<Plan> {
  const valueCount = Math.max(0, ...[...sql.matchAll(/\$(\d+)/g)].map(([, number]) => Number(number)))
  const values = valueCount === 0 ? '' : `(${Array(valueCount).fill('null').join()})`
  const client = new Client({ connectionString: database.url })
  await client.connect()
  try {
    await client.query('SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off')
    await client.query(`PREPARE hot AS ${sql}`)
    const explained = await client.query<{ 'QUERY PLAN': readonly [{ readonly Plan: PlanNode }] }>(
      `EXPLAIN (FORMAT JSON) EXECUTE hot${values}`,
    )
    const nodes = explained.rows.flatMap((row) => flatten(row['QUERY PLAN'][0].Plan))
    const accesses = nodes.filter((node) => node['Index Name'] !== undefined).map(toAccess)
    return {
      searches: accesses.filter(({ columns }) => columns.length > 0),
      scans: [
        ...accesses.filter(({ columns }) => columns.length === 0),
        ...nodes.filter((node) => node['Node Type'] === 'Seq Scan').map(toAccess),
      ],
      sorts: nodes.filter((node) => node['Node Type'].includes('Sort')).map(label),
    }
  } finally {
    await client.end()
  }
}

interface PlanNode {
  readonly 'Node Type': string
  readonly 'Relation Name'?: string
  readonly 'Index Name'?: string
  readonly 'Index Cond'?: string
  readonly Filter?: string
  readonly Plans?: readonly PlanNode[]
}

/** What reads an index for a bitmap does not name the table; what reads the bitmap does. */
function flatten(node: PlanNode): readonly PlanNode[] {
  const { 'Relation Name': table, Filter: filter } = node
  const isBitmap = node['Node Type'].startsWith('Bitmap')
  const below = (node.Plans ?? []).flatMap(flatten)
  if (!isBitmap || table === undefined) {
    return [node, ...below]
  }
  const inherited = { 'Relation Name': table, ...(filter === undefined ? {} : { Filter: filter }) }
  return [node, ...below.map((one) => ({ ...inherited, ...one }))]
}

function toAccess(node: PlanNode): Access {
  const condition = node['Index Cond'] ?? ''
  return {
    table: node['Relation Name'] ?? '',
    index: node['Index Name'] ?? '',
    columns: [...condition.matchAll(/\(?([a-z_]\w*)\)?(?:::\w+)? (?:[=<>~]|IS )/g)].map(
      ([, column = '']) => column,
    ),
    isFiltered: node.Filter !== undefined,
    step: `${label(node)} ${condition}`.trim(),
  }
}

function label(node: PlanNode): string {
  return [node['Node Type'], node['Relation Name'], node['Index Name']].join(' ')
}
