import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'

const root = join(import.meta.dirname, '../..')
const run = promisify(execFile)

export interface Packed {
  readonly tarball: string
  /** Paths in the package. */
  readonly files: readonly string[]
  /** An empty folder beside it. */
  makeFolder(name: string): Promise<string>
  remove(): Promise<void>
}

/** `npm pack` on a copy of this clone, so that nothing is built or written where other tests look. */
export async function pack(): Promise<Packed> {
  const folder = await mkdtemp(join(tmpdir(), 'rekey-packaging-'))
  const copy = join(folder, 'clone')
  const copied = [
    ...['bin', 'docs', 'src', 'tools', 'package.json', 'package-lock.json', 'tsconfig.json'],
    ...['tsconfig.build.json', 'README.md', 'LICENSE', 'CHANGELOG.md', 'SECURITY.md', '.npmrc'],
  ]
  for (const name of copied) {
    await cp(join(root, name), join(copy, name), { recursive: true })
  }
  await symlink(join(root, 'node_modules'), join(copy, 'node_modules'))
  // prepack runs in the Node of this run, as `npm pack` in a clone does
  const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', folder], { cwd: copy })
  const [packed]: readonly { filename: string; files: readonly { path: string }[] }[] = JSON.parse(stdout)
  return {
    tarball: join(folder, packed?.filename ?? ''),
    files: packed?.files.map(({ path }) => path) ?? [],
    async makeFolder(name) {
      await mkdir(join(folder, name))
      return join(folder, name)
    },
    remove: () => rm(folder, { recursive: true }),
  }
}

/** What somebody has who has Node and npm, and nothing of this clone: on a machine with an older Node, that one. */
export const plainEnvironment: NodeJS.ProcessEnv = {
  HOME: process.env.HOME,
  PATH: (process.env.PATH ?? '')
    .split(delimiter)
    .filter((folder) => !folder.includes('node_modules'))
    .join(delimiter),
}

/** From npm's cache what is there, the rest from the registry. */
export async function npm(folder: string, args: readonly string[]): Promise<void> {
  const options = ['--omit=dev', '--prefer-offline', '--no-audit', '--no-fund']
  await run('npm', [...args, ...options], { cwd: folder, env: plainEnvironment })
}

export async function unpack(tarball: string, folder: string): Promise<void> {
  await run('tar', ['-xzf', tarball, '-C', folder, '--strip-components=1'])
}
