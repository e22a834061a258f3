import { randomUUID } from 'node:crypto'
import { beforeEach, expect, it } from 'vitest'
import { applyText, createApplyTools, problemLines } from '../../../test/support/apply-fixture.ts'
import { describeEachDatabase, openTestDatabase, type TestDatabase } from '../../../test/support/databases.ts'
import { newWebhookSecret } from '../../../test/support/webhook-fixture.ts'
import { createSeal } from '../../store/seal.ts'
import { webhookContext } from '../webhooks/webhook.ts'
import type { ApplyTools } from './apply-tools.ts'

describeEachDatabase('webhooks of a tenant file', (kind) => {
  let database: TestDatabase
  let tools: ApplyTools
  let code: string
  const seal = createSeal(new Uint8Array(32).fill(7))
  const environment = { SECRET: newWebhookSecret(), OLD: newWebhookSecret() }

  beforeEach(async () => {
    database = await openTestDatabase(kind)
    tools = createApplyTools(database.store, { seal })
    code = `t-${randomUUID()}`
    return () => database.close()
  })

  const file = (...webhooks: readonly string[]) =>
    `tenant: { code: ${code} }\nwebhooks: [ ${webhooks.join(', ')} ]\n`
  const hr = (rest = '') => `{ name: hr, url: "https://hr.example/hooks", secret: "\${SECRET}"${rest} }`
  const apply = (text: string, call = {}) => applyText(tools, text, { environment, ...call })
  const changesOf = async (text: string, call = {}) =>
    (await apply(text, call)).tenants[0]?.changes
      .filter((change) => change.kind === 'webhook')
      .map(({ action, name, fields }) => [action, name, ...fields].join(' '))
  const stored = async () => {
    const tenant = await database.store.read.tenants.findByCode(code)
    return await database.store.read.webhooks.list(tenant?.id ?? '')
  }

  it('are made, changed, left alone and pruned, with their secrets sealed and on record', async () => {
    expect(await changesOf(file(hr()), { isDryRun: true })).toEqual(['create hr'])
    expect(await stored()).toEqual([])
    expect(await changesOf(file(hr()))).toEqual(['create hr'])
    const [webhook, ...others] = await stored()
    expect(others).toEqual([])
    expect(webhook).toMatchObject({ events: ['*'], timeoutMs: 8_000, off: undefined, walkedSequence: 0 })
    expect(webhook?.secretSealed).not.toContain(environment.SECRET.slice(6))
    if (webhook === undefined) throw new Error('no webhook')
    expect(seal.open(webhook.secretSealed, webhookContext(webhook)).reveal()).toBe(environment.SECRET)

    expect(await changesOf(file(hr()))).toEqual([])
    const changed = hr(`, secret_previous: "\${OLD}", events: ["reset.*"], timeout_ms: 500`)
    expect(await changesOf(file(changed))).toEqual(['update hr events secret_previous timeout_ms'])
    expect(await changesOf(`tenant: { code: ${code} }\n`, { isPruning: true })).toEqual([])
    expect(await changesOf(file())).toEqual([])
    expect(await changesOf(file(), { isPruning: true })).toEqual(['remove hr'])
    expect(await stored()).toEqual([])
    const rows = await database.store.read.audit.list(webhook.tenantId, 10)
    expect(rows.map(({ action }) => action).filter((action) => action.startsWith('webhook'))).toEqual([
      'webhook.removed',
      'webhook.updated',
      'webhook.created',
    ])
    expect(JSON.stringify(rows)).not.toContain('whsec_')
  })

  it('are on again when they get another address, and stay off by any other change', async () => {
    await apply(file(hr()))
    const [webhook] = await stored()
    if (webhook === undefined) throw new Error('no webhook')
    await database.store.transaction(({ webhooks }) => webhooks.switchOff(webhook, 'gone', 5))
    await apply(file(hr(', timeout_ms: 500')))
    expect((await stored())[0]?.off).toEqual({ at: 5, reason: 'gone' })
    await apply(file(hr().replace('/hooks', '/other')))
    expect((await stored())[0]?.off).toBeUndefined()
  })

  it.each([
    [hr(', events: [user.create]'), 'is no event: did you mean user.created?'],
    [hr(', events: [resets.*]'), 'did you mean reset.*?'],
    [hr(', events: [nonsense]'), 'write * or a name such as user.created'],
    [hr(', events: []'), 'must not be empty'],
    [hr(', timeout_ms: 60000'), 'must be a whole number from 100 to 30000'],
    [
      '{ name: hr, url: "https://hr.example/", secret: short }',
      'must be whsec_ and 24 to 64 bytes in base64',
    ],
    [
      '{ name: hr, url: "https://hr.example/", secret: "whsec_c2hvcnQ=" }',
      'must be whsec_ and 24 to 64 bytes',
    ],
    ['{ name: hr, url: "https://hr.example/" }', 'secret is missing: add it'],
    [hr().replace('https', 'http'), 'must begin with https://'],
    [hr().replace('hr.example', '192.168.0.1'), 'leads to a private address'],
    [`${hr()}, ${hr()}`, 'is the same as'],
  ])('%s is refused: %s', async (webhooks, problem) => {
    const report = await apply(file(webhooks))
    expect(problemLines(report).join('\n')).toContain(problem)
    expect(problemLines(report).join('\n')).not.toContain(environment.SECRET)
    expect(await stored()).toEqual([])
  })

  it('may be private and without TLS at hosts that the operator named', async () => {
    expect(
      problemLines(await apply(file(hr().replace('https://hr.example', 'http://hooks.internal')))),
    ).toEqual([])
  })

  it('are ten at most, with those that are stored', async () => {
    const many = (count: number, prefix: string) =>
      file(...Array.from({ length: count }, (_, index) => hr().replace('hr', `${prefix}${index}`)))
    expect(problemLines(await apply(many(11, 'a')))[0]).toContain('must not have more than 10 entries')
    expect(problemLines(await apply(many(10, 'a')))).toEqual([])
    expect(problemLines(await apply(many(1, 'b')))[0]).toContain('would make more than 10 webhooks')
    expect(problemLines(await apply(many(1, 'b'), { isPruning: true }))).toEqual([])
  })
})
