import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createGate } from '../../../test/races/gate.ts'
import { describeEachDatabase } from '../../../test/support/databases.ts'
import { findInTables } from '../../../test/support/find-in-tables.ts'
import { runRekeyOn } from '../../../test/support/run-rekey.ts'
import type { SeededUser } from '../../../test/support/seed-tenant.ts'
import { startApp, type TestApp } from '../../../test/support/start-app.ts'
import { waitUntil } from '../../../test/support/wait-until.ts'
import { MINUTE_MS } from '../../core/clock.ts'

// each of these starts the program, on whatever machine runs the tests
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

describeEachDatabase('rekey erase-user, while a notice to the user waits', (kind) => {
  const needles = ['zebra', 'quentin', '13877700042']
  let test: TestApp
  let user: SeededUser
  beforeEach(async () => {
    test = await startApp(kind, { notices: { bySms: true } })
    user = await test.addUser({
      ...{ userName: 'quentin.zebra', name: 'Quentin Zebra' },
      ...{ email: 'q.zebra@acme.example', mobile: '+86-13877700042' },
    })
  })
  afterEach(() => test.close())

  const erase = () => runRekeyOn(test, 'erase-user', user.id, '--yes')
  const notices = () => test.database.query('select user_id, attempts from notices')
  const textsTo = ({ mobile }: SeededUser) =>
    test.sms.requests.filter(({ body }) => body.includes(mobile?.slice(-11) ?? '')).length
  const recordOf = async ({ id }: SeededUser) =>
    (await test.database.store.read.audit.list(test.tenant.id, 1_000))
      .filter(({ targetId }) => targetId === id)
      .map(({ action }) => action)

  it('has nothing sent to anybody any more, and leaves nothing that names the person', async () => {
    test.sms.answer = { status: 503, body: `cannot reach ${user.mobile}` }
    await test.client.resetPassword(user.id, 'EMAIL') // its notice goes by SMS
    await waitUntil(async () => Number((await notices())[0]?.attempts) === 1)
    await waitUntil(async () => textsTo(user) === 1)
    expect(await findInTables(kind, test.database, needles)).not.toEqual([])

    const { code, stderr } = await erase()
    expect([code, stderr]).toEqual([0, ''])
    expect(await notices()).toEqual([])
    expect(await findInTables(kind, test.database, needles)).toEqual([])

    // when it would have been due again, somebody else's is sent
    test.sms.answer = { status: 200, body: '{}' }
    test.clock.advance(3 * MINUTE_MS)
    const other = await test.addUser()
    await test.client.resetPassword(other.id, 'EMAIL')
    await waitUntil(async () => (await recordOf(other)).includes('notice.sent'))
    expect([textsTo(other), textsTo(user)]).toEqual([1, 1])
    expect((await recordOf(user)).filter((action) => action.startsWith('notice.'))).toEqual([])
  })

  it('leaves no trace of one that was being sent', async () => {
    const gate = createGate()
    test.sms.beforeAnswer = gate.pass
    gate.shut()
    await test.client.resetPassword(user.id, 'EMAIL')
    await waitUntil(async () => gate.held === 1)
    expect((await erase()).code).toBe(0)
    test.sms.answer = { status: 503, body: `cannot reach ${user.mobile}` }
    gate.open()
    test.sms.beforeAnswer = undefined
    const other = await test.addUser()
    test.sms.answer = { status: 200, body: '{}' }
    await test.client.resetPassword(other.id, 'EMAIL')
    await waitUntil(async () => (await recordOf(other)).includes('notice.sent'))
    expect(await findInTables(kind, test.database, needles)).toEqual([])
    expect(await notices()).toEqual([])
    expect((await recordOf(user)).at(0)).toBe('user.erased') // newest first: nothing after it
  })
})
