import { afterEach, beforeEach, expect, it } from 'vitest'
import { createGate } from '../races/gate.ts'
import type { Answer } from '../support/api-client.ts'
import { describeEachDatabase } from '../support/databases.ts'
import { chosenPassword, expectMustChange, expectSignsIn } from '../support/passwords.ts'
import { type SeededUser, seedGateway } from '../support/seed-tenant.ts'
import { readMailedPasswords, startApp, type TestApp } from '../support/start-app.ts'
import { waitUntil } from '../support/wait-until.ts'

/** How the gateway of notices fails. */
const troubles = ['is held', 'is refused', 'finds no gateway'] as const

describeEachDatabase('while a notice', (kind) => {
  const gate = createGate()
  let test: TestApp
  beforeEach(async () => {
    test = await startApp(kind, { notices: { bySms: true } })
    const body = '{"to":"{{ to }}","text":"{{ text }}"}'
    await seedGateway(test.database.store, test.tenant, {
      name: 'sms',
      channel: 'SMS',
      kind: 'sms-http',
      // far longer than a reset takes: whoever waited for the notice would be seen waiting
      settings: { url: test.sms.url, method: 'POST', headers: {}, body, timeout_ms: 20_000 },
    })
  })
  afterEach(async () => {
    gate.open()
    await test.close()
  })

  /** A reset of one new user and another's own change, both of which are to be told. */
  async function resetAndChange(): Promise<readonly Answer[]> {
    const [bob, carol] = [await test.addUser(), await test.addUser()]
    const { client } = test
    const reset = await client.resetPassword(bob.id, 'EMAIL')
    expect(reset.text).toBe(`{"user_id":"${bob.id}"}`)
    const [delivered = ''] = await readMailedPasswords(test.smtp, bob.email ?? '')
    await expectMustChange(client, bob.userName, delivered)

    const session = await expectSignsIn(client, carol.userName, carol.password)
    const own = chosenPassword()
    const changed = await client.changePassword(String(session.body.id_token), carol.password, own)
    expect([changed.status, changed.text]).toEqual([200, ''])
    await expectSignsIn(client, carol.userName, own)
    return [reset, changed]
  }

  async function noticesOf(user?: SeededUser) {
    const rows = await test.database.query('select user_id, attempts, unsettled_attempts from notices')
    return rows
      .filter((row) => user === undefined || row.user_id === user.id)
      .map((row) => ({ attempts: Number(row.attempts), unsettled: Number(row.unsettled_attempts) }))
  }

  it.each(troubles)('%s, resets and changes are answered as ever, and wait for nothing', async (trouble) => {
    const quiet = await resetAndChange()
    await waitUntil(async () => (await noticesOf()).length === 0)
    gate.shut()
    if (trouble === 'is held') {
      test.sms.beforeAnswer = gate.pass
    } else if (trouble === 'is refused') {
      test.sms.answer = { status: 503, body: 'later' }
    } else {
      await test.sms.close()
    }
    const alice = await test.addUser()
    expect((await test.client.resetPassword(alice.id, 'EMAIL')).status).toBe(200) // its notice goes by SMS
    const isUnderWay = [{ attempts: 1, unsettled: trouble === 'is held' ? 1 : 0 }]
    await waitUntil(async () => JSON.stringify(await noticesOf(alice)) === JSON.stringify(isUnderWay))

    const answers = await resetAndChange()
    // nothing of it is over yet: nobody waited for that
    expect(await noticesOf(alice)).toEqual(isUnderWay)
    expect(answers.map(shapeOf)).toEqual(quiet.map(shapeOf))
  })
})

function shapeOf({ status, headers, text }: Answer) {
  return { status, headers: [...headers.keys()].toSorted(), length: text.length }
}
