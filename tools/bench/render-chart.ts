import { peers, setPasswordWithOurHash } from './peers.ts'
import type { BenchResult, LoadName } from './result.ts'

interface Bar {
  readonly label: string
  readonly value: number
  readonly isOurs: boolean
}

interface Panel {
  readonly title: string
  readonly bars: readonly Bar[]
}

const WIDTH = 760
const LABEL_WIDTH = 250
const VALUE_WIDTH = 80
const ROW_HEIGHT = 24
const TITLE_HEIGHT = 34
const PANEL_GAP = 14

/** Bars of operations a second, ours beside the peers', each panel to a scale of its own. Reads in light and in dark. */
export function renderChart(result: BenchResult): string {
  const panels = panelsOf(result)
  let top = 8
  const drawn = panels.map((panel) => {
    const text = drawPanel(panel, top)
    top += TITLE_HEIGHT + panel.bars.length * ROW_HEIGHT + PANEL_GAP
    return text
  })
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${top}" width="${WIDTH}" height="${top}" role="img" aria-label="Operations a second, Rekey and others">
<style>
text { font: 13px system-ui, sans-serif; fill: #24292f }
.title { font-weight: 600; font-size: 14px }
.ours { fill: #0969da }
.other { fill: #8c959f }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3 }
  .ours { fill: #4493f8 }
  .other { fill: #6e7681 }
}
</style>
${drawn.join('\n')}
</svg>
`
}

function panelsOf({ loads }: BenchResult): readonly Panel[] {
  const ours = (label: string, name: LoadName): readonly Bar[] =>
    loads
      .filter((load) => load.name === name)
      .map(({ perSecond }) => ({ label, value: perSecond, isOurs: true }))
  const theirs = (key: 'setPassword' | 'signIn' | 'getUser') =>
    peers.map((peer) => ({ label: peer.name, value: peer[key], isOurs: false }))
  const { name, setPassword } = setPasswordWithOurHash
  return [
    {
      title: 'Resets a second (others: set a password)',
      bars: [
        ...ours('Rekey, SQLite', 'reset'),
        ...ours('Rekey, PostgreSQL', 'resetPostgres'),
        ...theirs('setPassword'),
        { label: name, value: setPassword, isOurs: false },
      ],
    },
    {
      title: 'Sign-ins a second',
      bars: [
        ...ours('Rekey, SQLite', 'signIn'),
        ...ours('Rekey, PostgreSQL', 'signInPostgres'),
        ...theirs('signIn'),
      ],
    },
    {
      title: 'Users read a second',
      bars: [
        ...ours('Rekey, SQLite', 'getUser'),
        ...ours('Rekey, PostgreSQL', 'getUserPostgres'),
        ...theirs('getUser'),
      ],
    },
  ]
}

function drawPanel({ title, bars }: Panel, top: number): string {
  const largest = Math.max(...bars.map(({ value }) => value))
  const scale = (WIDTH - LABEL_WIDTH - VALUE_WIDTH) / largest
  const rows = bars.map(({ label, value, isOurs }, index) => {
    const y = top + TITLE_HEIGHT + index * ROW_HEIGHT
    const length = Math.max(1, value * scale)
    return [
      `<text x="${LABEL_WIDTH - 10}" y="${y + 14}" text-anchor="end">${label}</text>`,
      `<rect class="${isOurs ? 'ours' : 'other'}" x="${LABEL_WIDTH}" y="${y + 2}" width="${length.toFixed(1)}" height="16" rx="2"/>`,
      `<text x="${(LABEL_WIDTH + length + 8).toFixed(1)}" y="${y + 14}">${formatCount(value)}</text>`,
    ].join('\n')
  })
  return [`<text class="title" x="10" y="${top + 18}">${title}</text>`, ...rows].join('\n')
}

/** Whole numbers with commas; small ones with a digit more. */
export function formatCount(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: value < 100 ? 1 : 0 })
}
