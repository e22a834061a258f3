import { randomUUID } from 'node:crypto'
import { afterEach, expect, it, vi } from 'vitest'
import { describeEachDatabase } from '../../../test/support/databases.ts'
import { runRekey } from '../../../test/support/run-rekey.ts'
import { startApp, type TestApp } from '../../../test/support/start-app.ts'

// each of these starts the program several times, on whatever machine runs the tests
vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 })

describeEachDatabase('rekey create-owner', (kind) => {
  const closing: TestApp[] = []
  afterEach(async () => {
    await Promise.all(closing.splice(0).map((one) => one.close()))
  })
  async function start() {
    const test = await startApp(kind)
    closing.push(test)
    const env = { REKEY_DATABASE_URL: test.database.url, REKEY_MASTER_KEY: test.masterKey }
    const create = (...args: string[]) => runRekey(['create-owner', ...args, '--send-mode', 'EMAIL'], env)
    return { test, create }
  }

  it('makes the first owner, whose first password is delivered, and refuses a second', async () => {
    const { test, create } = await start()
    const email = `root-${randomUUID()}@acme.example`
    const { code, stdout, stderr } = await create('root', '--email', email, '--name', 'Root')
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout).toContain(`✓ root is created as owner of tenant ${test.tenant.code}.`)
    const password = await test.readMailedPassword()
    expect(stdout).not.toContain(password)
    expect((await test.client.signIn('root', password)).body.status).toBe('PASSWORD_EXPIRED')
    const root = await test.database.store.read.users.findByUserName(test.tenant.id, 'root')
    expect(root).toMatchObject({ administratorRole: 'owner', name: 'Root', email, contactChangedAt: {} })
    const rows = await test.database.store.read.audit.list(test.tenant.id, 100)
    expect(rows.find((row) => row.action === 'user.created')).toMatchObject({
      actor: { kind: 'operator' },
      targetId: root?.id,
      detail: { role: 'owner' },
    })

    const again = await create('root')
    expect([again.code, again.stderr]).toEqual([1, expect.stringContaining('rekey reset-password root')])
    const alice = await test.addUser()
    const second = await create(alice.userName)
    expect(second.stderr).toContain('has an owner already: nothing was changed. Add --additional')
    const raised = await create(alice.userName, '--additional', '--json')
    expect([raised.code, JSON.parse(raised.stdout)]).toMatchObject([
      0,
      { ok: true, owner: 'raised', role: 'owner', user_id: alice.id },
    ])
  })

  it('says what is in the way before anything is changed', async () => {
    const { test, create } = await start()
    expect((await create('root')).stderr).toContain('root has no e-mail address to send a password to')
    expect((await create('root', '--email', 'nowhere')).stderr).toContain('--email is no e-mail address')
    const alice = await test.addUser()
    const other = await create(alice.userName, '--email', 'other@acme.example')
    expect(other.stderr).toContain('are for a user who is new')
    await test.database.store.transaction(({ gateways }) => gateways.delete(test.tenant.id, 'mail'))
    const without = await create('root', '--email', 'root@acme.example')
    expect(without.stderr).toContain('has no gateway for EMAIL: nothing was changed.')
    expect(await test.database.store.read.users.listAdministrators(test.tenant.id)).toEqual([])
    expect(await test.database.store.read.users.findByUserName(test.tenant.id, 'root')).toBeUndefined()
  })

  it('leaves an owner without a password when the message is refused, and the same command goes on', async () => {
    const { test, create } = await start()
    const args = ['root', '--mobile', '+86-13811112222'] as const
    const env = { REKEY_DATABASE_URL: test.database.url, REKEY_MASTER_KEY: test.masterKey }
    const create2 = () => runRekey(['create-owner', ...args, '--send-mode', 'SMS'], env)
    test.sms.answer = { status: 500, body: 'down' }
    const failed = await create2()
    expect(failed.code).toBe(1)
    expect(failed.stdout).toContain('✓ root is created as owner')
    expect(failed.stdout).toContain('✗ No new password was sent to root: MSG.0001')
    expect(failed.stdout).toContain('run the same command again')
    test.sms.answer = { status: 200, body: '{}' }
    const { code, stdout } = await create2()
    expect([code, stdout]).toEqual([0, expect.stringContaining('✓ root is already owner')])
    expect((await test.client.signIn('root', test.readTextedPassword())).body.status).toBe('PASSWORD_EXPIRED')
    expect((await create('root')).code).toBe(1)
  })
})
