import { expect, it, vi } from 'vitest'
import { describeEachDatabase } from '../../../test/support/databases.ts'
import { runRekey, runRekeyOn } from '../../../test/support/run-rekey.ts'
import { seedGateway, seedTenant } from '../../../test/support/seed-tenant.ts'
import { useApp } from '../../../test/support/start-app.ts'
import { MINUTE_MS } from '../../core/clock.ts'

// each of these starts the program, some several times, on whatever machine runs the tests
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 })

const OWN_PASSWORD = 'Chosen-By-Her-3571'

describeEachDatabase('rekey list-resets', (kind) => {
  const app = useApp(kind)
  const rekey = (...args: string[]) => runRekeyOn(app(), ...args)
  const passwordState = async (userName: string) =>
    /^password_state: (.*)$/m.exec((await rekey('list-resets', userName)).stdout)?.[1]

  it('tells a reset from the call to the password that the employee chose', async () => {
    const user = await app().addUser()
    await app().client.signIn(user.userName, user.password)
    expect(await passwordState(user.userName)).toBe('own')

    await app().client.resetPassword(user.id, 'EMAIL')
    expect(await passwordState(user.userName)).toMatch(
      /^delivered, unused until \d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/,
    )

    const delivered = await app().readMailedPassword()
    const signedIn = await app().client.signIn(user.userName, delivered)
    expect(await passwordState(user.userName)).toBe('delivered, used')

    await app().client.updatePassword(String(signedIn.body.state_token), delivered, OWN_PASSWORD)
    const { code, stdout, stderr } = await rekey('list-resets', user.userName)
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout).toContain(`${user.userName} (Alice), tenant ${app().tenant.code}\npassword_state: own\n`)
    expect(stdout).toMatch(/completed: signed in with/)
    expect(stdout).toContain(`asked by    Help desk (client id ${app().application.clientId})`)
    expect(stdout).toMatch(/to {10}EMAIL a\*+@acme\.example/)
    expect(stdout).toMatch(/attempt 1 {3}gateway mail: accepted after \d+\.\d s/)
    expect(stdout).toMatch(/accepted {4}\d{4}-\d\d-\d\d \d\d:\d\d:\d\d by gateway mail/)
    expect(stdout).toMatch(/first use {3}\d{4}-/)
    expect(stdout).toContain('ended       1 session\n')
    expect(stdout).not.toContain(delivered)
    expect(stdout).not.toContain(OWN_PASSWORD)
  })

  it('says that a user is frozen and for which reset, and enable-user lets them in again', async () => {
    const user = await app().addUser()
    const { headers } = await app().client.resetPassword(user.id, 'EMAIL')
    const resetId = headers.get('x-reset-id') ?? ''
    const call = { tenant: app().tenant, userId: user.id, resetId, requestId: 'request-1' }
    expect(await app().app.core.disownOwnReset(call)).toEqual({ kind: 'frozen' })
    const frozen = (await rekey('list-resets', user.userName)).stdout
    expect(frozen).toMatch(/^frozen on \d{4}-\S+ \S+: the user says "this was not me"$/m)
    expect(frozen).toContain(`rekey enable-user ${user.userName}`)
    expect(frozen).toMatch(/^ {2}disowned {4}\d{4}-\S+ \S+: the user says "this was not me"$/m)
    expect(frozen).toContain('superseded (disowned)')

    const enabled = await rekey('enable-user', user.userName)
    expect([enabled.code, enabled.stdout.split('\n')[0]]).toEqual([
      0,
      `${user.userName} is enabled again: what was ended stays ended.`,
    ])
    expect(enabled.stdout).toContain(`rekey reset-password ${user.userName}`)
    const again = await rekey('enable-user', user.id, '--json')
    expect(JSON.parse(again.stdout)).toMatchObject({ ok: true, was_disabled: false, has_password: false })
    const after = JSON.parse((await rekey('list-resets', user.userName, '--json')).stdout)
    expect(after).toMatchObject({ disabled: false, frozen_at: expect.any(String) })
    expect(after.resets[0]).toMatchObject({ disowned_at: expect.any(String) })
  })

  it('shows every gateway that was tried with its reason, newest reset first, in 100 columns', async () => {
    const user = await app().addUser({ name: '爱丽丝'.repeat(40) })
    await app().client.resetPassword(user.id, 'EMAIL')
    await seedGateway(app().database.store, app().tenant, {
      name: 'aaa-closed',
      channel: 'EMAIL',
      kind: 'smtp',
      settings: { url: 'smtp://127.0.0.1:1', from: 'it@acme.example' },
      priority: 0,
    })
    app().clock.advance(MINUTE_MS)
    await app().client.resetPassword(user.id, 'EMAIL')
    const { stdout } = await rekey('list-resets', user.userName)
    expect(stdout).toContain('2 resets, newest first; times in UTC')
    expect(stdout).toMatch(/attempt 1 {3}gateway aaa-closed: refused-here: gateway_unreachable/)
    expect(stdout).toMatch(/attempt 2 {3}gateway mail: accepted/)
    expect(stdout.indexOf('aaa-closed')).toBeLessThan(stdout.indexOf('superseded (newer_reset)'))
    const columns = (line: string) =>
      [...line].reduce((sum, one) => sum + (/\p{Script=Han}/u.test(one) ? 2 : 1), 0)
    expect(Math.max(...stdout.split('\n').map(columns))).toBeLessThanOrEqual(100)
    expect(stdout.split('\n')[0]).toMatch(/[爱丽丝]…$/)
  })

  it('gives machines the same with every key and ISO times, for an id as for a name', async () => {
    const user = await app().addUser()
    await app().client.resetPassword(user.id, 'SMS')
    const byId = await rekey('list-resets', user.id, '--tenant', app().tenant.code, '--json')
    expect(JSON.parse(byId.stdout)).toMatchObject({
      tenant: app().tenant.code,
      user: { id: user.id, user_name: user.userName },
      password_state: expect.stringMatching(/^delivered, unused until .*Z$/),
      has_more: false,
      resets: [
        {
          state: 'accepted',
          asked_by: { kind: 'application', name: 'Help desk', client_id: app().application.clientId },
          send_mode: 'SMS',
          destination: expect.stringContaining('*'),
          gateway: 'sms',
          accepted_at: expect.stringMatching(/Z$/),
          first_used_at: null,
          ended_sessions: 0,
          attempts: [{ ordinal: 1, gateway: 'sms', outcome: 'accepted', reason: null }],
        },
      ],
    })
  })

  it('calls a delivered password that ran out unused no password, before any sweeper came', async () => {
    const user = await app().addUser()
    await app().client.resetPassword(user.id, 'EMAIL')
    await app().database.query('update resets set deadline_at = 1 where user_id = $1 returning id', [user.id])
    const { stdout } = await rekey('list-resets', user.userName)
    expect(stdout).toContain(
      'password_state: none\n  nothing signs in; send a password with: rekey reset-password',
    )
  })

  it('says who is meant when nobody is', async () => {
    const unknown = await rekey('list-resets', 'nobody')
    expect([unknown.code, unknown.stdout]).toEqual([1, ''])
    expect(unknown.stderr).toContain(`There is no user "nobody" in tenant ${app().tenant.code}`)
  })

  it('lists the tenants when there are several and none was named', async () => {
    const other = await seedTenant(app().database.store)
    const user = await app().addUser()
    const refused = await rekey('list-resets', user.userName)
    expect(refused.code).toBe(1)
    expect(refused.stderr).toContain('There are several tenants: say which one.')
    expect(refused.stderr).toContain(`--tenant ${other.code}`)
    expect(refused.stderr).toContain(`--tenant ${app().tenant.code}`)
    const elsewhere = await rekey('list-resets', user.userName, '--tenant', other.code)
    expect(elsewhere.stderr).toContain(`There is no user "${user.userName}" in tenant ${other.code}`)
    const wrong = await rekey('list-resets', user.userName, '--tenant', 'nowhere')
    expect(wrong.stderr).toContain('There is no tenant "nowhere". There is:')
  })

  it('makes no database where there is none', async () => {
    const run = await runRekey(['list-resets', 'alice'], { REKEY_DATABASE_URL: 'sqlite:/nowhere/rekey.db' })
    expect([run.code, run.stdout]).toEqual([1, ''])
    expect(run.stderr).toContain('There is no database at /nowhere/rekey.db yet')
  })
})
