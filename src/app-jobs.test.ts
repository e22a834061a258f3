import { afterEach, expect, it } from 'vitest'
import { describeEachDatabase } from '../test/support/databases.ts'
import { cheapHashParameters } from '../test/support/seed-tenant.ts'
import { startApp } from '../test/support/start-app.ts'
import { openApp } from './app.ts'
import { loadSettings } from './config/load.ts'

describeEachDatabase('the jobs of a server', (kind) => {
  const closing: { close(): Promise<void> }[] = []
  afterEach(async () => {
    for (const one of closing.splice(0).reverse()) await one.close()
  })

  it('count enabled users without a password, from the start', async () => {
    const first = await startApp(kind)
    closing.push(first)
    const { credential } = await first.addUser()
    const none = { ...credential, digest: undefined }
    await first.addUser({ credential: none })
    await first.addUser({ credential: none, disabled: true })
    const settings = loadSettings({
      REKEY_DATABASE_URL: first.database.url,
      REKEY_MASTER_KEY: first.masterKey,
      REKEY_PORT: '0',
      REKEY_LOG_LEVEL: 'silent',
    })
    const second = await openApp({ settings, clock: first.clock, hashParameters: cheapHashParameters })
    closing.push(second)
    const { url } = await second.listen()
    const metrics = await (await fetch(`${url}/metrics`)).text()
    expect(metrics).toMatch(/^rekey_users_without_password 1$/m)
  })
})
