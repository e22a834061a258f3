import { execFileSync } from 'node:child_process'
import { copyFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const shrinkwrapFile = join(root, 'npm-shrinkwrap.json')

/** Makes what only a package has: `dist`, and the lock file under the name that `npm pack` takes (decision 0018). */
function prepare(): void {
  rmSync(join(root, 'dist'), { recursive: true, force: true }) // nothing of an earlier build
  const compiler = join(root, 'node_modules/typescript/bin/tsc')
  execFileSync(process.execPath, [compiler, '--project', 'tsconfig.build.json'], {
    cwd: root,
    stdio: 'inherit',
  })
  copyFileSync(join(root, 'package-lock.json'), shrinkwrapFile)
}

if (process.argv.includes('--undo')) {
  rmSync(shrinkwrapFile, { force: true }) // beside a lock file npm would prefer it
} else {
  prepare()
}
