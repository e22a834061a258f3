import { spawn, spawnSync } from 'node:child_process'
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '..')
const scratch = mkdtempSync(join(tmpdir(), 'rekey-launcher-'))
const pinnedPackage = `node-linux-${process.arch}`

afterAll(() => rmSync(scratch, { recursive: true }))

/** An installation of its own: the launcher, an entry that says which Node runs it, and perhaps a pinned Node. */
function install(name: string, options: { pinned?: string; entry?: string } = {}): string {
  const folder = join(scratch, name)
  cpSync(join(root, 'bin'), join(folder, 'bin'), { recursive: true })
  const entry =
    options.entry ??
    'export const main = (argv) => console.log(JSON.stringify([process.execPath, argv.slice(2)]))'
  write(join(folder, 'src/cli/main.ts'), entry)
  write(join(folder, 'package.json'), '{"type":"module"}')
  if (options.pinned !== undefined) {
    const node = join(folder, 'node_modules', pinnedPackage, 'bin/node')
    write(join(folder, 'node_modules', pinnedPackage, 'package.json'), '{}')
    write(node, `#!/bin/sh\n${options.pinned}\n`)
    chmodSync(node, 0o755)
  }
  return folder
}

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
}

function launch(folder: string, args: readonly string[], preload = '') {
  const execArgv = preload === '' ? [] : ['--require', preload]
  return spawnSync(process.execPath, [...execArgv, join(folder, 'bin/rekey'), ...args], { encoding: 'utf8' })
}

/** Makes the running Node look like another one to the launcher. */
function pretend(name: string, source: string): string {
  const file = join(scratch, `${name}.cjs`)
  writeFileSync(file, source)
  return file
}

describe('bin/rekey', () => {
  it('runs in the Node it was started with when that is new enough and none is pinned', () => {
    const { stdout, status } = launch(install('unpinned'), ['serve', '--json'])
    expect(JSON.parse(stdout)).toEqual([process.execPath, ['serve', '--json']])
    expect(status).toBe(0)
  })

  it('starts itself again with the pinned Node, quietly, and passes on its exit code', () => {
    const folder = install('pinned', { pinned: 'echo "pinned: $*"; exit 7' })
    const { stdout, stderr, status } = launch(folder, ['serve'])
    expect(stdout).toBe(`pinned: ${join(folder, 'bin/rekey')} serve\n`)
    expect(stderr).toBe('')
    expect(status).toBe(7)
  })

  it('does the same in a Node that cannot replace itself', () => {
    const preload = pretend('no-execve', 'process.execve = undefined')
    const folder = install('spawned', { pinned: 'echo "pinned"; exit 7' })
    const { stdout, status } = launch(folder, [], preload)
    expect(stdout).toBe('pinned\n')
    expect(status).toBe(7)
  })

  it('refuses an older Node in one sentence when none is pinned', () => {
    const preload = pretend(
      'old',
      "Object.defineProperty(process, 'versions', { value: { node: '20.1.0' } })\n" +
        "Object.defineProperty(process, 'version', { value: 'v20.1.0' })",
    )
    const { stdout, stderr, status } = launch(install('refused'), ['serve'], preload)
    expect(stdout).toBe('')
    expect(stderr).toMatch(/^Rekey needs Node\.js 24 or newer and this is v20\.1\.0: .*npm ci.*\n$/)
    expect(status).toBe(1)
  })

  it('says how to complete an installation without packages', () => {
    const { stderr, status } = launch(install('bare', { entry: "import 'fastify'" }), ['serve'])
    expect(stderr).toMatch(/^Rekey is not installed completely: run "npm ci" in .*bare\. /)
    expect(stderr).not.toContain('    at ')
    expect(status).toBe(1)
  })

  it('takes the packed form where there are no sources', () => {
    const folder = install('packed')
    rmSync(join(folder, 'src'), { recursive: true })
    write(join(folder, 'dist/cli/main.js'), "export const main = () => console.log('packed')")
    expect(launch(folder, []).stdout).toBe('packed\n')
  })

  it('forwards signals to the pinned Node and ends by the same signal', async () => {
    const preload = pretend('no-execve-signals', 'process.execve = undefined')
    const server = pretend(
      'server',
      "process.once('SIGTERM', () => { console.log('got it'); process.kill(process.pid, 'SIGTERM') })\n" +
        "setInterval(() => {}, 1000)\nconsole.log('ready')",
    )
    const folder = install('signalled', { pinned: `exec '${process.execPath}' '${server}'` })
    const child = spawn(process.execPath, ['--require', preload, join(folder, 'bin/rekey')], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let output = ''
    const ended = new Promise<string | null>((resolve) =>
      child.on('close', (_code, signal) => resolve(signal)),
    )
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString()
      if (output === 'ready\n') {
        child.kill('SIGTERM')
      }
    })
    expect(await ended).toBe('SIGTERM')
    expect(output).toBe('ready\ngot it\n')
  })
})
