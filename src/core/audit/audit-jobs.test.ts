import { randomBytes } from 'node:crypto'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { appendRows } from '../../../test/support/audit-fixture.ts'
import { describeEachDatabase } from '../../../test/support/databases.ts'
import { cheapHashParameters } from '../../../test/support/seed-tenant.ts'
import { startApp, type TestApp } from '../../../test/support/start-app.ts'
import { waitUntil } from '../../../test/support/wait-until.ts'
import { openApp } from '../../app.ts'
import { loadSettings } from '../../config/load.ts'
import { SECOND_MS } from '../clock.ts'

describeEachDatabase('a server that cannot seal the record', (kind) => {
  let test: TestApp
  let lines: string[]
  const logDestination = { write: (line: string) => lines.push(line) }

  beforeEach(async () => {
    lines = []
    test = await startApp(kind, { env: { REKEY_LOG_LEVEL: 'error' }, app: { logDestination } })
    await append()
    await waitUntil(isSealed)
  })
  afterEach(() => test.close())

  const append = () =>
    test.database.store.transaction((repositories) => appendRows(repositories, test.tenant.id, 1))
  const countUnsealed = async () =>
    (await test.database.store.read.auditChain.countUnsealed(test.tenant.id)).count
  const isSealed = async () => (await countUnsealed()) === 0
  const change = (statement: string) => test.database.query(statement, [test.tenant.id])
  /** Why, in the words of each line that says so of this tenant. */
  const saidCauses = () =>
    lines
      .map((line) => JSON.parse(line))
      .filter(({ level, msg }) => level === 'error' && msg === 'the audit chain cannot be sealed')
      .map(({ tenantId, err }) => (tenantId === test.tenant.id ? err.message : 'of another tenant'))

  /** Every run tells anew how long the oldest row has waited. */
  async function waitForRuns(count: number): Promise<void> {
    const ages = new Set<string | undefined>()
    await waitUntil(async () => {
      const metrics = await (await fetch(`${test.url}/metrics`)).text()
      ages.add(/^rekey_audit_oldest_unsealed_seconds (\S+)$/m.exec(metrics)?.[1])
      return ages.size > count
    })
  }

  it('says why, not with every run; goes on recording, and sealing once the head is mended', async () => {
    await change("update audit_heads set digest = 'x' || digest where tenant_id = $1")
    const alice = await test.addUser()
    expect((await test.client.resetPassword(alice.id, 'EMAIL')).status).toBe(200)
    await waitForRuns(4)
    const why = 'the head of the audit chain was changed'
    expect(saidCauses()).toEqual([why])
    expect(await countUnsealed()).toBeGreaterThan(1)

    test.clock.advance(31 * SECOND_MS)
    await waitUntil(async () => saidCauses().length > 1)
    expect(saidCauses()).toEqual([why, why])
    await change('update audit_heads set digest = substr(digest, 2) where tenant_id = $1')
    await waitUntil(isSealed)
    expect(saidCauses()).toHaveLength(2)
  })

  it('says that its master key is not the one of the record', async () => {
    await test.app.close()
    const other = await openApp({
      settings: loadSettings({
        REKEY_DATABASE_URL: test.database.url,
        REKEY_MASTER_KEY: randomBytes(32).toString('base64'),
        REKEY_PORT: '0',
        REKEY_LOG_LEVEL: 'error',
      }),
      clock: test.clock,
      hashParameters: cheapHashParameters,
      logDestination,
    })
    await append()
    await other.listen()
    try {
      await waitUntil(async () => saidCauses().length > 0)
      expect(saidCauses()).toEqual(['the audit chain was sealed with another master key'])
      expect(await countUnsealed()).toBe(1)
    } finally {
      await other.close()
    }
  })
})
