import type { BenchServer } from './bench-server.ts'
import { type Child, startChild } from './child.ts'
import type { HashResult, LoadJob, LoadResult } from './messages.ts'
import { cpuSecondsOf } from './process-facts.ts'
import type { BenchSettings, Load, LoadName } from './result.ts'

/** The processes beside the server, and what they are asked to do. */
export interface Bench {
  readonly settings: BenchSettings
  readonly folder: string
  /** Where the server stands that is measured, as it is installed. */
  readonly installation: string
  readonly hashParameters: string
  readonly callers: Child
  readonly gateway: Child
  readonly smtpPort: number
  /** Arguments for the Node that runs the server. */
  readonly nodeArgs: readonly string[]
  readonly note: (text: string) => void
}

/** Something that can be put under load, several times for a while. */
export interface Work {
  readonly name: LoadName
  readonly users: number
  readonly calls: number
  run(seconds: number): Promise<Turn>
}

interface Turn {
  readonly answered: number
  readonly seconds: number
  readonly cpuSeconds: { readonly server: number; readonly callers: number; readonly gateway: number }
  readonly latencyMs?: Load['latencyMs']
  readonly eventLoopDelayMs?: number
  readonly usersDone?: readonly string[]
}

export interface CallWork {
  readonly name: LoadName
  readonly users: number
  readonly calls?: number
  /** Whoever answers; a server of ours also says how late its event loop was. */
  readonly server: { readonly url: string; readonly pid: number } & Partial<BenchServer>
  readonly request: string
  /** Told the users of every turn, warm-up included. */
  readonly onUsersDone?: (users: readonly string[]) => void
}

/** Calls over HTTP from the callers' process. */
export function createCalls(bench: Bench, work: CallWork): Work {
  const { server, name, users, calls = bench.settings.calls } = work
  const pids = { server: server.pid, callers: bench.callers.pid, gateway: bench.gateway.pid }
  return {
    name,
    users,
    calls,
    async run(seconds) {
      const job: LoadJob = { url: server.url, request: work.request, connections: calls, seconds, users }
      await server.readEventLoopDelayMs?.() // from here on
      const before = mapCpu(pids)
      const result = await bench.callers.ask<LoadResult>(job)
      const after = mapCpu(pids)
      const eventLoopDelayMs = await server.readEventLoopDelayMs?.()
      if (result.failures > 0) {
        throw new Error(`${name}: ${result.failures} of ${result.calls} calls failed: ${result.failure}`)
      }
      work.onUsersDone?.(result.usersDone)
      return {
        answered: result.calls,
        seconds: result.seconds,
        latencyMs: result.latencyMs,
        cpuSeconds: {
          server: after.server - before.server,
          callers: after.callers - before.callers,
          gateway: after.gateway - before.gateway,
        },
        ...(eventLoopDelayMs === undefined ? {} : { eventLoopDelayMs }),
      }
    },
  }
}

function mapCpu(pids: { readonly server: number; readonly callers: number; readonly gateway: number }) {
  return {
    server: cpuSecondsOf(pids.server),
    callers: cpuSecondsOf(pids.callers),
    gateway: cpuSecondsOf(pids.gateway),
  }
}

/** Hashes and nothing else, one on each core. */
export function createHashing(bench: Bench, worker: Child, atATime: number): Work {
  return {
    name: 'hash',
    users: 0,
    calls: atATime,
    async run(seconds) {
      const before = cpuSecondsOf(worker.pid)
      const job = { parameters: bench.hashParameters, atATime, seconds }
      const result = await worker.ask<HashResult>(job)
      const server = cpuSecondsOf(worker.pid) - before
      return {
        answered: result.hashes,
        seconds: result.seconds,
        cpuSeconds: { server, callers: 0, gateway: 0 },
      }
    },
  }
}

/** Puts these under load in turns, each after a warm-up, and tells what came of each. */
export async function measureInTurns(bench: Bench, works: readonly Work[]): Promise<readonly Load[]> {
  const { seconds, warmUpSeconds, turns } = bench.settings
  for (const work of works) {
    await work.run(warmUpSeconds)
  }
  const taken: Turn[][] = works.map(() => [])
  for (let turn = 0; turn < turns; turn += 1) {
    for (const [index, work] of works.entries()) {
      taken[index]?.push(await work.run(seconds / turns))
    }
  }
  const loads = works.map((work, index) => summarise(work, taken[index] ?? []))
  for (const load of loads) {
    bench.note(formatLoad(load))
  }
  return loads
}

function summarise({ name, users, calls }: Work, turns: readonly Turn[]): Load {
  const answered = sum(turns.map((turn) => turn.answered))
  const seconds = sum(turns.map((turn) => turn.seconds))
  const cpu = (who: keyof Turn['cpuSeconds']) => sum(turns.map(({ cpuSeconds }) => cpuSeconds[who]))
  const latencies = turns.flatMap(({ latencyMs }) => (latencyMs === undefined ? [] : [latencyMs]))
  const delays = turns.flatMap((turn) => turn.eventLoopDelayMs ?? [])
  return {
    name,
    users,
    calls,
    answered,
    seconds: round(seconds, 2),
    perSecond: round(answered / seconds, 1),
    cpuMsPerCall: round((cpu('server') * 1_000) / answered, 4),
    latencyMs:
      latencies.length === 0
        ? undefined
        : {
            p50: round(median(latencies.map(({ p50 }) => p50)), 2),
            p95: round(median(latencies.map(({ p95 }) => p95)), 2),
            p99: round(median(latencies.map(({ p99 }) => p99)), 2),
          },
    coresBusy: {
      server: round(cpu('server') / seconds, 2),
      callers: round(cpu('callers') / seconds, 2),
      gateway: round(cpu('gateway') / seconds, 2),
    },
    eventLoopDelayMs: delays.length === 0 ? undefined : round(Math.max(...delays), 1),
  }
}

function formatLoad(load: Load): string {
  const { name, perSecond, cpuMsPerCall, latencyMs, coresBusy } = load
  const latency = latencyMs === undefined ? '' : `, p50 ${latencyMs.p50} ms, p99 ${latencyMs.p99} ms`
  const busy = `cores busy: ${coresBusy.server} + callers ${coresBusy.callers} + gateway ${coresBusy.gateway}`
  return `  ${name}: ${perSecond}/s, ${cpuMsPerCall} ms of CPU a call${latency}; ${busy}`
}

/** Starts the processes that a bench needs. */
export async function openBench(
  parts: Pick<Bench, 'settings' | 'folder' | 'installation' | 'hashParameters' | 'nodeArgs' | 'note'>,
): Promise<{ readonly bench: Bench; close(): Promise<void> }> {
  const callers = startChild('load-client.ts')
  const gateway = startChild('smtp-sink.ts')
  const smtpPort = await gateway.ask<number>({ kind: 'listen' })
  return {
    bench: { ...parts, callers, gateway, smtpPort },
    async close() {
      await Promise.all([callers.stop(), gateway.stop()])
    },
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}

export function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((left, right) => left - right)
  return sorted[Math.floor(sorted.length / 2)] ?? 0
}

export function round(value: number, digits: number): number {
  return Number(value.toFixed(digits))
}
