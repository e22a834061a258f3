import { describe, expect, it, vi } from 'vitest'
import { describeEachDatabase } from '../../../test/support/databases.ts'
import { runRekeyOn } from '../../../test/support/run-rekey.ts'
import type { SeededUser } from '../../../test/support/seed-tenant.ts'
import { useApp } from '../../../test/support/start-app.ts'

// each of these starts the program, some several times, on whatever machine runs the tests
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 })

describeEachDatabase('from the shell', (kind) => {
  const app = useApp(kind)
  const rekey = (...args: string[]) => runRekeyOn(app(), ...args)
  const recordOf = async (targetId: string) => {
    const rows = await app().database.store.read.audit.list(app().tenant.id, 10_000)
    return rows.filter((row) => row.targetId === targetId || row.detail.userId === targetId)
  }

  describe('rekey reset-password', () => {
    it("sends a password that signs in, as an operator's reset", async () => {
      const user = await app().addUser()
      const { code, stdout, stderr } = await rekey('reset-password', user.userName, '--send-mode', 'EMAIL')
      expect([code, stderr]).toEqual([0, ''])
      expect(stdout).toMatch(
        /^✓ A new password for \S+ was sent by EMAIL to a\*+@acme\.example, accepted by gateway mail\.\n {2}It works until \d{4}-\d\d-\d\d \d\d:\d\d:\d\d \(UTC\)/,
      )
      const password = await app().readMailedPassword()
      expect(stdout).not.toContain(password)
      expect((await app().client.signIn(user.userName, password)).body.status).toBe('PASSWORD_EXPIRED')
      const accepted = (await recordOf(user.id)).find((row) => row.action === 'reset.accepted')
      expect(accepted?.actor).toEqual({ kind: 'operator', id: undefined })
      expect((await rekey('list-resets', user.userName)).stdout).toContain(
        'asked by    an operator, by command',
      )
    })

    it('gives machines one JSON object and nothing else', async () => {
      const user = await app().addUser()
      const { code, stdout } = await rekey('reset-password', user.id, '--send-mode', 'SMS', '--json')
      expect([code, JSON.parse(stdout)]).toMatchObject([
        0,
        { ok: true, user_id: user.id, send_mode: 'SMS', gateway: 'sms', deadline_at: expect.any(String) },
      ])
      expect(stdout).not.toContain(app().readTextedPassword())
    })

    it('says code, reason and remedy when nothing was sent, and ends with 1', async () => {
      const user = await app().addUser({ email: undefined })
      const { code, stdout } = await rekey('reset-password', user.userName, '--send-mode', 'EMAIL')
      expect(code).toBe(1)
      expect(stdout).toContain(`✗ No new password was sent to ${user.userName}: USER.0012`)
      expect(stdout).toContain('Give the user an e-mail address; a reset may use send_mode=SMS instead')
      const json = await rekey('reset-password', user.userName, '--send-mode', 'EMAIL', '--json')
      expect([json.code, JSON.parse(json.stdout)]).toMatchObject([1, { ok: false, code: 'USER.0012' }])
    })

    it('keeps the old password and names the reason when the gateway refuses', async () => {
      const user = await app().addUser()
      app().sms.answer = { status: 500, body: 'down' }
      const { code, stdout } = await rekey('reset-password', user.userName, '--send-mode', 'SMS')
      app().sms.answer = { status: 200, body: '{}' }
      expect(code).toBe(1)
      expect(stdout).toContain('MSG.0001 (')
      expect((await app().client.signIn(user.userName, user.password)).body.status).toBe('SUCCESS')
    })

    it('revokes the old password at once, and says so when nothing was delivered', async () => {
      const user = await app().addUser()
      app().sms.answer = { status: 400 }
      const args = ['reset-password', user.userName, '--send-mode', 'SMS', '--old-password', 'revoke-now']
      const { code, stdout } = await rekey(...args)
      app().sms.answer = { status: 200 }
      expect(code).toBe(1)
      expect(stdout).toContain(
        `✗ No new password was sent to ${user.userName}, and the old one is revoked, so reset again: MSG.0001 (revoked_undelivered)`,
      )
      const timeline = (await rekey('list-resets', user.userName)).stdout
      expect(timeline).toContain('password_state: none\n')
      expect(timeline).toMatch(/old password revoked, nothing was delivered/)
      expect((await app().client.signIn(user.userName, user.password)).status).toBe(400)
    })

    it('keeps the old password no longer than the tenant does, and says which modes there are', async () => {
      const user = await app().addUser()
      const args = ['reset-password', user.userName, '--send-mode', 'EMAIL', '--old-password']
      const laxer = await rekey(...args, 'keep-until-used')
      expect([laxer.code, laxer.stdout]).toEqual([1, expect.stringContaining('MSG.0004 (old_password_mode)')])
      expect(laxer.stdout).toContain('no laxer than `reset.old_password` of the tenant file')
      const unknown = await rekey(...args, 'keep')
      expect(unknown.stderr).toContain('Allowed choices are keep-until-used, keep-until-accepted, revoke-now')
    })

    it('refuses a mode that there is not', async () => {
      const { code, stderr } = await rekey('reset-password', 'alice', '--send-mode', 'FAX')
      expect(code).toBe(1)
      expect(stderr).toContain('Allowed choices are EMAIL, SMS')
    })
  })

  describe('rekey unlock', () => {
    const failTimes = async (user: SeededUser, times: number) => {
      for (let index = 0; index < times; index += 1) {
        await app().client.signIn(user.userName, 'not-the-password')
      }
    }

    it('lets a locked user sign in again, on record', async () => {
      const user = await app().addUser()
      await failTimes(user, app().tenant.settings.signIn.attemptsMax)
      expect((await app().client.signIn(user.userName, user.password)).body.error_code).toBe('SDK.LOGIN.1003')
      const { code, stdout } = await rekey('unlock', user.userName)
      expect(code).toBe(0)
      expect(stdout).toBe(
        `${user.userName} is unlocked: all attempts are left again, the password stays as it is.\n`,
      )
      expect((await app().client.signIn(user.userName, user.password)).body.status).toBe('SUCCESS')
      expect((await recordOf(user.id)).find((row) => row.action === 'user.unlocked')).toMatchObject({
        actor: { kind: 'operator' },
        detail: { wasLocked: true, failedCount: app().tenant.settings.signIn.attemptsMax },
      })
    })

    it('forgets single wrong passwords, and says when there was nothing to do', async () => {
      const user = await app().addUser({ disabled: true })
      await failTimes(user, 1)
      const first = await rekey('unlock', user.userName)
      expect(first.stdout).toContain('was not locked; 1 wrong password is forgotten.')
      expect(first.stdout).toContain('The user is disabled')
      const second = await rekey('unlock', user.id, '--json')
      expect(JSON.parse(second.stdout)).toMatchObject({ ok: true, was_locked: false, failed_count: 0 })
      expect((await recordOf(user.id)).filter((row) => row.action === 'user.unlocked')).toHaveLength(1)
    })
  })
})
