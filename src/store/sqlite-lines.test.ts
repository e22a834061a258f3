import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestDatabase, type TestDatabase } from '../../test/support/databases.ts'
import { seedTenant, seedUser } from '../../test/support/seed-tenant.ts'
import { createTestClock } from '../../test/support/test-clock.ts'
import { systemClock } from '../core/clock.ts'
import { StoreUnavailableError } from '../errors/store-error.ts'
import { connectStore } from './connect.ts'
import { createTurnstile } from './turnstile.ts'

const clock = createTestClock()
const fileOf = (url: string) => url.slice('sqlite:'.length)

/** Runs a module in a process of its own; what it printed. */
function runProcess(module: string, shell = 'exec "$@"'): Promise<string> {
  const args = ['-c', shell, 'sh', process.execPath, '--input-type=module', '--eval', module]
  const child = spawn('/bin/sh', args, { cwd: import.meta.dirname, stdio: ['ignore', 'pipe', 'inherit'] })
  let printed = ''
  child.stdout.on('data', (bytes: Buffer) => {
    printed += bytes.toString()
  })
  return new Promise((resolve) => child.on('close', () => resolve(printed.trim())))
}

const moduleStart = (url: string) => `
  import { connectStore } from '${join(import.meta.dirname, 'connect.ts')}'
  import { systemClock } from '${join(import.meta.dirname, '../core/clock.ts')}'
  const store = await connectStore('${url}', { clock: systemClock, migrate: 'automatic' })`

describe('a SQLite file', () => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await openTestDatabase('sqlite', { clock })
  })
  afterAll(() => database.close())

  it('is made with its folder, for its owner only, and with a log that outlives a crash', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'rekey-sqlite-'))
    const file = join(folder, 'a', 'b', 'rekey.db')
    const store = await connectStore(`sqlite:${file}`, { clock, migrate: 'automatic' })
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(statSync(`${file}-wal`).mode & 0o777).toBe(0o600)
    expect(statSync(join(folder, 'a')).mode & 0o777).toBe(0o700)
    await store.close()
    expect(existsSync(`${file}-wal`)).toBe(false)
    rmSync(folder, { recursive: true })
  })

  it('is unavailable when it cannot be opened', async () => {
    const opening = connectStore('sqlite:/dev/null/rekey.db', { clock, migrate: 'automatic' })
    await expect(opening).rejects.toBeInstanceOf(StoreUnavailableError)
  })

  it('is waited for while another process writes, and the event loop goes on', async () => {
    const tenant = await seedTenant(database.store)
    const other = new DatabaseSync(fileOf(database.url))
    other.exec('BEGIN IMMEDIATE')
    let isDone = false
    const writing = seedUser(database.store, tenant).then(() => {
      isDone = true
    })
    expect(await database.store.read.tenants.findByCode(tenant.code)).toEqual(tenant)
    await new Promise((resolve) => setImmediate(resolve))
    expect(isDone).toBe(false)
    other.exec('COMMIT')
    other.close()
    await writing
  })

  it('is unavailable when another process keeps it locked', async () => {
    const other = new DatabaseSync(fileOf(database.url))
    other.exec('BEGIN IMMEDIATE')
    const writing = expect(seedTenant(database.store)).rejects.toBeInstanceOf(StoreUnavailableError)
    await new Promise((resolve) => setImmediate(resolve))
    clock.advance(6_000)
    await writing
    other.close()
    await seedTenant(database.store)
  })

  it('loses nothing when two processes write to it at once', async () => {
    const tenant = await seedTenant(database.store)
    const user = await seedUser(database.store, tenant)
    const count = `${moduleStart(database.url)}
      for (let index = 0; index < 60; index += 1) {
        await store.transaction(async ({ users }) => {
          await users.lock('${tenant.id}', '${user.id}')
          await users.bumpCredentialVersion('${tenant.id}', '${user.id}')
        })
      }
      await store.close()`
    await Promise.all([runProcess(count), runProcess(count)])
    const counted = await database.store.read.users.findWithCredential(tenant.id, user.id)
    expect(counted?.credential.version).toBe(121)
  })

  it('keeps whole transactions when the disk takes no more', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'rekey-sqlite-'))
    const url = `sqlite:${join(folder, 'rekey.db')}`
    const fill = `${moduleStart(url)}
      let committed = 0
      try {
        for (;;) {
          await store.transaction(async ({ gateways }) => {
            const row = { tenantId: 't', channel: 'SMS', kind: 'k', priority: 1, disabled: false, version: 1 }
            await gateways.put({ ...row, name: 'a' + committed, settings: 'x'.repeat(100_000) })
            await gateways.put({ ...row, name: 'b' + committed, settings: 'x'.repeat(100_000) })
          })
          committed += 1
        }
      } catch (error) {
        console.log(JSON.stringify({ committed, name: error.name, read: (await store.read.gateways.list('t')).length }))
        process.exit()
      }`
    // the files may grow to 2 MB (4,096 blocks of 512 bytes): a full disk that needs no administrator
    const printed = await runProcess(fill, 'trap "" XFSZ; ulimit -f 4096; exec "$@"')
    const { committed, name, read } = JSON.parse(printed) as { committed: number; name: string; read: number }
    expect(['StoreUnavailableError', 'CommitInDoubtError']).toContain(name)
    expect(committed).toBeGreaterThan(0)
    expect(read).toBe(2 * committed)
    const store = await connectStore(url, { clock: systemClock, migrate: 'automatic' })
    expect(await store.read.gateways.list('t')).toHaveLength(2 * committed)
    await store.close()
    rmSync(folder, { recursive: true })
  })
})

describe('the queue of writers', () => {
  it('lets one in at a time, in the order of asking', async () => {
    const turnstile = createTurnstile(5_000)
    const order: number[] = []
    await turnstile.enter()
    const others = [1, 2, 3].map(async (number) => {
      await turnstile.enter()
      order.push(number)
      turnstile.leave()
    })
    expect(order).toEqual([])
    turnstile.leave()
    await Promise.all(others)
    expect(order).toEqual([1, 2, 3])
  })

  it('turns away who waited too long, and lets the next one in', async () => {
    const turnstile = createTurnstile(10)
    await turnstile.enter()
    await expect(turnstile.enter()).rejects.toBeInstanceOf(StoreUnavailableError)
    turnstile.leave()
    await turnstile.enter()
  })

  it('closes when whoever is in has left, and turns away who waits', async () => {
    const turnstile = createTurnstile(5_000)
    await turnstile.enter()
    const waiting = expect(turnstile.enter()).rejects.toBeInstanceOf(StoreUnavailableError)
    let isClosed = false
    const closing = turnstile.close().then(() => {
      isClosed = true
    })
    await waiting
    expect(isClosed).toBe(false)
    turnstile.leave()
    await closing
    await expect(turnstile.enter()).rejects.toBeInstanceOf(StoreUnavailableError)
  })
})
