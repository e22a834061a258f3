import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '../..')

/**
 * Builds the server as `npm pack` does, into a folder where it finds the packages of this clone, and tells the folder:
 * what is measured is what is installed, not sources whose types are stripped as they are loaded.
 */
export function installPacked(): string {
  const folder = mkdtempSync(join(root, 'node_modules/.rekey-bench-'))
  for (const name of ['bin', 'package.json']) {
    cpSync(join(root, name), join(folder, name), { recursive: true })
  }
  const compiler = join(root, 'node_modules/typescript/bin/tsc')
  const args = [compiler, '--project', 'tsconfig.build.json', '--outDir', join(folder, 'dist')]
  execFileSync(process.execPath, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] })
  return folder
}
