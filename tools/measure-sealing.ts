import { randomBytes, randomUUID } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type App, openApp } from '../src/app.ts'
import { loadSettings } from '../src/config/load.ts'
import { startAuditJobs } from '../src/core/audit/audit-jobs.ts'
import { Secret } from '../src/core/secret.ts'
import { defaultTenantSettings } from '../src/core/tenants/tenant.ts'
import { createMailbox } from '../src/messaging/gateways/mailbox.ts'
import { startCluster } from '../test/support/postgres-cluster.ts'
import {
  cheapHashParameters,
  seedApplication,
  seedGateway,
  seedTenant,
  seedUser,
} from '../test/support/seed-tenant.ts'

// What sealing costs those who write: the same work with and without the sealer, in turn, in one run. `node tools/measure-sealing.ts`

const ROUNDS = 15
const CALLS_AT_ONCE = 8
const CALLS = { 'sign-in': 300, reset: 80 }
const USERS = 50

interface Cost {
  readonly wallMs: number
  /** Of this process and of PostgreSQL's. */
  readonly cpuMs: number
}

const limits = { perUserPerHour: 1_000, perUserPerDay: 1_000, perDestinationPerHour: 1_000 }

async function measure(
  name: string,
  url: string,
  postgresPid: (() => Promise<number>) | undefined,
): Promise<void> {
  const app = await openApp({
    settings: loadSettings({
      REKEY_DATABASE_URL: url,
      REKEY_MASTER_KEY: randomBytes(32).toString('base64'),
      REKEY_LOG_LEVEL: 'silent',
    }),
    hashParameters: cheapHashParameters,
    mailbox: createMailbox({ messagesMax: 1 }),
  })
  await app.store.migrate()
  const work = await prepare(app)
  const pid = await postgresPid?.()
  for (const [kind, call] of Object.entries(work)) {
    const count = CALLS[kind as keyof typeof CALLS]
    await runCalls(count, call) // warm
    await startSealer(app).stop()
    const off: Cost[] = []
    const on: Cost[] = []
    for (let round = 0; round < ROUNDS; round += 1) {
      off.push(await costOf(pid, () => runCalls(count, call)))
      await startSealer(app).stop() // what is left must not be the next one's work
      on.push(
        await costOf(pid, async () => {
          const sealer = startSealer(app)
          await runCalls(count, call)
          await sealer.stop()
        }),
      )
    }
    const ratio = (part: keyof Cost) =>
      median(on.map((cost, index) => cost[part] / (off[index]?.[part] ?? 0)))
    console.log(
      `${name} ${kind}: ${(median(off.map(({ cpuMs }) => cpuMs)) / count).toFixed(2)} ms CPU a call without, ` +
        `ratio with sealer: CPU ${ratio('cpuMs').toFixed(3)}, time ${ratio('wallMs').toFixed(3)}`,
    )
  }
  await app.close()
}

function startSealer({ store, seal, clock }: App) {
  const metrics = { auditSealed: () => undefined, auditOldestUnsealed: () => undefined }
  const log = { info: () => undefined, error: (fields: object) => console.error(fields) }
  return startAuditJobs({ store, mac: seal.mac, clock, holder: 'measure', metrics, log })
}

/** A cheap hash on purpose: against the real one, which costs 14 ms, nothing of this would be seen. */
async function prepare({ store, core }: App) {
  const { reset, signIn } = defaultTenantSettings
  const tenant = await seedTenant(store, {
    settings: {
      ...defaultTenantSettings,
      reset: { ...reset, limits: { ...reset.limits, ...limits, perApplicationPerHour: 1_000_000 } },
      signIn: { ...signIn, perAddressPerMinute: 1_000_000 },
    },
  })
  const application = await seedApplication(store, tenant)
  await seedGateway(store, tenant, { name: 'mailbox', channel: 'EMAIL', kind: 'mailbox', settings: {} })
  const users = await Promise.all([...Array(USERS).keys()].map(() => seedUser(store, tenant)))
  const signingIn = await Promise.all([...Array(USERS).keys()].map(() => seedUser(store, tenant)))
  const pick = <T>(list: readonly T[], index: number): T => list[index % list.length] as T
  return {
    'sign-in': async (index: number) => {
      const user = pick(signingIn, index)
      const password = new Secret(user.password)
      const common = { tenant, application, requestId: randomUUID(), address: '192.0.2.1' }
      await core.signIn({ ...common, loginName: user.userName, password })
    },
    reset: async (index: number) => {
      const { id } = pick(users, index)
      const common = { tenant, applicationId: application.id, requestId: randomUUID() }
      await core.resetPassword({ ...common, userId: id, sendMode: 'EMAIL' })
    },
  }
}

async function runCalls(count: number, call: (index: number) => Promise<void>): Promise<void> {
  let next = 0
  const worker = async () => {
    while (next < count) {
      const index = next
      next += 1
      await call(index)
    }
  }
  await Promise.all(Array.from({ length: CALLS_AT_ONCE }, worker))
}

async function costOf(postgresPid: number | undefined, work: () => Promise<void>): Promise<Cost> {
  const before = { cpu: process.cpuUsage(), server: serverCpuMs(postgresPid), at: performance.now() }
  await work()
  const { user, system } = process.cpuUsage(before.cpu)
  const server = serverCpuMs(postgresPid) - before.server
  return { wallMs: performance.now() - before.at, cpuMs: (user + system) / 1_000 + server }
}

const TICK_MS = 10

/** Of PostgreSQL's own processes: the parent, its children, and those that have ended. */
function serverCpuMs(parent: number | undefined): number {
  if (parent === undefined) {
    return 0
  }
  const pids = readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))
  const ticks = pids.map((pid) => {
    const stat = readStat(pid)
    const isOurs = Number(pid) === parent || Number(stat[1]) === parent
    const upTo = Number(pid) === parent ? 15 : 13
    return isOurs ? stat.slice(11, upTo).reduce((sum, field) => sum + Number(field), 0) : 0
  })
  return ticks.reduce((sum, each) => sum + each, 0) * TICK_MS
}

/** Fields from the third on: the second is a name, which may hold anything. */
function readStat(pid: string): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ')
  } catch {
    return [] // ended meanwhile
  }
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}

if (import.meta.main) {
  const folder = mkdtempSync(join(tmpdir(), 'rekey-measure-'))
  await measure('sqlite', `sqlite:${join(folder, 'rekey.db')}`, undefined)
  rmSync(folder, { recursive: true, force: true })
  const cluster = await startCluster()
  await measure('postgres', cluster.url, () => {
    const pid = readFileSync(`/proc/${process.pid}/task/${process.pid}/children`, 'utf8').trim().split(' ')
    const children = pid.flatMap((keeper) =>
      readFileSync(`/proc/${keeper}/task/${keeper}/children`, 'utf8').trim().split(' '),
    )
    return Promise.resolve(Number(children[0]))
  })
  await cluster.stop()
  process.exit()
}
