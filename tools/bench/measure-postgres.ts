import type { PostgresCluster } from '../../test/support/postgres-cluster.ts'
import { createPostgresDatabase } from './database.ts'
import { type Bench, createCalls, measureInTurns } from './measure.ts'
import { sampleSignIn } from './measure-reads.ts'
import { prepare, withServer } from './prepare.ts'
import { provePasswords } from './prove-passwords.ts'
import { getUserRequest, resetRequest } from './requests.ts'
import type { BenchResult, Load } from './result.ts'

/** Reads, sign-ins and resets on a PostgreSQL that shares the cores. */
export async function measurePostgres(
  bench: Bench,
  cluster: PostgresCluster,
): Promise<{ readonly loads: readonly Load[]; readonly proofs: BenchResult['proofs'] }> {
  const { users } = bench.settings
  const { database } = await prepare(bench, await createPostgresDatabase(cluster, 'bench'), users)
  return await withServer(bench, database, async (server) => {
    const token = await server.fetchToken()
    const done: string[] = []
    const ours = { users, server }
    const works = [
      createCalls(bench, { ...ours, name: 'getUserPostgres', request: getUserRequest(token) }),
      createCalls(bench, { ...ours, name: 'signInPostgres', request: sampleSignIn }),
      createCalls(bench, {
        ...ours,
        name: 'resetPostgres',
        request: resetRequest(token),
        onUsersDone: (keys) => void done.push(...keys),
      }),
    ]
    const loads: Load[] = []
    for (const work of works) {
      loads.push(...(await measureInTurns(bench, [work])))
    }
    const proof = { load: 'resetPostgres' as const, ...(await provePasswords(bench, server, done)) }
    return { loads, proofs: [proof] }
  })
}
