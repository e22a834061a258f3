import { applyTenant, type BenchServer, startServer } from './bench-server.ts'
import type { BenchDatabase } from './database.ts'
import type { Bench } from './measure.ts'

/** Of every user until it is reset. Letters, digits and a sign, far from every weak list. */
export const SAMPLE_PASSWORD = 'Bench-7hq2-Wv9c-Lm4x'

export interface Prepared {
  readonly database: BenchDatabase
  readonly users: number
}

/** Gives a new database the bench's tenant and that many users. */
export async function prepare(bench: Bench, database: BenchDatabase, users: number): Promise<Prepared> {
  const { smtpPort, settings } = bench
  bench.note(`  (${database.name} gets ${users} users)`)
  const smtpConnections = settings.calls
  await applyTenant(database, bench, { smtpPort, smtpConnections, samplePassword: SAMPLE_PASSWORD })
  await database.fillUsers(users)
  return { database, users }
}

export async function withServer<T>(
  bench: Bench,
  database: BenchDatabase,
  work: (server: BenchServer) => Promise<T>,
): Promise<T> {
  const server = await startServer(database, bench)
  try {
    return await work(server)
  } finally {
    await server.stop()
  }
}
