import { formatMargin } from './judge-aims.ts'
import { formatStart } from './measure-start.ts'
import { peers, peersCondition, setPasswordWithOurHash } from './peers.ts'
import { formatCount } from './render-chart.ts'
import { type Aim, type BenchResult, type Load, loadTitles } from './result.ts'

/** `docs/benchmarks.md` from the result file: no number in it is written by hand. */
export function renderBenchmarks(result: BenchResult): string {
  return `${[
    '# Benchmarks',
    '',
    '<!-- Generated from docs/benchmarks.json by `npm run docs`; do not edit. `npm run bench` measures anew. -->',
    '',
    ...renderCondition(result),
    '',
    '![Operations a second, Rekey and others](benchmarks.svg)',
    '',
    '## Aims',
    '',
    'Ratios within one run, so that they hold on other machines too.',
    '',
    '| | Aim | Measured | Wanted | |',
    '|---|---|---|---|---|',
    ...result.aims.map(renderAim),
    '',
    ...result.aims.map(({ title, why }) => `- *${title}.* ${why}`),
    '',
    '## Loads',
    '',
    'CPU is that of the answering process alone, in user mode and in the kernel, as `/proc` counts it. Cores busy are the',
    "server's, the callers' and the SMTP server's. What is not busy of the cores waits: for the disk, a gateway, or other",
    'processes of the machine.',
    '',
    '| Load | Users | At a time | a second | CPU a call, ms | p50, ms | p95, ms | p99, ms | Cores busy |',
    '|---|--:|--:|--:|--:|--:|--:|--:|---|',
    ...result.loads.map(renderLoad),
    '',
    ...renderPages(result),
    '',
    ...result.proofs.map(
      ({ load, asked, signedIn }) =>
        `- ${loadTitles[load]}: ${signedIn} of ${asked} delivered passwords signed in afterwards.`,
    ),
    '',
    ...renderStart(result),
    '',
    ...renderPeers(),
    '',
    ...howItIsMeasured,
  ].join('\n')}\n`
}

function renderCondition({ machine, run }: BenchResult): readonly string[] {
  const { settings } = run
  const postgres =
    machine.postgres === undefined ? 'PostgreSQL was not there' : `PostgreSQL ${machine.postgres} (fsync on)`
  return [
    `Measured on ${run.date.slice(0, 10)} at revision \`${run.revision}\`: ${machine.cores} cores ` +
      `(${machine.cpuModel}), ${machine.memoryGigabytes} GB of memory, Node.js ${machine.node}, SQLite embedded ` +
      `(\`synchronous=FULL\`), ${postgres}. Hash: \`${run.hashParameters}\`. Each load runs ${settings.seconds} s in ` +
      `${settings.turns} turns after ${settings.warmUpSeconds} s of warm-up.`,
    ...(run.isQuick
      ? ['', '**These numbers are of a quick run, which shows only that the bench works.**']
      : []),
  ]
}

function renderAim({ title, value, limit, unit, isAtMost, isMet }: Aim): string {
  const tail = unit === '' ? '' : ` ${unit}`
  const wanted = `${isAtMost ? '≤' : '≥'} ${limit}${tail}`
  return `| ${isMet ? '✓' : '✗'} | ${title} | ${value}${tail} | ${wanted} | ${formatMargin(value, limit, isMet)} |`
}

function renderLoad({ name, users, calls, perSecond, cpuMsPerCall, latencyMs, coresBusy }: Load): string {
  const latency = latencyMs === undefined ? ['', '', ''] : [latencyMs.p50, latencyMs.p95, latencyMs.p99]
  const { server, callers, gateway } = coresBusy
  const cells = [
    loadTitles[name],
    users === 0 ? '' : formatCount(users),
    calls,
    formatCount(perSecond),
    Number(cpuMsPerCall.toFixed(3)),
    ...latency,
    `${server} + ${callers} + ${gateway}`,
  ]
  return `| ${cells.join(' | ')} |`
}

/** What the deepest page of a list costs. */
function renderPages({ loads }: BenchResult): readonly string[] {
  const find = (name: Load['name']) => loads.find((load) => load.name === name)
  const pairs = [
    [find('firstPage'), find('lastPage')],
    [find('firstPageMany'), find('lastPageMany')],
  ]
  return pairs.flatMap(([first, last]) =>
    first === undefined || last === undefined
      ? []
      : [
          `- With ${formatCount(first.users)} users the first page of the list costs ${first.cpuMsPerCall.toFixed(2)} ms ` +
            `of CPU, the last one ${last.cpuMsPerCall.toFixed(2)} ms.`,
        ],
  )
}

function renderStart({ start }: BenchResult): readonly string[] {
  return [
    '## Start and memory',
    '',
    `- Installed: ${formatStart(start.packed)}.`,
    `- From a clone, where Node strips the types of every file: ${formatStart(start.clone)}.`,
  ]
}

function renderPeers(): readonly string[] {
  const { name, setPassword } = setPasswordWithOurHash
  return [
    '## Others',
    '',
    `Operations a second on ${peersCondition}:`,
    '',
    '| | Set a password | Sign in | Get a user |',
    '|---|--:|--:|--:|',
    ...peers.map(
      (peer) => `| ${peer.name} | ${peer.setPassword} | ${peer.signIn} | ${formatCount(peer.getUser)} |`,
    ),
    `| ${name} | ${setPassword} | | |`,
    '',
    'They compare with a run of ours on a machine like that one.',
  ]
}

const howItIsMeasured = [
  '## How it is measured',
  '',
  '`npm run bench` needs Linux and takes about ten minutes; leave the machine alone meanwhile. `-- --help` tells the',
  'options, `npm run docs` makes this page.',
  '',
  '- The server is built as `npm pack` builds it and started by `rekey serve`: audit on, logs at `info`, every limit on',
  '  resets and sign-ins lifted by the tenant file.',
  '- Callers, SMTP server and bare server are processes of their own; all of them share the cores.',
  '- Users are drawn at random; no two calls under way are for the same one. All have the same password at first, made',
  '  by one hash.',
  '- Loads that are compared take turns, so that a machine that gets slower slows both.',
  '- The event-loop delay is what the server says in `/metrics`, less the 10 ms between two ticks of its monitor.',
]
