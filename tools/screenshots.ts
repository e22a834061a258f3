import { spawnSync } from 'node:child_process'
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'

// Pictures of every page and state that employees see, in both languages, on a phone and a desk, light and dark, into
// screenshots/: `npm run screenshots`. They are taken while the stories of test/pages are played.

const root = join(import.meta.dirname, '..')
const folder = join(root, 'screenshots')

rmSync(folder, { recursive: true, force: true })
mkdirSync(folder)
const { status } = spawnSync(
  process.execPath,
  [join(root, 'node_modules/vitest/vitest.mjs'), 'run', 'test/pages/employee-story.test.ts'],
  { cwd: root, stdio: 'inherit', env: { ...process.env, REKEY_SCREENSHOTS: folder } },
)
process.exit(status ?? 1)
