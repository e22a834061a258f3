import { Client } from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeEachDatabase, openTestDatabase, type TestDatabase } from '../../test/support/databases.ts'
import { systemClock } from '../core/clock.ts'
import { connectStore } from './connect.ts'
import type { Repositories, Store } from './store.ts'

const keys = { userNameKey: 'a', emailKey: 'a', mobile: 'a' }

/** Every statement that runs for a request, or over all tenants in the background. */
const hot: Record<string, (repositories: Repositories) => Promise<unknown>> = {
  'sign-in by name': ({ users }) => users.findForSignIn('t1', keys),
  'sign-in by id': ({ users }) => users.findForSignInById('t1', 'u1'),
  'token look-up': ({ accessTokens }) => accessTokens.findWithApplication('t1', 'a'),
  'application by client id': ({ applications }) => applications.findByClientId('t1', 'a'),
  'user by id': ({ users }) => users.find('t1', 'u1'),
  'user by name': ({ users }) => users.findByUserName('t1', 'a'),
  'user under lock': ({ users }) => users.lock('t1', 'u1'),
  'a page of users': ({ users }) => users.list('t1', {}, { pageIndex: 3, pageSize: 20 }),
  'a page of an organisation': ({ users }) =>
    users.list('t1', { organizationId: 'o1' }, { pageIndex: 0, pageSize: 20 }),
  'reset in flight': ({ resets }) => resets.findInFlight('t1', 'u1'),
  'reset by id': ({ resets }) => resets.find('t1', 'r1'),
  'open resets': ({ resets }) => resets.listOpen('t1', 'u1'),
  'moving a reset': ({ resets }) =>
    resets.change('t1', 'r1', { states: ['sending'], leaseToken: 'a' }, { state: 'accepted' }),
  'forgetting old secrets': ({ resets }) => resets.forgetOldSecrets('t1', 'u1', 3),
  'expired leases': ({ resets }) => resets.listExpiredLeasesOfAllTenants(5, 10),
  'past deadlines': ({ resets }) => resets.listPastDeadlineOfAllTenants(5, 10),
  'secrets to forget': ({ resets }) => resets.forgetSecretsOfAllTenants(5, 10),
  'session by token': ({ sessions }) => sessions.findByToken('t1', 'a'),
  'ending sessions': ({ sessions }) => sessions.endAll('t1', 'u1'),
  'sweeping sessions': ({ sessions }) => sessions.deleteExpiredOfAllTenants(5, 10),
  'sweeping tokens': ({ accessTokens }) => accessTokens.deleteExpiredOfAllTenants(5, 10),
  'sweeping failures': ({ signInFailures }) => signInFailures.deleteOldOfAllTenants(5, 10),
  'the record': ({ audit }) => audit.list('t1', 10),
}

/** Statements that sort the few rows of one user, or of one name. */
const sortsFew = ['sign-in by name', 'sign-in by id', 'a page of an organisation']

describeEachDatabase('statements', (kind) => {
  let database: TestDatabase
  let store: Store
  const statements: string[] = []
  beforeAll(async () => {
    database = await openTestDatabase(kind)
    const onStatement = (sql: string) => void statements.push(sql)
    store = await connectStore(database.url, { clock: systemClock, migrate: 'never', onStatement })
    for (const statement of filling) {
      await database.query(statement)
    }
    await database.query('analyze')
  })
  afterAll(async () => {
    await store.close()
    await database.close()
  })

  for (const [name, run] of Object.entries(hot)) {
    it(`${name}: searches an index`, async () => {
      statements.length = 0
      await store.transaction(run)
      const asked = statements.filter((sql) => /^\s*(select|update|delete|with)/i.test(sql))
      expect(asked.length).toBeGreaterThan(0)
      for (const sql of asked) {
        const plan = kind === 'sqlite' ? await sqlitePlan(database, sql) : await postgresPlan(database, sql)
        expect(plan.searches, sql).not.toEqual([])
        expect(plan.scans, sql).toEqual([])
        expect(sortsFew.includes(name) ? [] : plan.sorts, sql).toEqual([])
      }
    })
  }
})

interface Plan {
  readonly searches: readonly string[]
  /** Walks through whole tables or indexes. */
  readonly scans: readonly string[]
  readonly sorts: readonly string[]
}

async function sqlitePlan(database: TestDatabase, sql: string): Promise<Plan> {
  const steps = (await database.query(`EXPLAIN QUERY PLAN ${sql}`)).map(({ detail }) => String(detail))
  return {
    searches: steps.filter((step) => step.startsWith('SEARCH')),
    scans: steps.filter(
      (step) => step.startsWith('SCAN') && !/^SCAN (CONSTANT ROW|found|\(subquery)/.test(step),
    ),
    sorts: steps.filter((step) => step.includes('TEMP B-TREE')),
  }
}

/** As it runs: prepared, and planned once for whatever values come. */
async function postgresPlan(database: TestDatabase, sql: string): Promise<Plan> {
  const valueCount = Math.max(0, ...[...sql.matchAll(/\$(\d+)/g)].map(([, number]) => Number(number)))
  const values = valueCount === 0 ? '' : `(${Array(valueCount).fill('null').join()})`
  const client = new Client({ connectionString: database.url })
  await client.connect()
  await client.query('SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off')
  await client.query(`PREPARE hot AS ${sql}`)
  const explained = await client.query<{ 'QUERY PLAN': readonly [{ readonly Plan: PlanNode }] }>(
    `EXPLAIN (FORMAT JSON) EXECUTE hot${values}`,
  )
  await client.end()
  const nodes = explained.rows.flatMap((row) => flatten(row['QUERY PLAN'][0].Plan))
  const onIndex = nodes.filter((node) => node['Index Name'] !== undefined)
  return {
    searches: onIndex.filter((node) => node['Index Cond'] !== undefined).map(label),
    scans: [
      ...onIndex.filter((node) => node['Index Cond'] === undefined),
      ...nodes.filter((node) => node['Node Type'] === 'Seq Scan'),
    ].map(label),
    sorts: nodes.filter((node) => node['Node Type'].includes('Sort')).map(label),
  }
}

interface PlanNode {
  readonly 'Node Type': string
  readonly 'Relation Name'?: string
  readonly 'Index Name'?: string
  readonly 'Index Cond'?: string
  readonly Plans?: readonly PlanNode[]
}

function flatten(node: PlanNode): readonly PlanNode[] {
  return [node, ...(node.Plans ?? []).flatMap(flatten)]
}

function label(node: PlanNode): string {
  return [node['Node Type'], node['Relation Name'], node['Index Name']].join(' ')
}

/** Enough rows, in ten tenants, that a planner that knows them walks through no table because it is small. */
const numbers = 'with recursive n (i) as (select 1 union all select i + 1 from n where i < 3000)'
const tenant = "'t' || (i % 10)"
const filling = [
  `${numbers} insert into users (tenant_id, id, user_name, user_name_key, name, email_key, mobile, organization_id,
      profile_json, extension_json, disabled, must_change_password, created_at, updated_at, credential_salt,
      credential_parameters, credential_version, reset_sequence)
    select ${tenant}, 'u' || i, 'n' || i, 'n' || i, 'n', 'e' || i, 'm' || i, 'o' || (i % 50), '{}', '{}', 0, 0, i, i,
      's', 'p', 1, 1 from n`,
  `${numbers} insert into resets (tenant_id, id, user_id, sequence, send_mode, old_password_mode, state, digest,
      destination_mac, destination_masked, lease_expires_at, prepared_at, deadline_at)
    select ${tenant}, 'r' || i, 'u' || (i / 10), i, 'EMAIL', 'keep', case i % 10 when 0 then 'sending' when 1 then 'accepted'
      when 2 then 'superseded' else 'completed' end, case when i % 10 < 3 then 'd' end, 'm', 'm', i, i, i from n`,
  `${numbers} insert into applications (tenant_id, id, client_id, name, secret_digest, permissions_json, disabled,
      token_lifetime_seconds, version, created_at, updated_at)
    select ${tenant}, 'a' || i, 'c' || i, 'n', 's', '[]', 0, 1, 1, i, i from n`,
  `${numbers} insert into access_tokens (tenant_id, token_digest, application_id, application_version, issued_at, expires_at)
    select ${tenant}, 'd' || i, 'a' || i, 1, i, i from n`,
  `${numbers} insert into sessions (tenant_id, id, token_digest, user_id, application_id, credential_version, created_at, expires_at)
    select ${tenant}, 's' || i, 'd' || i, 'u' || i, 'a', 1, i, i from n`,
  `${numbers} insert into state_tokens (tenant_id, token_digest, user_id, application_id, credential_version, created_at, expires_at)
    select ${tenant}, 'd' || i, 'u' || i, 'a', 1, i, i from n`,
  `${numbers} insert into sign_in_failures (tenant_id, subject, failed_count, last_failed_at)
    select ${tenant}, 'user:u' || i, 1, i from n`,
  `${numbers} insert into audit_rows (tenant_id, id, at, action, actor_kind, target_kind, detail_json)
    select ${tenant}, 'i' || i, i, 'x', 'server', 'user', '{}' from n`,
]
