import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { appendRows } from '../../../test/support/audit-fixture.ts'
import { describeEachDatabase } from '../../../test/support/databases.ts'
import { runRekey } from '../../../test/support/run-rekey.ts'
import { seedTenant } from '../../../test/support/seed-tenant.ts'
import { startApp, type TestApp } from '../../../test/support/start-app.ts'
import { waitUntil } from '../../../test/support/wait-until.ts'

// each of these starts the program, some several times, on whatever machine runs the tests
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

describeEachDatabase('the record from the shell', (kind) => {
  let test: TestApp
  const folder = mkdtempSync(join(tmpdir(), 'rekey-audit-'))
  beforeAll(async () => {
    test = await startApp(kind)
    await append(3)
    await sealed()
  })
  afterAll(async () => {
    await test.close()
    rmSync(folder, { recursive: true, force: true })
  })

  const environment = () => ({ REKEY_DATABASE_URL: test.database.url, REKEY_MASTER_KEY: test.masterKey })
  const rekey = (...args: string[]) => runRekey(args, environment())
  const append = (count: number) =>
    test.database.store.transaction((repositories) => appendRows(repositories, test.tenant.id, count))
  /** The running server has sealed all there is. */
  const sealed = () =>
    waitUntil(
      async () => (await test.database.store.read.auditChain.countUnsealed(test.tenant.id)).count === 0,
    )
  const change = (statement: string) => test.database.query(statement, [test.tenant.id])

  it('rekey verify-audit says that all is well, where the record ends, and how to keep that', async () => {
    const { code, stdout, stderr } = await rekey('verify-audit')
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout).toMatch(
      new RegExp(
        `^✓ ${test.tenant.code}: the record is as it was sealed\\.\\n` +
          '  rows      \\d+ verified\\n' +
          '  head      \\d+:[\\w-]{43}\\n' +
          '  sealed    \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d \\(UTC\\)\\n' +
          '  unsealed  none\\n$',
      ),
    )
  })

  it('compares with a head from an earlier run, given as a word or as a file', async () => {
    const { stdout } = await rekey('verify-audit', '--json')
    const file = join(folder, 'head.json')
    writeFileSync(file, stdout)
    const { head } = JSON.parse(stdout).tenants[0]
    await append(1)
    await sealed()
    const byFile = await rekey('verify-audit', '--head', file)
    expect([byFile.code, byFile.stdout]).toEqual([
      0,
      expect.stringContaining('still holds what it held then'),
    ])
    const [sequence] = String(head).split(':')
    const wrong = await rekey('verify-audit', '--json', '--head', `${sequence}:${'A'.repeat(43)}`)
    expect([wrong.code, JSON.parse(wrong.stdout)]).toMatchObject([
      1,
      {
        ok: false,
        tenants: [{ earlier_head: null, fault: { kind: 'anchor_differs', sequence: Number(sequence) } }],
      },
    ])
    const nonsense = join(folder, 'nonsense')
    writeFileSync(nonsense, 'nothing of the kind')
    expect((await rekey('verify-audit', '--head', nonsense)).stderr).toContain('--head must be a head')
  })

  it('rekey export-audit prints each sealed row as a line, from where the last export ended', async () => {
    const { code, stdout, stderr } = await rekey('export-audit')
    expect([code, stderr]).toEqual([0, ''])
    const rows = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(rows.map(({ sequence }) => sequence)).toEqual(rows.map((_, index) => index + 1))
    expect(rows[0]).toEqual({
      ...{ tenant: test.tenant.code, tenant_id: test.tenant.id, sequence: 1 },
      ...{
        digest: expect.stringMatching(/^[\w-]{43}$/),
        time: expect.stringMatching(/Z$/),
        at: expect.any(Number),
      },
      ...{ id: expect.any(String), action: 'user.disabled', actor_kind: 'application', actor_id: 'app-1' },
      ...{ target_kind: 'user', target_id: expect.any(String), request_id: expect.any(String) },
      detail_json: '{"reason":"test","count":1}',
    })
    const later = await rekey('export-audit', '--after', '2')
    expect(later.stdout).toBe(stdout.split('\n').slice(2).join('\n'))
    expect((await rekey('export-audit', '--from', '2999-01-01')).stdout).toBe('')
    expect((await rekey('export-audit', '--until', '2999-01-01')).stdout).toBe(stdout)
    expect((await rekey('export-audit', '--from', 'yesterday')).stderr).toContain('a date such as 2026-01-31')
  })

  it('asks for another key when the record was sealed with one', async () => {
    const run = await runRekey(['verify-audit'], {
      ...environment(),
      REKEY_MASTER_KEY: randomBytes(32).toString('base64'),
    })
    expect([run.code, run.stdout]).toEqual([1, expect.stringContaining('sealed with another master key')])
    expect(run.stdout).toContain('→ Set REKEY_MASTER_KEY to the key of the server')
  })

  it('names the row that was changed, ends with 1, and verifies every tenant otherwise', async () => {
    const other = await seedTenant(test.database.store)
    await change("update audit_rows set actor_id = 'x' where tenant_id = $1 and sequence = 2")
    const { code, stdout } = await rekey('verify-audit')
    await change("update audit_rows set actor_id = 'app-1' where tenant_id = $1 and sequence = 2")
    expect(code).toBe(1)
    expect(stdout).toMatch(
      new RegExp(
        `✗ ${test.tenant.code}: the record is not as it was sealed: ` +
          'row 2 \\(id \\S+\\) is not what was sealed there; it was changed or exchanged\\.\\n' +
          '  rows      1 verified before that\\n',
      ),
    )
    expect(stdout).toContain(`✓ ${other.code}: the record is as it was sealed.\n  rows      0 verified`)
    expect((await rekey('verify-audit', '--head', `1:${'A'.repeat(43)}`)).stderr).toContain('several tenants')
  })

  describe('rekey erase-user', () => {
    it('explains and erases nothing until it is told --yes', async () => {
      const user = await test.addUser()
      const args = ['erase-user', user.userName, '--tenant', test.tenant.code]
      const asked = await rekey(...args)
      expect([asked.code, asked.stdout]).toEqual([1, ''])
      expect(asked.stderr).toContain(
        'Nothing was erased: add --yes to do it. It cannot be undone, and means:',
      )
      expect(asked.stderr).toContain(`the user ${user.userName} (id ${user.id}) is removed`)
      expect(await test.database.store.read.users.find(test.tenant.id, user.id)).toBeDefined()

      const done = await rekey(...args, '--yes')
      expect([done.code, done.stderr]).toEqual([0, ''])
      expect(done.stdout).toContain(`${user.userName} is erased: the user is removed`)
      expect(await test.database.store.read.users.find(test.tenant.id, user.id)).toBeUndefined()
      expect((await test.client.signIn(user.userName, user.password)).body.error_code).toBe('SDK.LOGIN.1005')
      const again = await rekey(...args, '--yes')
      expect([again.code, again.stderr]).toEqual([1, expect.stringContaining('nothing to erase')])
      await sealed()
      expect((await rekey('verify-audit', '--tenant', test.tenant.code)).code).toBe(0)
    })

    it('takes the id of a user who was removed before, and answers machines', async () => {
      const user = await test.addUser()
      await test.client.resetPassword(user.id, 'EMAIL')
      await test.database.query('delete from users where id = $1', [user.id])
      const args = ['--tenant', test.tenant.code, '--yes', '--json']
      const { code, stdout } = await rekey('erase-user', user.id, ...args)
      expect([code, JSON.parse(stdout)]).toMatchObject([0, { ok: true, removed_now: false, resets: 1 }])
    })
  })
})
