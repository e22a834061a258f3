import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { describeEachDatabase } from '../../../test/support/databases.ts'
import { expectMustChange } from '../../../test/support/passwords.ts'
import type { SmtpRefusal } from '../../../test/support/smtp-sink.ts'
import { readMailedPasswords, startApp, type TestApp } from '../../../test/support/start-app.ts'
import { waitUntil } from '../../../test/support/wait-until.ts'
import { HOUR_MS, MINUTE_MS } from '../clock.ts'
import { importRows } from './import-rows.ts'
import { startImport } from './start-import.ts'
import { PER_MINUTE_MAX } from './user-import.ts'

describeEachDatabase('first passwords of an import', (kind) => {
  let test: TestApp
  let refusal: SmtpRefusal | undefined
  beforeEach(async () => {
    refusal = undefined
    test = await startApp(kind, { smtp: { verdict: () => refusal } })
  })
  afterEach(() => test.close())

  /** Ids of an import whose people have these addresses; undefined: none. */
  async function importPeople(
    emails: readonly (string | undefined)[],
    perMinute = PER_MINUTE_MAX,
    isUpdate = false,
  ): Promise<string> {
    const { importTools } = test.app
    const by = { tenant: test.tenant, applicationId: undefined, requestId: randomUUID() }
    const options = { isUpdate, sendMode: 'EMAIL', perMinute } as const
    const { id } = await startImport(importTools, {
      ...{ ...options, by, fingerprint: undefined, rowsTotal: undefined },
    })
    const rows = emails.map((email, index) => ({
      line: undefined,
      given: {
        userName: email ?? `nobody-${index}`,
        password: undefined,
        ...(email === undefined ? {} : { email }),
      },
    }))
    await importRows(importTools, { by, importId: id, firstRow: 1, rows, isLast: true })
    return id
  }

  const read = () => test.database.store.read
  const states = async (importId: string) =>
    (await read().firstPasswords.count(test.tenant.id, importId)).map(
      ({ state, reason, total }) => `${total} ${state}${reason === undefined ? '' : ` ${reason}`}`,
    )
  const isSettled = (importId: string, count: number) => async () => {
    const found = await read().firstPasswords.count(test.tenant.id, importId)
    return found.reduce((sum, { state, total }) => sum + (state === 'waiting' ? 0 : total), 0) === count
  }

  it('reach everybody who has none, once, and sign them in', async () => {
    const people = ['ann@acme.example', 'ben@acme.example', 'cid@acme.example']
    const id = await importPeople(people)
    await waitUntil(isSettled(id, 3))
    expect(await states(id)).toEqual(['3 delivered'])
    for (const address of people) {
      const passwords = await readMailedPasswords(test.smtp, address)
      expect(passwords).toHaveLength(1)
      await expectMustChange(test.client, address, String(passwords[0]))
    }
  })

  it('are not sent again by a second import, or to whoever got one otherwise', async () => {
    const id = await importPeople(['ann@acme.example', 'ben@acme.example'])
    await waitUntil(isSettled(id, 2))
    const { email } = await test.addUser({ userName: 'zoe@acme.example', email: 'zoe@acme.example' })
    const again = await importPeople(['ann@acme.example', 'ben@acme.example', String(email)], 60, true)
    expect(await states(again)).toEqual([])
    expect(test.smtp.mails).toHaveLength(2)
  })

  it('say why they failed, and stop nobody else', async () => {
    const id = await importPeople([undefined, 'ann@acme.example', undefined])
    await waitUntil(isSettled(id, 3))
    expect(await states(id)).toEqual(['1 delivered', '2 failed USER.0012'])
  })

  it('wait for a new attempt when a later import names the people again', async () => {
    const first = await importPeople([undefined])
    await waitUntil(isSettled(first, 1))
    await test.database.store.transaction(async ({ users }) => {
      const found = await users.findByUserName(test.tenant.id, 'nobody-0')
      const user = found && (await users.lock(test.tenant.id, found.id))
      await (user && users.update({ ...user, email: 'late@acme.example' }))
    })
    const second = await importPeople([undefined], PER_MINUTE_MAX, true)
    await waitUntil(isSettled(second, 1))
    expect(await states(second)).toEqual(['1 delivered'])
    expect(await states(first)).toEqual([])
  })

  it('leave at their pace: never more a minute than the import may', async () => {
    const id = await importPeople(['a@acme.example', 'b@acme.example', 'c@acme.example'], 1)
    await waitUntil(isSettled(id, 1))
    test.clock.advance(MINUTE_MS - 5_000)
    const looked = { at: test.clock.now() }
    await waitUntil(async () => test.clock.now() - looked.at > 2_500) // the job has looked again
    expect(await states(id)).toEqual(['1 delivered', '2 waiting'])
    test.clock.advance(10_000)
    await waitUntil(isSettled(id, 2))
    expect(test.smtp.mails).toHaveLength(2)
  })

  it('do not all leave at once after a pause: what was missed is not caught up', async () => {
    const id = await importPeople(['a@acme.example', 'b@acme.example', 'c@acme.example'], 1)
    await waitUntil(isSettled(id, 1))
    test.clock.advance(HOUR_MS)
    await waitUntil(isSettled(id, 2))
    const looked = { at: test.clock.now() }
    await waitUntil(async () => test.clock.now() - looked.at > 2_500)
    expect(await states(id)).toEqual(['2 delivered', '1 waiting'])
  })

  it('are tried again when a gateway was away', async () => {
    refusal = { code: 451, text: 'later' }
    const id = await importPeople(['ann@acme.example'])
    await waitUntil(async () => (await states(id))[0]?.includes('MSG.0001') === true)
    expect(await states(id)).toEqual([expect.stringMatching(/^1 waiting MSG\.0001/)])
    refusal = undefined
    test.clock.advance(6 * MINUTE_MS)
    await waitUntil(isSettled(id, 1))
    expect(await states(id)).toEqual(['1 delivered'])
  })
})
