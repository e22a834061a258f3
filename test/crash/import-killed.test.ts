import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { Tenant } from '../../src/core/tenants/tenant.ts'
import { describeEachDatabase, openTestDatabase, type TestDatabase } from '../support/databases.ts'
import { runRekeyOn } from '../support/run-rekey.ts'
import { startServerProcess } from '../support/server-process.ts'
import { type SmtpSink, startSmtpSink } from '../support/smtp-sink.ts'
import { seedDeliverableTenant } from '../support/start-app.ts'
import { waitUntil } from '../support/wait-until.ts'

// programs are started, on whatever machine runs the tests
vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 })

const ROWS = 5_000
const BATCH = 500

describeEachDatabase('an import killed in the middle', (kind) => {
  const masterKey = randomBytes(32).toString('base64')
  let database: TestDatabase
  let smtp: SmtpSink
  let tenant: Tenant
  let folder: string
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'rekey-import-test-'))
    database = await openTestDatabase(kind)
    smtp = await startSmtpSink()
    tenant = await seedDeliverableTenant(database, smtp.url, 'http://127.0.0.1:9/send')
  })
  afterEach(async () => {
    await smtp.close()
    await database.close()
    rmSync(folder, { recursive: true, force: true })
  })

  /** Every hundredth row is refused: its address is another row's. */
  function writeRows(count: number): string {
    const file = join(folder, 'users.csv')
    const rows = Array.from({ length: count }, (_, index) => {
      const email = index % 100 === 99 ? 'user-1@acme.example' : `user-${index}@acme.example`
      return `user-${index},Person ${index},${email}`
    })
    writeFileSync(file, ['user_name,name,email', ...rows, ''].join('\r\n'))
    return file
  }

  const importNow = (file: string, ...options: readonly string[]) =>
    runRekeyOn({ database, masterKey }, 'import', file, '--json', ...options)
  const settled = async () => (await database.store.read.userImports.list(tenant.id, 1))[0]?.position ?? 0
  const count = async (sql: string) =>
    Number((await database.query(`select count(*) as total from ${sql}`))[0]?.total)

  it('loses no row and doubles none: the same command goes on', async () => {
    const file = writeRows(ROWS)
    const child = spawn(process.execPath, ['bin/rekey', 'import', file], {
      stdio: 'ignore',
      env: { PATH: process.env.PATH, REKEY_DATABASE_URL: database.url, REKEY_MASTER_KEY: masterKey },
    })
    const ended = new Promise((resolve) => child.once('exit', (_code, signal) => resolve(signal)))
    await waitUntil(async () => (await settled()) >= 2 * BATCH, 60_000)
    child.kill('SIGKILL')
    expect(await ended).toBe('SIGKILL')
    const reached = await settled()
    expect(reached % BATCH).toBe(0)
    expect(reached).toBeLessThan(ROWS)

    const run = await importNow(file, '--errors', join(folder, 'refused.csv'))
    expect(run.code).toBe(1)
    expect(JSON.parse(run.stdout)).toMatchObject({
      ...{ rows: ROWS, rows_before: reached, created: 4_950, failed: 50, finished: true },
    })
    const again = await importNow(file)
    expect(JSON.parse(again.stdout)).toMatchObject({ rows_before: ROWS, created: 4_950, failed: 50 })

    expect(await count('users')).toBe(4_950)
    expect(await count("audit_rows where action = 'user.created'")).toBe(4_950)
    expect(await count('user_import_errors')).toBe(50)
    const { total } = await database.store.read.users.list(tenant.id, {}, { pageIndex: 0, pageSize: 10 })
    expect(total).toBe(4_950)
  })

  it('sends a first password once, whatever its sender was about when it was killed', async () => {
    const file = writeRows(1)
    const run = await importNow(file, '--deliver-initial', 'EMAIL')
    expect(run.code).toBe(0)
    const options = {
      databaseUrl: database.url,
      masterKey,
      env: { REKEY_RESET_CALL_DEADLINE_SECONDS: '2', REKEY_RESET_LEASE_GRACE_SECONDS: '1' },
    }
    const first = await startServerProcess({ ...options, point: 'gateway-answered' })
    expect(await first.ended).toBe('SIGKILL')
    await first.close()
    expect(smtp.mails).toHaveLength(1)
    const second = await startServerProcess(options)
    const stateOf = async (table: string) => (await database.query(`select state from ${table}`))[0]?.state
    await waitUntil(async () => (await stateOf('resets')) === 'unknown')
    // as when the lease of the sender has run out
    await database.store.transaction(async ({ userImports, firstPasswords }) => {
      const [{ id } = { id: '' }] = await userImports.list(tenant.id, 1)
      const claimed = await firstPasswords.claim(tenant.id, id, Number.MAX_SAFE_INTEGER, 0)
      expect(claimed?.state).toBe('waiting')
      await userImports.setNextDelivery(tenant.id, id, 0)
    })
    await waitUntil(async () => (await stateOf('first_passwords')) !== 'waiting')
    await second.close()
    expect(await stateOf('first_passwords')).toBe('failed') // nobody knows whether it arrived
    expect(smtp.mails).toHaveLength(1)
  })
})
