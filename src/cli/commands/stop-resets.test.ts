import { expect, it, vi } from 'vitest'
import { createApiClient } from '../../../test/support/api-client.ts'
import { describeEachDatabase } from '../../../test/support/databases.ts'
import { runRekeyOn } from '../../../test/support/run-rekey.ts'
import { seedApplication } from '../../../test/support/seed-tenant.ts'
import { useApp } from '../../../test/support/start-app.ts'

// each of these starts the program several times, on whatever machine runs the tests
vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 })

describeEachDatabase('rekey stop-resets and allow-resets', (kind) => {
  const app = useApp(kind)
  const rekey = (...args: string[]) => runRekeyOn(app(), ...args)

  it('stop and allow the resets of one application on a running server, at once and on record', async () => {
    const application = await seedApplication(app().database.store, app().tenant)
    const client = createApiClient(app().url, application)
    const alice = await app().addUser()
    await client.token()
    const stopped = await rekey('stop-resets', application.clientId)
    expect([stopped.code, stopped.stdout]).toEqual([
      0,
      `The resets of Help desk (${application.clientId}) are stopped. Let them go on with: rekey allow-resets ${application.clientId}\n`,
    ])
    const refused = await client.resetPassword(alice.id, 'EMAIL')
    expect(refused.headers.get('x-error-detail')).toBe('application_stopped')
    const doctor = await rekey('doctor')
    expect([doctor.code, doctor.stdout]).toEqual([1, expect.stringContaining('its resets are stopped since')])
    expect(doctor.stdout).toContain(
      `→ When the cause is removed: "rekey allow-resets ${application.clientId}`,
    )
    expect((await app().client.resetPassword(alice.id, 'EMAIL')).status).toBe(200)

    const allowed = await rekey('allow-resets', application.clientId, '--json')
    expect(JSON.parse(allowed.stdout)).toMatchObject({ ok: true, stopped: false, changed: true })
    expect((await client.resetPassword(alice.id, 'EMAIL')).status).toBe(200)
    const again = await rekey('allow-resets', application.clientId)
    expect(again.stdout).toContain('were not stopped: nothing to do.')
    const rows = await app().database.store.read.audit.list(app().tenant.id, 1_000)
    const ofApplication = rows.filter(
      (row) => row.targetId === application.id && row.actor.kind === 'operator',
    )
    expect(ofApplication.map((row) => row.action).toReversed()).toEqual([
      'application.resets_stopped',
      'application.resets_allowed',
    ])
  })

  it('name the applications that there are', async () => {
    const { code, stderr } = await rekey('stop-resets', 'nobody')
    expect(code).toBe(1)
    expect(stderr).toContain('There is no application with the client id "nobody"')
    expect(stderr).toContain(`${app().application.clientId}  (Help desk)`)
  })
})
