import { applyTenant } from './bench-server.ts'
import { startChild } from './child.ts'
import { createSqliteDatabase } from './database.ts'
import { type Bench, createCalls, createHashing, measureInTurns } from './measure.ts'
import { measureReads } from './measure-reads.ts'
import { measureStart } from './measure-start.ts'
import { type Prepared, prepare, SAMPLE_PASSWORD, withServer } from './prepare.ts'
import { provePasswords } from './prove-passwords.ts'
import { resetRequest } from './requests.ts'
import type { BenchResult, Load } from './result.ts'

interface Findings {
  readonly loads: readonly Load[]
  readonly proofs: BenchResult['proofs']
}

/** Hashes, resets, reads, tokens and sign-ins on the embedded database, and how a server starts there. */
export async function measureEmbedded(
  bench: Bench,
  cores: number,
): Promise<Findings & Pick<BenchResult, 'start'>> {
  const { users } = bench.settings
  const prepared = await prepare(bench, createSqliteDatabase(bench.folder, 'middle'), users)
  try {
    const start = await measureStart(bench, prepared.database)
    // sign-ins before resets: afterwards the passwords are others
    const reads = await withServer(bench, prepared.database, (server) =>
      measureReads(bench, prepared, server),
    )
    const resets = await measureResets(bench, prepared, cores)
    const slow = await measureSlowGateway(bench, prepared)
    const loads = [...resets.loads, ...slow.loads, ...reads]
    return { start, loads, proofs: [...resets.proofs, ...slow.proofs] }
  } finally {
    prepared.database.remove()
  }
}

async function measureResets(bench: Bench, { database, users }: Prepared, cores: number): Promise<Findings> {
  const worker = startChild('hash-worker.ts')
  try {
    return await withServer(bench, database, async (server) => {
      const done: string[] = []
      const request = resetRequest(await server.fetchToken())
      const onUsersDone = (keys: readonly string[]) => void done.push(...keys)
      const resets = createCalls(bench, { name: 'reset', users, server, request, onUsersDone })
      const loads = await measureInTurns(bench, [createHashing(bench, worker, cores), resets])
      const proof = { load: 'reset' as const, ...(await provePasswords(bench, server, done)) }
      return { loads, proofs: [proof] }
    })
  } finally {
    await worker.stop()
  }
}

async function measureSlowGateway(bench: Bench, { database, users }: Prepared): Promise<Findings> {
  const { delayMs, connections, calls } = bench.settings.slowGateway
  const { smtpPort } = bench
  await applyTenant(database, bench, {
    smtpPort,
    smtpConnections: connections,
    samplePassword: SAMPLE_PASSWORD,
  })
  await bench.gateway.ask({ kind: 'delay', ms: delayMs })
  try {
    return await withServer(bench, database, async (server) => {
      const done: string[] = []
      const request = resetRequest(await server.fetchToken())
      const onUsersDone = (keys: readonly string[]) => void done.push(...keys)
      const work = createCalls(bench, { name: 'resetSlow', users, calls, server, request, onUsersDone })
      const loads = await measureInTurns(bench, [work])
      const proof = { load: 'resetSlow' as const, ...(await provePasswords(bench, server, done)) }
      return { loads, proofs: [proof] }
    })
  } finally {
    await bench.gateway.ask({ kind: 'delay', ms: 0 })
  }
}
