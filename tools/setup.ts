import { execFile, spawn } from 'node:child_process'
import { accessSync, constants, existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'

/** What the tests need beside npm's packages. */
interface TestProgram {
  readonly title: string
  /** Debian's package. */
  readonly packageName: string
  isThere(): boolean | Promise<boolean>
}

const POSTGRES_VERSION_MIN = 14

const programs = {
  postgres: {
    title: `PostgreSQL ${POSTGRES_VERSION_MIN} or newer`,
    packageName: 'postgresql',
    isThere: () => findPostgres() !== undefined,
  },
  chromium: {
    title: 'Chromium',
    packageName: 'chromium',
    isThere: () => ['chromium', 'chromium-browser', 'google-chrome'].some(isOnPath),
  },
  chineseFont: {
    title: 'a Chinese font',
    packageName: 'fonts-noto-cjk',
    isThere: hasChineseFont,
  },
} as const satisfies Record<string, TestProgram>

export type TestProgramName = keyof typeof programs

/** Folder with `initdb` and `postgres`: of Debian's packages the newest, else what is on the PATH. */
export function findPostgres(): string | undefined {
  const packaged = '/usr/lib/postgresql'
  const versions = existsSync(packaged) ? readdirSync(packaged).map(Number) : []
  const folders = versions
    .filter((version) => version >= POSTGRES_VERSION_MIN)
    .sort((left, right) => right - left)
    .map((version) => join(packaged, String(version), 'bin'))
  return [...folders, ...pathFolders()].find((folder) =>
    ['initdb', 'postgres'].every((name) => isExecutable(join(folder, name))),
  )
}

/**
 * Sees to it that these are there: what is missing is installed with apt as root on Debian; elsewhere nothing is
 * changed.
 * @throws Error that names the packages to install
 */
export async function ensureTestPrograms(names: readonly TestProgramName[]): Promise<void> {
  const missing = await findMissing(names)
  if (missing.length === 0) {
    return
  }
  const packages = missing.map(({ packageName }) => packageName)
  const isRootOnDebian = process.getuid?.() === 0 && existsSync('/etc/debian_version') && isOnPath('apt-get')
  if (isRootOnDebian) {
    console.log(`Installing with apt, for the tests: ${packages.join(' ')}`)
    await installWithApt(packages)
  }
  const stillMissing = await findMissing(names)
  if (stillMissing.length > 0) {
    const titles = stillMissing.map(({ title }) => title).join(', ')
    throw new Error(
      `The tests need ${titles}: install it first (on Debian and Ubuntu: apt-get install ${packages.join(' ')}).`,
    )
  }
}

async function findMissing(names: readonly TestProgramName[]): Promise<readonly TestProgram[]> {
  const found = await Promise.all(
    names.map(async (name) => ({ program: programs[name], isThere: await programs[name].isThere() })),
  )
  return found.flatMap(({ program, isThere }) => (isThere ? [] : [program]))
}

async function installWithApt(packages: readonly string[]): Promise<void> {
  await apt(['update'])
  await apt(['install', '--yes', '--no-install-recommends', ...packages])
}

function apt(args: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
    const child = spawn('apt-get', args, { env, stdio: ['ignore', 'inherit', 'inherit'] })
    child.on('error', reject)
    child.on('close', () => resolve()) // whether it helped is looked at, not believed
  })
}

async function hasChineseFont(): Promise<boolean> {
  if (process.platform !== 'linux') {
    return true // part of the system there
  }
  try {
    return (await promisify(execFile)('fc-list', [':lang=zh', 'family'])).stdout.trim() !== ''
  } catch {
    return false
  }
}

function isOnPath(name: string): boolean {
  return pathFolders().some((folder) => isExecutable(join(folder, name)))
}

function pathFolders(): readonly string[] {
  return (process.env.PATH ?? '').split(':').filter((folder) => folder !== '')
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}

if (import.meta.main) {
  const isNarrowed = process.env.REKEY_TEST_DATABASES === 'sqlite'
  try {
    await ensureTestPrograms([...(isNarrowed ? [] : (['postgres'] as const)), 'chromium', 'chineseFont'])
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 1
  }
}
