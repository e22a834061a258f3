import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { startServer } from './bench-server.ts'
import type { BenchDatabase } from './database.ts'
import { type Bench, median, round } from './measure.ts'
import { cpuSecondsOf, residentMegabytesOf } from './process-facts.ts'
import type { BenchResult, Start } from './result.ts'

const root = join(import.meta.dirname, '../..')

/** Starts the server several times, as it is installed and from the sources of this clone. */
export async function measureStart(bench: Bench, database: BenchDatabase): Promise<BenchResult['start']> {
  const packed = await startOften(bench, database, bench.installation)
  const clone = await startOften(bench, database, root)
  bench.note(`  start, installed: ${formatStart(packed)}`)
  bench.note(`  start, from a clone: ${formatStart(clone)}`)
  return { packed, clone }
}

async function startOften(bench: Bench, database: BenchDatabase, installation: string): Promise<Start> {
  const starts: Start[] = []
  for (let count = 0; count < bench.settings.starts; count += 1) {
    const server = await startServer(database, { installation, nodeArgs: [] })
    const cpuSeconds = cpuSecondsOf(server.pid)
    await wait(bench.settings.idleSeconds * 1_000)
    starts.push({ seconds: server.startSeconds, cpuSeconds, idleMegabytes: residentMegabytesOf(server.pid) })
    await server.stop()
  }
  const middle = (key: keyof Start, digits: number) =>
    round(median(starts.map((start) => start[key])), digits)
  return {
    seconds: middle('seconds', 3),
    cpuSeconds: middle('cpuSeconds', 2),
    idleMegabytes: middle('idleMegabytes', 1),
  }
}

export function formatStart({ seconds, cpuSeconds, idleMegabytes }: Start): string {
  return `${seconds} s from exec to ready (${cpuSeconds} s of CPU), ${idleMegabytes} MB idle`
}
