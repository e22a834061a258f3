import type { Aim, BenchResult, BenchSettings, Load, LoadName } from './result.ts'

type Measured = Pick<BenchResult, 'start' | 'loads'> & {
  readonly settings: BenchSettings
  readonly cores: number
}

/** Which aims a run meets, each with the numbers of that run that explain it. */
export function judgeAims(measured: Measured): readonly Aim[] {
  const load = (name: LoadName) => findLoad(measured.loads, name)
  return [
    ...judgeResets(measured, load),
    ...judgeReads(load),
    judgeGrowth(load('resetFew'), load('resetMany'), 'a reset'),
    judgeGrowth(load('getUserFew'), load('getUserMany'), 'getting a user'),
    judgeGrowth(load('signInFew'), load('signInMany'), 'a sign-in'),
    ...judgeProcess(measured, load),
  ]
}

type Find = (name: LoadName) => Load

function findLoad(loads: readonly Load[], name: LoadName): Load {
  const load = loads.find((each) => each.name === name)
  if (load === undefined) {
    throw new Error(`${name} was not measured`)
  }
  return load
}

function judgeResets({ settings, cores }: Measured, load: Find): readonly Aim[] {
  const [hash, reset, slow] = [load('hash'), load('reset'), load('resetSlow')]
  const { delayMs, connections } = settings.slowGateway
  const gatewayLimit = (connections * 1_000) / delayMs
  const beside = reset.cpuMsPerCall - hash.cpuMsPerCall
  const { server, callers, gateway } = reset.coresBusy
  return [
    aim({
      title: 'CPU of one reset in the server ÷ CPU of one bare hash',
      value: reset.cpuMsPerCall / hash.cpuMsPerCall,
      limit: 1.11,
      isAtMost: true,
      why:
        `A reset takes ${ms(reset.cpuMsPerCall)} of CPU, a bare hash ${ms(hash.cpuMsPerCall)}: ` +
        `${ms(beside)} for everything beside the hash, where the aim leaves ${ms(hash.cpuMsPerCall * 0.11)}.`,
    }),
    aim({
      title: 'Resets a second ÷ bare hashes a second',
      value: reset.perSecond / hash.perSecond,
      limit: 0.85,
      isAtMost: false,
      why:
        `${reset.perSecond} resets/s, ${hash.perSecond} hashes/s. Of ${cores} cores the server kept ${server} busy, ` +
        `the callers ${callers} and the SMTP server ${gateway}.`,
    }),
    aim({
      title:
        `Resets a second with a gateway that takes ${delayMs} ms over ${connections} connections ÷ ` +
        'the lower of hashes a second and connections ÷ latency',
      value: slow.perSecond / Math.min(hash.perSecond, gatewayLimit),
      limit: 0.9,
      isAtMost: false,
      why: `${slow.perSecond} resets/s; the gateway allows ${gatewayLimit}/s, hashing ${hash.perSecond}/s.`,
    }),
  ]
}

function judgeReads(load: Find): readonly Aim[] {
  const compare = (title: string, ours: Load, bare: Load, more = '') =>
    aim({
      title,
      value: ours.perSecond / bare.perSecond,
      limit: 0.6,
      isAtMost: false,
      why:
        `${ours.perSecond}/s against ${bare.perSecond}/s; CPU a call ${ms(ours.cpuMsPerCall)} against ` +
        `${ms(bare.cpuMsPerCall)}.${more}`,
    })
  const [token, bareToken, signed] = [load('token'), load('bareToken'), load('bareSignedToken')]
  const share = (signed.perSecond / bareToken.perSecond).toFixed(2)
  return [
    compare(
      'Users read a second ÷ bare server with one SELECT',
      load('getUser'),
      load('bareUser'),
      ' The bare server has no routes, permissions, limits or metrics, and prints the row as it is.',
    ),
    compare(
      'Tokens a second ÷ bare server with one durable INSERT',
      token,
      bareToken,
      ` The contract wants an id_token signed RS256 beside each token; a bare server that signs too makes ` +
        `${signed.perSecond}/s (${ms(signed.cpuMsPerCall)}), ${share} of one that does not: no server can reach the ` +
        `aim. Of one that signs this one makes ${(token.perSecond / signed.perSecond).toFixed(2)}.`,
    ),
  ]
}

function judgeGrowth(few: Load, many: Load, what: string): Aim {
  return aim({
    title: `CPU of ${what} with ${many.users} users ÷ with ${few.users}`,
    value: many.cpuMsPerCall / few.cpuMsPerCall,
    limit: 1.5,
    isAtMost: true,
    why: `${ms(many.cpuMsPerCall)} against ${ms(few.cpuMsPerCall)}.`,
  })
}

/** What a bare hash took where the aims in seconds were set: about 140 a second on two cores. */
const HASH_MS_WHERE_AIMS_WERE_SET = 14

function judgeProcess({ start }: Measured, load: Find): readonly Aim[] {
  const speed =
    ` A bare hash took ${ms(load('hash').cpuMsPerCall)} of CPU in this run, and about ` +
    `${HASH_MS_WHERE_AIMS_WERE_SET} ms where this aim was set.`
  const loads = ['reset', 'getUser', 'token', 'signIn'] as const
  const delays = loads.map((name) => ({ name, ms: load(name).eventLoopDelayMs ?? Number.NaN }))
  const all = delays.map(({ name, ms: delay }) => `${name} ${delay} ms`).join(', ')
  return [
    aim({
      title: 'Start, exec to ready',
      value: start.packed.seconds,
      limit: 1,
      unit: 's',
      isAtMost: true,
      why: `It took ${start.packed.cpuSeconds} s of CPU; from a clone ${start.clone.seconds} s and ${start.clone.cpuSeconds} s.${speed}`,
    }),
    aim({
      title: 'Memory, idle',
      value: start.packed.idleMegabytes,
      limit: 150,
      unit: 'MB',
      isAtMost: true,
      why: `From a clone, where Node strips the types of every file, ${start.clone.idleMegabytes} MB.`,
    }),
    aim({
      title: 'Event-loop delay, 99th percentile at full load',
      value: Math.max(...delays.map((delay) => delay.ms)),
      limit: 20,
      unit: 'ms',
      isAtMost: true,
      why: `The worst turn of each load: ${all}. Hashes keep every core busy meanwhile.${speed}`,
    }),
  ]
}

function aim(parts: Omit<Aim, 'isMet' | 'unit'> & { readonly unit?: string }): Aim {
  const value = Number(parts.value.toFixed(3))
  const isMet = parts.isAtMost ? value <= parts.limit : value >= parts.limit
  return { unit: '', ...parts, value, isMet }
}

/** In a line: what was aimed at, what came out, by how much, and why. */
export function formatAim({ title, value, limit, unit, isAtMost, isMet, why }: Aim): string {
  const tail = unit === '' ? '' : ` ${unit}`
  const aimed = `${isAtMost ? '≤' : '≥'} ${limit}${tail}`
  return `${isMet ? '✓' : '✗'} ${title}: ${value}${tail} (aim ${aimed}, ${formatMargin(value, limit, isMet)}). ${why}`
}

export function formatMargin(value: number, limit: number, isMet: boolean): string {
  const percent = Math.abs((value / limit - 1) * 100).toFixed(1)
  return isMet ? `met by ${percent} %` : `missed by ${percent} %`
}

function ms(value: number): string {
  return `${value.toFixed(value < 1 ? 3 : 2)} ms`
}
