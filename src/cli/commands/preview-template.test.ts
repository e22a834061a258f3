import { randomUUID } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { describeEachDatabase, openTestDatabase, type TestDatabase } from '../../../test/support/databases.ts'
import { runRekey } from '../../../test/support/run-rekey.ts'
import { seedTenant } from '../../../test/support/seed-tenant.ts'

describeEachDatabase('rekey preview-template', (kind) => {
  let database: TestDatabase
  let folder: string
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'rekey-preview-'))
    database = await openTestDatabase(kind)
    const tenant = await seedTenant(database.store, {
      code: `t-${randomUUID().slice(0, 8)}`,
      name: 'Nordwind',
    })
    await database.store.transaction(({ templates }) =>
      templates.put({
        tenantId: tenant.id,
        event: 'account-locked',
        channel: 'SMS',
        language: 'en',
        subject: undefined,
        text: 'Locked: {{ user_name }} €',
        html: undefined,
      }),
    )
  })
  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true })
    await database.close()
  })

  const run = (...words: string[]) =>
    runRekey(['preview-template', ...words], {
      REKEY_DATABASE_URL: database.url,
      REKEY_MASTER_KEY: Buffer.alloc(32, 7).toString('base64'),
    })

  test('shows an SMS as it is read, whose template it is, and what it costs', async () => {
    const { stdout, code } = await run('account-locked', '--channel', 'SMS')
    expect(stdout.split('\n')).toEqual([
      "Template  the tenant's own, language en",
      'Size      1 segment in GSM-7: 21 characters counted, 139 left in the last one',
      '',
      'Locked: sam.sample €',
      '',
    ])
    expect(code).toBe(0)
  })

  test('gives machines JSON: the built-in Chinese SMS is UCS-2 and one segment', async () => {
    const { stdout } = await run('reset-password', '--channel', 'SMS', '--language', 'zh', '--json')
    expect(JSON.parse(stdout)).toMatchObject({
      template: 'built-in',
      language: 'zh',
      subject: null,
      text: expect.stringContaining('【Nordwind】新密码：\nSample4PassW\n'),
      sms: { encoding: 'UCS-2', segments: 1 },
    })
  })

  test('writes the HTML of a mail into a file', async () => {
    const file = join(folder, 'mail.html')
    const { stdout } = await run('password-changed', '--channel', 'EMAIL', '--html', file)
    expect(stdout).toContain('Subject   Your Nordwind password was changed')
    expect(stdout).toContain('Was this not you?\nContact your IT help desk at once.')
    expect(readFileSync(file, 'utf8')).toContain('<h1')
  })

  test('says which events there are', async () => {
    const { stderr, code } = await run('no-such', '--channel', 'SMS')
    expect(stderr).toContain('reset-password, password-changed, contact-changed, account-locked')
    expect(code).not.toBe(0)
  })
})
