import { beforeEach, expect, it, vi } from 'vitest'
import { describeEachDatabase } from '../../../test/support/databases.ts'
import { type RekeyRun, runRekey } from '../../../test/support/run-rekey.ts'
import { useApp } from '../../../test/support/start-app.ts'
import { waitUntil } from '../../../test/support/wait-until.ts'
import { type SeededWebhook, seedWebhook, verifyEvent } from '../../../test/support/webhook-fixture.ts'

// each of these starts the program several times, on whatever machine runs the tests
vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 })

describeEachDatabase('rekey list-webhooks, check-webhook, resend-webhook and enable-webhook', (kind) => {
  const env = { REKEY_WEBHOOK_PRIVATE_HOSTS: '127.0.0.1' }
  const app = useApp(kind, { env })
  let hr: SeededWebhook
  beforeEach(async () => {
    const { database, tenant, sms } = app()
    await database.query('delete from webhooks where 1 = 1', [])
    sms.answer = { status: 200 }
    hr = await seedWebhook({ store: database.store, seal: app().app.seal }, tenant, {
      name: 'hr',
      url: sms.url.replace('/send', '/hooks'),
    })
  })
  const rekey = (...args: string[]): Promise<RekeyRun> =>
    runRekey(args, { REKEY_DATABASE_URL: app().database.url, REKEY_MASTER_KEY: app().masterKey, ...env })
  const received = () => app().sms.requests.filter(({ path }) => path === '/hooks')
  const rows = () => app().database.query('select id, state, attempts from webhook_deliveries', [])

  it('show what was given up and why, and send it again', async () => {
    const { client, addUser, sms, database } = app()
    sms.answer = { status: 500 }
    await client.resetPassword((await addUser()).id, 'EMAIL')
    // requested, sending, accepted, and the credential: each is at its last attempt then
    await waitUntil(async () => {
      await database.query(
        "update webhook_deliveries set due_at = 1, attempts = 9 where attempts between 1 and 8 and state = 'waiting' returning id",
        [],
      )
      const states = (await rows()).map(({ state }) => state)
      return states.length === 4 && states.every((state) => state === 'given_up')
    })
    const count = (await rows()).length

    const listed = await rekey('list-webhooks', '--given-up')
    expect(listed.code).toBe(0)
    expect(listed.stdout).toContain(`0 waiting; ${count} given up`)
    expect(listed.stdout).toMatch(/last failure .*: status 500/)
    expect(listed.stdout).toMatch(/ hr {2}reset\.requested {2}.* status 500/)
    const doctor = await rekey('doctor')
    expect([doctor.code, doctor.stdout]).toEqual([
      1,
      expect.stringContaining(`${count} events were given up`),
    ])
    expect(doctor.stdout).toContain('resend-webhook --all-given-up hr')

    sms.answer = { status: 200 }
    const id = String((await rows())[0]?.id)
    expect((await rekey('resend-webhook', id)).stdout).toBe('1 event will be sent again.\n')
    const all = await rekey('resend-webhook', '--all-given-up', 'hr', '--json')
    expect(JSON.parse(all.stdout)).toMatchObject({ ok: true, resent: count - 1 })
    await waitUntil(async () => (await rows()).every(({ state }) => state === 'delivered'))
    const json = JSON.parse((await rekey('list-webhooks', '--json')).stdout)
    expect(json.webhooks).toMatchObject([{ name: 'hr', waiting: 0, given_up: 0, off_since: null }])
    expect(JSON.stringify(json)).not.toContain('sealed:')
  })

  it('send a signed test event, on record, and say what to do where it fails', async () => {
    const before = received().length
    const passed = await rekey('check-webhook', 'hr')
    expect([passed.code, passed.stdout]).toEqual([0, expect.stringContaining('All steps passed.')])
    const [request, ...others] = received().slice(before)
    if (request === undefined) throw new Error('nothing was received')
    expect(others).toEqual([])
    expect(verifyEvent(request, hr.secret)).toMatchObject({ type: 'webhook.test', data: { webhook: 'hr' } })

    app().sms.answer = { status: 401 }
    const refused = await rekey('check-webhook', 'hr', '--json')
    expect(refused.code).toBe(1)
    expect(JSON.parse(refused.stdout).steps.at(-1)).toMatchObject({
      name: 'message',
      note: 'status, status 401',
      remedy: expect.stringContaining('does not accept the signature'),
    })
    await seedWebhook({ store: app().database.store, seal: app().app.seal }, app().tenant, {
      name: 'inside',
      url: 'https://localhost/',
    })
    const inside = await rekey('check-webhook', 'inside')
    expect([inside.code, inside.stdout]).toEqual([1, expect.stringContaining('leads to no public address')])
    expect(inside.stdout).toContain('→ Correct url; or name localhost in REKEY_WEBHOOK_PRIVATE_HOSTS')
    const record = await app().database.store.read.audit.list(app().tenant.id, 1_000)
    expect(record.filter(({ action }) => action === 'webhook.tested').map(({ detail }) => detail)).toEqual([
      { outcome: 'failed', failedStep: 'dns' },
      { outcome: 'failed', failedStep: 'message' },
      { outcome: 'taken' },
    ])
  })

  it('switch a webhook on again that had answered 410', async () => {
    const { client, addUser, sms } = app()
    sms.answer = { status: 410 }
    await client.resetPassword((await addUser()).id, 'EMAIL')
    const webhook = () => app().database.store.read.webhooks.find(hr.key)
    await waitUntil(async () => (await webhook())?.off !== undefined)
    expect((await rekey('list-webhooks')).stdout).toContain('switched off since')
    expect((await rekey('doctor')).stdout).toContain('switched off (gone)')
    sms.answer = { status: 200 }
    expect((await rekey('enable-webhook', 'hr')).stdout).toBe('Webhook hr is on: what waits is sent.\n')
    await waitUntil(async () => (await rows()).every(({ state }) => state === 'delivered'))
    expect((await rekey('enable-webhook', 'hr')).stdout).toContain('was on already: nothing to do.')
  })

  it('name the webhooks that there are, and the deliveries that there are not', async () => {
    const unknown = await rekey('check-webhook', 'nobody')
    expect([unknown.code, unknown.stderr]).toEqual([
      1,
      expect.stringContaining('There is no webhook "nobody"'),
    ])
    expect(unknown.stderr).toContain('hr  (http://127.0.0.1:')
    const missing = await rekey('resend-webhook', 'nobody')
    expect([missing.code, missing.stderr]).toEqual([1, expect.stringContaining('do not exist')])
    expect((await rekey('resend-webhook')).stderr).toContain('Say either ids of deliveries or --all-given-up')
  })
})
