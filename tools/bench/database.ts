import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { databaseUrl, type PostgresCluster, runOnCluster } from '../../test/support/postgres-cluster.ts'

export interface BenchDatabase {
  readonly kind: 'sqlite' | 'postgres'
  readonly name: string
  /** For REKEY_DATABASE_URL. */
  readonly url: string
  /** Makes users 1 to `count` like the one who is there: same password, own id, name and address. */
  fillUsers(count: number): Promise<void>
  remove(): void
}

export function createSqliteDatabase(folder: string, name: string): BenchDatabase {
  const file = join(folder, `${name}.db`)
  return {
    kind: 'sqlite',
    name,
    url: `sqlite:${file}`,
    fillUsers(count) {
      const database = new DatabaseSync(file)
      const columns = database.prepare('select name from pragma_table_info(?)').all('users')
      database.exec(`begin; ${fillStatement(columns, count, "printf('%09X', i)")}; ${COUNT_USERS}; commit`)
      database.exec('analyze; pragma wal_checkpoint(truncate)')
      database.close()
      return Promise.resolve()
    },
    remove() {
      for (const path of [file, `${file}-wal`, `${file}-shm`].filter(existsSync)) {
        rmSync(path)
      }
    },
  }
}

export async function createPostgresDatabase(cluster: PostgresCluster, name: string): Promise<BenchDatabase> {
  await runOnCluster(cluster.url, `create database ${name}`)
  const url = databaseUrl(cluster.url, name)
  return {
    kind: 'postgres',
    name,
    url,
    async fillUsers(count) {
      const columns = await runOnCluster(
        url,
        "select column_name as name from information_schema.columns where table_name = 'users'",
      )
      await runOnCluster(url, fillStatement(columns, count, "lpad(upper(to_hex(i)), 9, '0')"))
      await runOnCluster(url, COUNT_USERS)
      await runOnCluster(url, 'vacuum analyze')
    },
    remove: () => undefined, // goes with the cluster
  }
}

/** The part of an id before the user's nine digits; ids sort as they were made. */
export const USER_ID_START = '20260101000000000-0000-'

/** What the repository maintains for lists. */
const COUNT_USERS = `update counts set total = (select count(*) from users where users.tenant_id = counts.tenant_id)
  where kind = 'user'`

/** One statement: a million rows through a query layer would take minutes. Columns that are not named here are copied. */
function fillStatement(columns: readonly Record<string, unknown>[], count: number, key: string): string {
  const own: Readonly<Record<string, string>> = {
    id: `'${USER_ID_START}' || k`,
    user_name: "'u' || k",
    user_name_key: "'u' || lower(k)",
    email: "'u' || k || '@bench.example'",
    email_key: "'u' || lower(k) || '@bench.example'",
  }
  const names = columns.map(({ name }) => String(name))
  const values = names.map((name) => own[name] ?? `sample.${name}`)
  return `with recursive
      numbers (i) as (select 1 union all select i + 1 from numbers where i < ${count}),
      keys (k) as (select ${key} from numbers),
      sample as (select * from users where user_name = 'sample')
    insert into users (${names.join()}) select ${values.join()} from keys, sample`
}
