import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeEachDatabase } from '../../test/support/databases.ts'
import { createPageClient } from '../../test/support/page-client.ts'
import { startApp, type TestApp } from '../../test/support/start-app.ts'
import { notMeToken } from '../core/reset/not-me-token.ts'
import { en } from './texts/en.ts'

describeEachDatabase('the link of a message that was not expected', (kind) => {
  let test: TestApp
  beforeAll(async () => {
    test = await startApp(kind)
  })
  afterAll(() => test.close())

  async function aReset() {
    const user = await test.addUser()
    expect((await test.client.resetPassword(user.id, 'EMAIL')).status).toBe(200)
    const delivered = await test.readMailedPassword()
    const [reset] = await test.database.store.read.resets.list(test.tenant.id, user.id, 1)
    const mac = (purpose: string, value: string) => test.app.seal.mac(purpose, value)
    const token = notMeToken(mac, test.tenant.id, { kind: 'reset', resetId: reset?.id ?? '' })
    return { user, delivered, path: `/not-me/${token.reveal()}` }
  }

  it('changes nothing when it is opened, and freezes the account when the button is pressed', async () => {
    const { user, delivered, path } = await aReset()
    const client = createPageClient(test.url)
    for (const _again of [1, 2, 3]) expect((await client.get(path)).text).toContain(en.notMe.submit)
    const find = () => test.database.store.read.users.find(test.tenant.id, user.id)
    expect((await find())?.disabled).toBe(false)
    expect((await client.submit(path, {})).text).toContain(en.notMe.doneTitle)
    expect((await find())?.disabled).toBe(true)
    const tried = await test.client.signIn(user.userName, delivered)
    expect(tried.body.status).not.toBe('PASSWORD_EXPIRED')
    expect((await client.get(path)).text).toContain(en.notMe.doneTitle)
  })

  it('needs a form of this browser', async () => {
    const { user, path } = await aReset()
    const answer = await createPageClient(test.url).send(path, '')
    expect(answer.status).toBe(403)
    expect((await test.database.store.read.users.find(test.tenant.id, user.id))?.disabled).toBe(false)
  })

  it.each(['', 'x', '20260101000000000-0000-000000000.0000000000000000', '..%2f', '\u00e4'])(
    'is not found for a token that was not made here: %j',
    async (token) => {
      const answer = await createPageClient(test.url).get(`/not-me/${encodeURIComponent(token)}`)
      expect(answer.status).toBe(404)
    },
  )
})
