import type { TestDatabase, TestDatabaseKind } from './databases.ts'

/** Where one of the words stands, in any letters, in any column of any table: `table.column`. */
export async function findInTables(
  kind: TestDatabaseKind,
  database: TestDatabase,
  needles: readonly string[],
): Promise<readonly string[]> {
  const tables = await database.query(
    kind === 'sqlite'
      ? "select name from sqlite_master where type = 'table'"
      : "select table_name as name from information_schema.tables where table_schema = 'public'",
  )
  const found = new Set<string>()
  for (const { name } of tables) {
    for (const row of await database.query(`select * from ${name}`)) {
      for (const [column, value] of Object.entries(row)) {
        const text = String(value).toLowerCase()
        if (needles.some((needle) => text.includes(needle))) {
          found.add(`${name}.${column}`)
        }
      }
    }
  }
  return [...found]
}
