import { CommandError } from './command-error.ts'

/** @throws CommandError when the database is older than this program */
export async function requireMigrated(store: {
  pendingMigrations(): Promise<readonly string[]>
}): Promise<void> {
  const pending = await store.pendingMigrations()
  if (pending.length > 0) {
    throw new CommandError('The database is older than this version of Rekey: run "rekey migrate" first.', {
      problems: pending.map((name) => `not applied yet: ${name}`),
    })
  }
}
