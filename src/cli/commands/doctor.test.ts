import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, it, vi } from 'vitest'
import { describeEachDatabase, openTestDatabase } from '../../../test/support/databases.ts'
import { runRekey } from '../../../test/support/run-rekey.ts'
import { seedGateway } from '../../../test/support/seed-tenant.ts'
import { startApp } from '../../../test/support/start-app.ts'

// each of these starts the program, on whatever machine runs the tests
vi.setConfig({ testTimeout: 30_000 })

const masterKey = Buffer.alloc(32, 1).toString('base64')
const closing: { close(): Promise<void> }[] = []
afterEach(async () => {
  await Promise.all(closing.splice(0).map((one) => one.close()))
})

describeEachDatabase('rekey doctor', (kind) => {
  it('finds all well, and names the gateway that is not with what to do', async () => {
    const test = await startApp(kind)
    closing.push(test)
    const env = { REKEY_DATABASE_URL: test.database.url, REKEY_MASTER_KEY: test.masterKey }
    const well = await runRekey(['doctor'], env)
    expect([well.code, well.stderr]).toEqual([0, ''])
    expect(well.stdout).toMatch(/✓ configuration: .*\n✓ key: .*\n✓ database: .*\n✓ clock: .*\n✓ migrations: /)
    expect(well.stdout).toContain(`✓ gateway mail of ${test.tenant.code}`)
    expect(well.stdout).toMatch(/All is well\.\n$/)
    expect(test.smtp.mails).toEqual([])

    await seedGateway(test.database.store, test.tenant, {
      name: 'closed',
      channel: 'EMAIL',
      kind: 'smtp',
      settings: { url: 'smtp://127.0.0.1:1', from: 'it@acme.example' },
    })
    const ill = await runRekey(['doctor', '--json'], env)
    expect(ill.code).toBe(1)
    const report = JSON.parse(ill.stdout) as { ok: boolean; checks: { ok: boolean }[] }
    expect(report.ok).toBe(false)
    expect(report.checks.filter((one) => !one.ok)).toEqual([
      {
        name: `gateway closed of ${test.tenant.code}`,
        ok: false,
        note: expect.stringContaining('ECONNREFUSED'),
        remedy: expect.stringContaining('Nothing listens'),
      },
    ])
  })

  it('says that the database is older, and leaves it so', async () => {
    const database = await openTestDatabase(kind, { isEmpty: true })
    closing.push(database)
    const env = { REKEY_DATABASE_URL: database.url, REKEY_MASTER_KEY: masterKey }
    const { code, stdout } = await runRekey(['doctor'], env)
    expect(code).toBe(1)
    expect(stdout).toContain('✗ migrations: not applied yet: 0001-first-tables')
    expect(stdout).toContain('→ Run "rekey migrate".')
    expect(await database.store.pendingMigrations()).toContain('0001-first-tables')
  })
})

it('tells every wrong setting', async () => {
  const { code, stdout } = await runRekey(['doctor'], { REKEY_PORT: 'x', REKEY_LOG_LEVEL: 'y' })
  expect(code).toBe(1)
  expect(stdout).toContain('✗ configuration: REKEY_PORT: must be')
  expect(stdout).toContain('✗ configuration: REKEY_LOG_LEVEL: must be')
})

it('asks the source of breached passwords, and says what to do for a folder and for a service', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'rekey-doctor-'))
  const database = await openTestDatabase('sqlite')
  closing.push(database)
  const doctor = async (source: string) => {
    const env = { REKEY_DATABASE_URL: database.url, REKEY_MASTER_KEY: masterKey }
    return await runRekey(['doctor'], { ...env, REKEY_BREACHED_PASSWORDS_SOURCE: source })
  }
  const missing = await doctor(join(folder, 'nowhere'))
  expect([missing.code, missing.stdout]).toEqual([1, expect.stringContaining('ENOENT')])
  expect(missing.stdout).toMatch(/✗ breached passwords: .*\n {2}→ Check that the folder in REKEY_BREACHED/)
  const away = await doctor('http://127.0.0.1:9/range')
  expect(away.stdout).toMatch(
    /✗ breached passwords: .*cannot be reached.*\n {2}→ Check the address in REKEY_B/,
  )
  writeFileSync(join(folder, '5BAA6.txt'), `${'0'.repeat(35)}:1`)
  const well = await doctor(folder)
  expect([well.code, well.stdout]).toEqual([
    0,
    expect.stringContaining('✓ breached passwords: the source answers'),
  ])
  rmSync(folder, { recursive: true })
})

it('makes no database and no key where there is none', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'rekey-doctor-'))
  const run = await runRekey(['doctor'], { REKEY_DATABASE_URL: `sqlite:${join(folder, 'rekey.db')}` })
  expect([run.code, run.stdout]).toEqual([1, expect.stringContaining('✗ database: there is none at')])
  expect(await readdir(folder)).toEqual([])
  rmSync(folder, { recursive: true })
})

it('says that a database cannot be reached, without its password', async () => {
  const { code, stdout } = await runRekey(['doctor'], {
    REKEY_DATABASE_URL: 'postgres://rekey:hunter2@127.0.0.1:1/rekey',
    REKEY_MASTER_KEY: masterKey,
  })
  expect(code).toBe(1)
  expect(stdout).toContain('✗ database: The database cannot be used')
  expect(stdout).not.toContain('hunter2')
})
