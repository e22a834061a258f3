import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '..')
const cruiser = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs')
const rules: { forbidden: { name: string }[] } = createRequire(import.meta.url)(
  join(root, '.dependency-cruiser.cjs'),
)

interface Violation {
  readonly from: string
  readonly to: string
  readonly rule: { readonly name: string }
}

/** What the tool reports for `src` of this folder. It ends with an error code when there is anything. */
async function findViolations(folder: string): Promise<readonly Violation[]> {
  const output = await new Promise<string>((resolve, reject) => {
    const args = [cruiser, 'src', '--config', '.dependency-cruiser.cjs', '--output-type', 'json']
    const options = { cwd: folder, maxBuffer: 64 * 1024 * 1024 }
    execFile(process.execPath, args, options, (error, stdout) => {
      if (stdout === '') {
        reject(error ?? new Error('dependency-cruiser printed nothing'))
      }
      resolve(stdout)
    })
  })
  return JSON.parse(output).summary.violations
}

/** One forbidden import for every rule: where it stands, and what it says. */
const planted: readonly { rule: string; file: string; source: string }[] = [
  {
    rule: 'errors-import-nothing',
    file: 'src/errors/planted.ts',
    source: "import type { Clock } from '../core/clock.ts'\nexport type Planted = Clock\n",
  },
  {
    rule: 'core-gets-values-as-arguments',
    file: 'src/core/reset/planted-value.ts',
    source: "import { planted } from '../../store/planted-target.ts'\nexport const copy = planted\n",
  },
  {
    rule: 'core-knows-few-types',
    file: 'src/core/reset/planted-type.ts',
    source: "import type { Settings } from '../../config/schema.ts'\nexport type Planted = Settings\n",
  },
  ...['http', 'pages', 'cli'].flatMap((edge) =>
    ['store', 'messaging'].map((target) => ({
      rule: 'edges-go-through-app',
      file: `src/${edge}/planted-${target}.ts`,
      source: `import { planted } from '../${target}/planted-target.ts'\nexport const copy = planted\n`,
    })),
  ),
  {
    rule: 'demo-brings-the-mailbox-only',
    file: 'src/demo/planted.ts',
    source: "import { planted } from '../store/planted-target.ts'\nexport const copy = planted\n",
  },
  {
    rule: 'edges-are-outermost',
    file: 'src/messaging/planted-edge.ts',
    source: "import type { Method } from '../http/route.ts'\nexport type Planted = Method\n",
  },
  {
    rule: 'app-is-the-root',
    file: 'src/http/planted-app.ts',
    source: "import type { AppOptions } from '../app.ts'\nexport type Planted = AppOptions\n",
  },
  {
    rule: 'gateways-ignore-each-other',
    file: 'src/messaging/gateways/planted.ts',
    source: "import { planted } from './planted-other.ts'\nexport const copy = planted\n",
  },
  {
    rule: 'breaches-know-core-only',
    file: 'src/breaches/planted.ts',
    source: "import { planted } from '../store/planted-target.ts'\nexport const copy = planted\n",
  },
  {
    rule: 'migrations-import-nothing',
    file: 'src/store/migrations/9999-planted.ts',
    source: "import { planted } from '../planted-target.ts'\nexport const copy = planted\n",
  },
  ...['kysely', 'pg', 'node:sqlite'].map((driver) => ({
    rule: 'sql-in-store-only',
    file: `src/http/planted-${driver.replace(':', '-')}.ts`,
    source: `import * as driver from '${driver}'\nexport const copy = driver\n`,
  })),
  {
    rule: 'no-test-code-in-sources',
    file: 'src/http/planted-test.ts',
    source:
      "import { createTestClock } from '../../test/support/test-clock.ts'\nexport const copy = createTestClock\n",
  },
  {
    rule: 'no-cycles',
    file: 'src/audit/planted-a.ts',
    source: "import { b } from './planted-b.ts'\nexport const a = (): unknown => b\n",
  },
  {
    rule: 'no-unresolvable',
    file: 'src/audit/planted-nowhere.ts',
    source: "import { nowhere } from './nowhere.ts'\nexport const copy = nowhere\n",
  },
]

/** What the planted imports lead to, and imports that are allowed. */
const targets: Readonly<Record<string, string>> = {
  'src/store/planted-target.ts': 'export const planted = 1\nexport type Planted = number\n',
  'src/messaging/planted-target.ts': 'export const planted = 1\nexport type Planted = number\n',
  'src/messaging/gateways/planted-other.ts': 'export const planted = 1\n',
  'src/audit/planted-b.ts': "import { a } from './planted-a.ts'\nexport const b = (): unknown => a\n",
  'src/core/reset/allowed.ts':
    "import type { Planted } from '../../store/planted-target.ts'\nexport type A = Planted\n",
  'src/http/allowed.ts':
    "import type { Planted } from '../store/planted-target.ts'\nexport type A = Planted\n",
  'src/cli/allowed.ts':
    "import type { Planted } from '../messaging/planted-target.ts'\nexport type A = Planted\n",
}

const folder = await mkdtemp(join(tmpdir(), 'rekey-boundaries-'))
let reported: readonly Violation[] = []

beforeAll(async () => {
  for (const name of ['src', 'test', 'package.json', 'tsconfig.json', '.dependency-cruiser.cjs']) {
    await cp(join(root, name), join(folder, name), { recursive: true })
  }
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'))
  const files = [...planted.map(({ file, source }) => [file, source] as const), ...Object.entries(targets)]
  for (const [file, source] of files) {
    await mkdir(dirname(join(folder, file)), { recursive: true })
    await writeFile(join(folder, file), source)
  }
  reported = await findViolations(folder)
}, 60_000)

afterAll(() => rm(folder, { recursive: true }))

describe('the boundaries between folders', () => {
  it('hold in the sources as they are', { timeout: 60_000 }, async () => {
    const violations = await findViolations(root)
    expect(violations.map(({ from, to, rule }) => `${rule.name}: ${from} → ${to}`)).toEqual([])
  })

  it.each(planted)('$rule reports $file', ({ rule, file }) => {
    expect(reported.filter(({ from }) => from === file).map((violation) => violation.rule.name)).toContain(
      rule,
    )
  })

  it.each(Object.keys(targets).filter((file) => file.endsWith('allowed.ts')))(
    'let types through in %s',
    (file) => {
      expect(reported.filter(({ from }) => from === file)).toEqual([])
    },
  )

  it('have a planted violation for every rule', () => {
    const tried = new Set(planted.map(({ rule }) => rule))
    expect([...tried].toSorted()).toEqual(rules.forbidden.map(({ name }) => name).toSorted())
  })
})
