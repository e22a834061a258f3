import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  applyText,
  changeLines,
  createApplyTools,
  applyEnvironment as environment,
  fullTenantFile as fullFile,
  insertReset,
  problemLines,
} from '../../../test/support/apply-fixture.ts'
import { describeEachDatabase, openTestDatabase, type TestDatabase } from '../../../test/support/databases.ts'
import { ApiError } from '../../errors/api-error.ts'
import type { ApplyTools } from './apply-tools.ts'
import { readConfiguration, readUsers } from './tenant-plan.ts'

describeEachDatabase('users of a tenant file', (kind) => {
  let database: TestDatabase
  let tools: ApplyTools
  beforeAll(async () => {
    database = await openTestDatabase(kind)
    tools = createApplyTools(database.store)
  })
  afterAll(() => database.close())

  const newCode = () => `t-${randomUUID()}`
  const read = (code: string) => readConfiguration(database.store.read, code)
  const usersOf = async (code: string) => readUsers(database.store.read, (await read(code)).tenant?.id)
  const userOf = async (code: string, userName: string) =>
    (await usersOf(code)).find((user) => user.userName === userName)

  test('takes a hash of another system as it is, once, and stores it in one spelling', async () => {
    const code = newCode()
    const digest = Buffer.alloc(32, 7).toString('base64')
    const file = (iterations: number) =>
      `tenant: { code: ${code} }\nusers: [ { user_name: alice, password_hash: "\${HASH_${iterations}}" } ]`
    const given = {
      environment: {
        HASH_1000: `pbkdf2_sha256$1000$seasalt$${digest}`,
        HASH_2000: `pbkdf2_sha256$2000$seasalt$${digest}`,
      },
    }
    expect(changeLines(await applyText(tools, file(1_000), given))).toContain('create user alice')
    const { credential, passwordChangedAt } = (await userOf(code, 'alice')) ?? {}
    const stored = `$pbkdf2-sha256$1000$${btoa('seasalt').replace(/=+$/, '')}$${digest.replace(/=+$/, '')}`
    expect(credential).toMatchObject({ digest: stored, parameters: tools.hasher.parameters })
    expect(passwordChangedAt).toBeDefined()
    const again = await applyText(tools, file(2_000), given)
    expect(changeLines(again)).toEqual([])
    expect((await userOf(code, 'alice'))?.credential).toEqual(credential)
    expect(JSON.stringify(again)).not.toContain(digest)
  })

  test('withdraws a reset that went to a contact which changes', async () => {
    const code = newCode()
    await applyText(tools, fullFile(code), { environment })
    const alice = await userOf(code, 'alice')
    if (alice === undefined) throw new Error('alice is missing')
    const newestReset = async () => (await database.store.read.resets.list(alice.tenantId, alice.id, 1))[0]
    await insertReset(database.store, alice, 'unknown')
    await applyText(
      tools,
      `tenant: { code: ${code} }\nusers: [ { user_name: alice, mobile: "+86-13800000009" } ]`,
    )
    expect((await newestReset())?.state).toBe('unknown')
    await applyText(
      tools,
      `tenant: { code: ${code} }\nusers: [ { user_name: alice, email: new@acme.example } ]`,
    )
    expect(await newestReset()).toMatchObject({
      state: 'superseded',
      detail: 'contact_changed',
    })
    expect(await userOf(code, 'alice')).toMatchObject({
      email: 'new@acme.example',
      mobile: '+86-13800000009',
    })
  })

  test('lets users swap and pass on their contacts', async () => {
    const code = newCode()
    const file = (a: string, b: string, c: string) =>
      `tenant: { code: ${code} }\nusers:\n  - { user_name: a, email: ${a} }\n  - { user_name: b, email: ${b} }\n  - { user_name: c, email: ${c} }`
    await applyText(tools, file('1@acme.example', '2@acme.example', '3@acme.example'))
    const swapped = await applyText(tools, file('2@acme.example', '1@acme.example', '3@acme.example'))
    expect(changeLines(swapped)).toEqual(['update user a: email', 'update user b: email'])
    const passed = await applyText(tools, file('9@acme.example', '2@acme.example', '1@acme.example'))
    expect(passed.problems).toEqual([])
    const users = await usersOf(code)
    expect(Object.fromEntries(users.map((user) => [user.userName, user.email]))).toEqual({
      a: '9@acme.example',
      b: '2@acme.example',
      c: '1@acme.example',
    })
    expect(
      changeLines(await applyText(tools, file('9@acme.example', '2@acme.example', '1@acme.example'))),
    ).toEqual([])
  })

  test('tells clearly that a contact was taken while it ran, and leaves no half of the batch', async () => {
    const code = newCode()
    await applyText(tools, `tenant: { code: ${code} }`)
    const intruder = fullFile(code).replace(
      '{ user_name: Bob,',
      '{ user_name: mallory, email: bob@acme.example,',
    )
    let hasIntruded = false
    const hasher: ApplyTools['hasher'] = {
      ...tools.hasher,
      async hash(...call) {
        if (!hasIntruded) {
          hasIntruded = true
          await applyText(
            tools,
            intruder.replace(/ {2}- \{ user_name: alice[^\n]*\n/, '').replace(/administrators.*/, ''),
            { environment },
          )
        }
        return await tools.hasher.hash(...call)
      },
    }
    const text = `tenant: { code: ${code} }\nusers:\n  - { user_name: alice, password: "Chosen-Own-2580" }\n  - { user_name: bob, email: bob@acme.example }`
    const report = await applyText({ ...tools, hasher }, text)
    expect(report.ok).toBe(false)
    expect(problemLines(report)).toEqual([
      '4:30 users[1].email email of bob was taken by somebody else while apply ran: run it again',
    ])
    expect(await userOf(code, 'alice')).toBeUndefined()
    expect(changeLines(report)).toEqual([])
  })

  test('sends first passwords, reports each, and tries again only where nothing can have arrived', async () => {
    const code = newCode()
    const calls: string[] = []
    const failing = {
      ...tools,
      deliverInitialPassword: async ({ sendMode }: { readonly sendMode: string }) => {
        calls.push(sendMode)
        if (sendMode === 'SMS') {
          throw new ApiError('MSG.0001', { detail: 'gateway_unreachable' })
        }
      },
    } satisfies ApplyTools
    const text = `tenant: { code: ${code} }
users:
  - { user_name: a, email: a@acme.example, deliver_initial: EMAIL }
  - { user_name: b, mobile: "+86-13800000002", deliver_initial: SMS }
  - { user_name: c, email: c@acme.example, password: "Carols-Own-2580" }`
    const dry = await applyText(failing, text, { isDryRun: true })
    expect(dry.tenants[0]?.deliveries).toHaveLength(2)
    expect(calls).toEqual([])
    const report = await applyText(failing, text)
    expect(report.ok).toBe(false)
    expect(report.tenants[0]?.deliveries).toEqual([
      { userName: 'a', sendMode: 'EMAIL', outcome: 'delivered' },
      { userName: 'b', sendMode: 'SMS', outcome: 'failed', reason: 'MSG.0001 (gateway_unreachable)' },
    ])
    const resetOf = async (userName: string, state: 'unknown' | 'failed') => {
      const user = await userOf(code, userName)
      if (user === undefined) throw new Error(`${userName} is missing`)
      await insertReset(database.store, user, state)
    }
    await resetOf('a', 'unknown')
    await resetOf('b', 'failed')
    expect((await applyText(failing, text)).tenants[0]?.deliveries.map(({ userName }) => userName)).toEqual([
      'b',
    ])
  })

  test('creates 5,000 users in seconds, and finds nothing to do afterwards', async () => {
    const code = newCode()
    const users = Array.from(
      { length: 5_000 },
      (_, index) =>
        `  - { user_name: u${index}, email: u${index}@acme.example, mobile: "+86-138${String(index).padStart(8, '0')}", password: "Own-password-${index % 1_000}" }`,
    )
    // judging 5,000 passwords for strength would take half a minute by itself
    const policy = 'password_policy: { weak_passwords: allow }'
    const text = `tenant: { code: ${code} }\n${policy}\nusers:\n${users.join('\n')}`
    const startedAt = performance.now()
    const report = await applyText(tools, text)
    expect(report.tenants[0]?.changes).toHaveLength(5_001)
    const again = await applyText(tools, text)
    expect(changeLines(again)).toEqual([])
    expect(performance.now() - startedAt).toBeLessThan(120_000)
  }, 150_000)
})
