import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { describeEachDatabase } from '../../../test/support/databases.ts'
import { runRekeyOn } from '../../../test/support/run-rekey.ts'
import { startApp, type TestApp } from '../../../test/support/start-app.ts'

// each of these starts the program, on whatever machine runs the tests
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

describeEachDatabase('rekey import', (kind) => {
  let test: TestApp
  const folder = mkdtempSync(join(tmpdir(), 'rekey-import-test-'))
  beforeAll(async () => {
    test = await startApp(kind)
  })
  afterAll(async () => {
    await test.close()
    rmSync(folder, { recursive: true, force: true })
  })

  const place = (name: string) => join(folder, name)
  function write(name: string, ...lines: readonly string[]): string {
    writeFileSync(place(name), lines.map((line) => `${line}\n`).join(''))
    return place(name)
  }
  const run = (...args: readonly string[]) => runRekeyOn(test, ...args)
  const find = (userName: string) => test.database.store.read.users.findByUserName(test.tenant.id, userName)

  it('says what would happen, and changes nothing', async () => {
    const file = write(
      'dry.csv',
      'user_name,email',
      'dry1,dry@acme.example',
      'dry2,Dry@acme.example',
      'DRY1,',
      'dry3,',
    )
    const { code, stdout } = await run('import', file, '--dry-run')
    expect(code).toBe(1)
    expect(stdout).toContain('line 3, email: USER.9004 The email is taken')
    expect(stdout).toContain('line 4, user_name: USER.9002 The user name is taken')
    expect(stdout).toContain('2 would be created\n          2 would be refused')
    expect(stdout).toContain('Nothing was changed')
    expect(await find('dry1')).toBeUndefined()
    expect(await test.database.store.read.userImports.list(test.tenant.id, 9)).toEqual([])
  })

  it('imports the rows that are right, and gives the others back to be corrected and imported', async () => {
    const file = write(
      'mixed.csv',
      'user_name,name,email,extension.level',
      "ann,'=Ann,ann@acme.example,3",
      'ben,"Ben,ben@acme.example,',
      'cid,Cid,no address,',
      'dan,Dan',
    )
    const refused = place('refused.csv')
    const first = await run('import', file, '--errors', refused)
    expect(first.code).toBe(1)
    expect(first.stdout).toContain('line 3, name: IMPORT.9002 The row cannot be read: a quote is not closed')
    expect(first.stdout).toContain('line 4, email: USER.9005 The user attribute email is invalid')
    expect(first.stdout).toContain('line 5: IMPORT.9002 The row cannot be read: it has 2 cells, the header 4')
    expect(await find('ann')).toMatchObject({ name: '=Ann', extension: { level: '3' } })
    expect(statSync(refused).mode & 0o777).toBe(0o600)

    const given = readFileSync(refused, 'utf8')
    expect(given).toContain('cid,Cid,no address,,4,email,USER.9005,The user attribute email is invalid')
    const corrected = given
      .replace('no address', 'cid@acme.example')
      .replace(/^,,,,3.*\r\n/m, 'ben,Ben,,,,,,\r\n')
    writeFileSync(place('corrected.csv'), corrected)
    const second = await run('import', place('corrected.csv'))
    expect([second.code, second.stdout, second.stderr]).toEqual([0, expect.stringContaining('3 created'), ''])
    expect(await find('cid')).toMatchObject({ email: 'cid@acme.example' })
  })

  it('does nothing twice, and says so', async () => {
    const file = write('twice.csv', 'user_name', 'twice1', 'twice2')
    expect(await run('import', file)).toMatchObject({ code: 0, stdout: expect.stringContaining('2 created') })
    const again = await run('import', file)
    expect(again).toMatchObject({ code: 0, stderr: expect.stringContaining('was imported before') })
    expect(again.stdout).toContain('2 rows (2 of them before)')
  })

  it('changes who is there with --update, and a value of \\N goes', async () => {
    await run(
      'import',
      write('old.csv', 'user_name,name,email,attr_city', 'eve,Eve,eve@acme.example,Shanghai'),
    )
    const file = write('new.csv', 'user_name,name,email,attr_city', 'eve,,new@acme.example,\\N')
    expect(await run('import', file)).toMatchObject({ code: 1, stdout: expect.stringContaining('USER.9002') })
    expect(await run('import', file, '--update')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('1 changed'),
    })
    expect(await find('eve')).toMatchObject({ name: 'Eve', email: 'new@acme.example', profile: {} })
  })

  it('reads what export-users wrote as what is so already', async () => {
    const file = place('export.csv')
    expect(await run('export-users', file)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('written to'),
    })
    expect(statSync(file).mode & 0o777).toBe(0o600)
    const { code, stdout } = await run('import', file, '--update', '--json')
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ ok: true, created: 0, updated: 0, failed: 0, finished: true })
    const printed = await run('export-users', '--json')
    expect(printed.stdout).toBe(readFileSync(file, 'utf8'))
  })

  it('shows whose first password waits, and what became of it', async () => {
    const file = write('first.csv', 'user_name,email', 'fay,fay@acme.example', 'gus,')
    const { stdout } = await run('import', file, '--deliver-initial', 'EMAIL', '--per-minute', '6000')
    expect(stdout).toContain('First passwords by EMAIL:')
    await vi.waitUntil(
      async () => (await run('list-imports')).stdout.includes('1 failed (USER.0012)'),
      20_000,
    )
    expect((await run('list-imports')).stdout).toContain('1 delivered')
  })

  it.each([
    ['an unknown column', 'user_name,mail\n', 'column 2: "mail" is no field of a user: did you mean email?'],
    ['a column that is there twice', 'user_name,name,name\n', 'column 3: "name" is there twice'],
    ['no user_name', 'name\n', 'there is no column user_name'],
    ['semicolons', 'user_name;name\n', 'cells are separated by semicolons'],
    ['nothing in it', '', 'it is empty'],
    ['another encoding', Buffer.from('\uFEFFuser_name\n', 'utf16le'), 'is UTF-16'],
  ])('refuses a file with %s', async (_what, content, complaint) => {
    writeFileSync(place('wrong.csv'), content)
    const { code, stderr, stdout } = await run('import', place('wrong.csv'))
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toContain(complaint)
  })
})
