import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  applyText,
  changeLines,
  createApplyTools,
  dumpTenant,
  problemLines,
} from '../../../test/support/apply-fixture.ts'
import { describeEachDatabase, openTestDatabase, type TestDatabase } from '../../../test/support/databases.ts'
import type { ApplyTools } from './apply-tools.ts'
import { readConfiguration, readUsers } from './tenant-plan.ts'

const environment = {
  ALICE_PASSWORD: 'Alice-Own-2580',
  SECRET: 'a-secret-of-the-help-desk',
  SMTP_PASSWORD: 'smtp-s3cr3t',
}

function fullFile(code: string): string {
  return `
tenant: { code: ${code}, name: Acme, domains: [${code}.example], language: en, time_zone: UTC }
password_policy: { length_min: 10 }
reset: { send_modes: [EMAIL, SMS], lifetime_minutes: { SMS: 30 } }
gateways:
  - { name: mail, channel: EMAIL, kind: smtp, url: "smtp://127.0.0.1:2525", from: "IT <it@acme.example>", user: it, password: "\${SMTP_PASSWORD}" }
templates:
  - { event: reset-password, channel: EMAIL, language: en, subject: "Your new password", text: "Hello {{ name }}: {{ password }} until {{ expires_at }}" }
organizations: [ { code: it, name: IT, parent_code: root }, { code: root, name: Acme } ]
users:
  - { user_name: alice, name: Alice, email: alice@acme.example, mobile: "+86-13800000001", org_code: it, password: "\${ALICE_PASSWORD}" }
  - { user_name: Bob, org_code: root, language: zh }
applications: [ { name: Help desk, client_id: helpdesk, client_secret: "\${SECRET}", permissions: [user_all, org_read] } ]
administrators: [ { user_name: alice, role: owner } ]
`
}

describeEachDatabase('apply', (kind) => {
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

  test('makes everything that the file names, in one go, and nothing on the second run', async () => {
    const code = newCode()
    const first = await applyText(tools, fullFile(code), { environment })
    expect(problemLines(first)).toEqual([])
    expect(first.ok).toBe(true)
    expect(changeLines(first)).toEqual([
      `create tenant ${code}`,
      'create gateway mail',
      'create template reset-password/EMAIL/en',
      'create organization root',
      'create organization it',
      'create application helpdesk',
      'create user alice',
      'create user Bob',
    ])
    const { tenant, organizations, applications } = await read(code)
    expect(tenant?.settings.passwordPolicy).toMatchObject({ lengthMin: 10, lengthMax: 64 })
    expect(tenant?.settings.reset.lifetimeMinutes).toEqual({ EMAIL: 1_440, SMS: 30 })
    const idOf = (name: string) => organizations.find((row) => row.code === name)?.id
    expect(organizations.find((row) => row.code === 'it')?.parentId).toBe(idOf('root'))
    expect(applications[0]).toMatchObject({
      permissions: ['user_all', 'org_read'],
      version: 1,
      disabled: false,
    })
    expect(await userOf(code, 'alice')).toMatchObject({
      email: 'alice@acme.example',
      mobile: '+86-13800000001',
      organizationId: idOf('it'),
      administratorRole: 'owner',
      mustChangePassword: false,
    })

    const before = await dumpTenant(database.store, code)
    const second = await applyText(tools, fullFile(code), { environment })
    expect([second.ok, changeLines(second)]).toEqual([true, []])
    expect(await dumpTenant(database.store, code)).toBe(before)
  })

  test('shows in a dry run what a run does, and writes nothing', async () => {
    const code = newCode()
    const planned = await applyText(tools, fullFile(code), { environment, isDryRun: true })
    expect((await read(code)).tenant).toBeUndefined()
    const done = await applyText(tools, fullFile(code), { environment })
    expect(changeLines(planned)).toEqual(changeLines(done))

    const before = await dumpTenant(database.store, code)
    const pruning = `tenant: { code: ${code}, name: Other }\nusers: []\norganizations: []\ngateways: []\ntemplates: []\napplications: []`
    const report = await applyText(tools, pruning, { isDryRun: true, isPruning: true })
    expect(changeLines(report)).toHaveLength(8)
    expect(await dumpTenant(database.store, code)).toBe(before)
  })

  test('writes with every change who, what and which keys, and no values', async () => {
    const code = newCode()
    await applyText(tools, fullFile(code), { environment })
    const { tenant } = await read(code)
    await applyText(
      tools,
      `tenant: { code: ${code}, name: "Acme Two" }\nusers: [ { user_name: alice, name: Alicia } ]`,
    )
    const audit = await database.store.read.audit.list(tenant?.id ?? '', 100)
    expect(audit).toHaveLength(10)
    const [user, changed] = audit
    expect(user).toMatchObject({
      action: 'user.updated',
      actor: { kind: 'operator' },
      detail: { fields: ['name'] },
    })
    expect(changed).toMatchObject({
      action: 'tenant.updated',
      targetId: tenant?.id,
      detail: { fields: ['name'] },
    })
    expect(JSON.stringify(audit)).not.toMatch(/alice|Alicia|s3cr3t|2580/)
  })

  test('leaves what the file does not mention, and gives the default for null', async () => {
    const code = newCode()
    await applyText(tools, fullFile(code), { environment })
    await applyText(tools, `tenant: { code: ${code} }\nusers: [ { user_name: alice } ]`)
    expect(await userOf(code, 'alice')).toMatchObject({ name: 'Alice', email: 'alice@acme.example' })
    expect((await read(code)).tenant?.name).toBe('Acme')

    const report = await applyText(
      tools,
      `tenant: { code: ${code}, name: null }\npassword_policy: { length_min: null }\nreset: null\nusers: [ { user_name: alice, name: null, email: null, org_code: null } ]`,
    )
    // a whole group without a value is a group that the file does not mention
    expect(changeLines(report)).toEqual([
      `update tenant ${code}: name, password_policy.length_min`,
      'update user alice: name, email, org_code',
    ])
    expect(await userOf(code, 'alice')).toMatchObject({
      name: 'alice',
      email: undefined,
      organizationId: undefined,
    })
  })

  test('removes what the lists do not name with --prune, and only then', async () => {
    const code = newCode()
    await applyText(tools, fullFile(code), { environment })
    const smaller = `tenant: { code: ${code} }
gateways: []
templates: []
organizations: [ { code: root } ]
users: [ { user_name: alice, org_code: root } ]
applications: []
`
    const kept = await applyText(tools, smaller)
    expect(changeLines(kept)).toEqual(['update user alice: org_code'])
    const pruned = await applyText(tools, smaller, { isPruning: true })
    expect(changeLines(pruned)).toEqual([
      'remove gateway mail',
      'remove template reset-password/EMAIL/en',
      'remove application helpdesk',
      'remove user Bob',
      'remove organization it',
    ])
    const { organizations, applications, gateways, templates } = await read(code)
    expect([organizations.length, applications.length, gateways.length, templates.length]).toEqual([
      1, 0, 0, 0,
    ])
    expect((await usersOf(code)).map((user) => user.userName)).toEqual(['alice'])
    expect(changeLines(await applyText(tools, smaller, { isPruning: true }))).toEqual([])
  })

  test('leaves lists alone that the file does not have, even with --prune', async () => {
    const code = newCode()
    await applyText(tools, fullFile(code), { environment })
    const report = await applyText(tools, `tenant: { code: ${code} }\nusers:\n`, { isPruning: true })
    expect([report.ok, changeLines(report)]).toEqual([true, []])
  })

  test('takes administrative roles away with --prune only', async () => {
    const code = newCode()
    await applyText(tools, fullFile(code), { environment })
    const text = `tenant: { code: ${code} }\nadministrators: [ { user_name: bob, role: owner } ]`
    expect(changeLines(await applyText(tools, text))).toEqual(['update user Bob: administrator_role'])
    expect(changeLines(await applyText(tools, text, { isPruning: true }))).toEqual([
      'update user alice: administrator_role',
    ])
  })

  test('gives every user a salt, and never touches a password that exists', async () => {
    const code = newCode()
    await applyText(tools, fullFile(code), { environment })
    const before = await usersOf(code)
    expect(
      before.map((user) => [
        user.userName,
        user.credential.salt.length,
        user.credential.digest !== undefined,
      ]),
    ).toEqual(
      expect.arrayContaining([
        ['alice', 24, true],
        ['Bob', 24, false],
      ]),
    )
    const changed = { ...environment, ALICE_PASSWORD: 'Another-One-1357' }
    const text = `${fullFile(code)}`.replace(
      '{ user_name: Bob,',
      '{ user_name: Bob, password: "Bobs-Own-2580",',
    )
    const report = await applyText(tools, text, { environment: changed })
    expect([report.ok, changeLines(report)]).toEqual([true, []])
    expect(await usersOf(code)).toEqual(before)
  })

  test('grows an application’s version when its secret changes, and not otherwise', async () => {
    const code = newCode()
    await applyText(tools, fullFile(code), { environment })
    const renamed = fullFile(code).replace('name: Help desk', 'name: Desk')
    expect(changeLines(await applyText(tools, renamed, { environment }))).toEqual([
      'update application helpdesk: name',
    ])
    expect((await read(code)).applications[0]?.version).toBe(1)
    const rotated = { ...environment, SECRET: 'another-secret-of-the-help-desk' }
    const report = await applyText(tools, renamed, { environment: rotated })
    expect(changeLines(report)).toEqual(['update application helpdesk: client_secret'])
    expect((await read(code)).applications[0]?.version).toBe(2)
  })

  test('stores a gateway’s secrets sealed, and compares them opened', async () => {
    const code = newCode()
    await applyText(tools, fullFile(code), { environment })
    const [before] = (await read(code)).gateways
    expect(before?.settings).not.toContain('smtp-s3cr3t')
    expect(before?.settings).toContain('sealed:')
    const rotated = { ...environment, SMTP_PASSWORD: 'smtp-n3w' }
    const report = await applyText(tools, fullFile(code), { environment: rotated })
    expect(changeLines(report)).toEqual(['update gateway mail: password'])
    expect((await read(code)).gateways[0]?.version).toBe((before?.version ?? 0) + 1)
  })

  test('withdraws a reset that went to a contact which changes', async () => {
    const code = newCode()
    await applyText(tools, fullFile(code), { environment })
    const alice = await userOf(code, 'alice')
    const tenantId = alice?.tenantId ?? ''
    const now = Date.now()
    await database.store.transaction((repositories) =>
      repositories.resets.insert({
        tenantId,
        id: randomUUID(),
        userId: alice?.id ?? '',
        sequence: 1,
        applicationId: undefined,
        sendMode: 'EMAIL',
        oldPasswordMode: 'keep-until-accepted',
        state: 'unknown',
        digest: 'AAAA',
        destinationMac: 'mac',
        destinationMasked: 'a***@acme.example',
        leaseToken: undefined,
        leaseExpiresAt: undefined,
        detail: undefined,
        gateway: 'mail',
        preparedAt: now,
        settledAt: now,
        promotedAt: undefined,
        usedAt: undefined,
        deadlineAt: now + 60_000,
      }),
    )
    await applyText(
      tools,
      `tenant: { code: ${code} }\nusers: [ { user_name: alice, mobile: "+86-13800000009" } ]`,
    )
    expect((await database.store.read.resets.list(tenantId, alice?.id ?? '', 9))[0]?.state).toBe('unknown')
    await applyText(
      tools,
      `tenant: { code: ${code} }\nusers: [ { user_name: alice, email: new@acme.example } ]`,
    )
    expect((await database.store.read.resets.list(tenantId, alice?.id ?? '', 9))[0]).toMatchObject({
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

  test('makes two tenants of one file, and lets two runs of it pass at once', async () => {
    const [left, right] = [newCode(), newCode()]
    const text = `${fullFile(left)}\n---\n${fullFile(right)}`
    const reports = await Promise.all([1, 2].map(() => applyText(tools, text, { environment })))
    expect(reports.map(problemLines)).toEqual([[], []])
    expect(reports.flatMap(changeLines).toSorted()).toEqual(
      [left, right]
        .flatMap((code) => [
          'create application helpdesk',
          'create gateway mail',
          'create organization it',
          'create organization root',
          'create template reset-password/EMAIL/en',
          `create tenant ${code}`,
          'create user Bob',
          'create user alice',
        ])
        .toSorted(),
    )
    expect(changeLines(await applyText(tools, text, { environment }))).toEqual([])
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
    const text = `tenant: { code: ${code} }\nusers:\n  - { user_name: alice, password: "Alice-Own-2580" }\n  - { user_name: bob, email: bob@acme.example }`
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
    const { ApiError } = await import('../../errors/api-error.ts')
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
    // neither left a reset behind here: both still have no password, so both are tried again
    expect((await applyText(failing, text)).tenants[0]?.deliveries).toHaveLength(2)
  })

  test('tells everything that file and store together get wrong, with its place, and changes nothing', async () => {
    const [other, code] = [newCode(), newCode()]
    await applyText(tools, fullFile(other), { environment })
    await applyText(tools, fullFile(code), { environment })
    const before = await dumpTenant(database.store, code)
    const report = await applyText(
      tools,
      `tenant: { code: ${code}, domains: [${other}.example] }
password_policy: { length_max: 8, length_min: 8 }
reset: { send_modes: [EMAIL] }
organizations: [ { code: hr, parent_code: nowhere }, { code: root } ]
users:
  - { user_name: alice, org_code: it, name: "   " }
  - { user_name: carol, org_code: no-such, email: Alice@acme.example, password: "short1A" }
  - { user_name: dan, mobile: "+86-13800000003", deliver_initial: SMS }
administrators: [ { user_name: zoe, role: owner } ]
`,
      { isPruning: true },
    )
    expect(problemLines(report)).toEqual([
      expect.stringMatching(/^1:\d+ tenant\.domains\[0\] t-.* is a domain of the stored tenant t-/),
      expect.stringMatching(/^2:18 password_policy policy_undeliverable: no password .* 60 bits .* on EMAIL/),
      '4:43 organizations[0].parent_code no organisation has the code nowhere: add it to organizations, or correct the code',
      '6:35 users[0].org_code no organisation has the code it: add it to organizations, or correct the code',
      '6:45 users[0].name must not be empty',
      '7:35 users[1].org_code no organisation has the code no-such: add it to organizations, or correct the code',
      '7:51 users[1].email is already the email of alice: take it away there, or change it here',
      expect.stringMatching(/^7:81 users\[1\]\.password does not meet the password policy \(length\)/),
      '8:67 users[2].deliver_initial SMS is not in reset.send_modes: add it there, or choose another',
      '9:32 administrators[0].user_name no user has the name zoe: add the user, or correct the name',
    ])
    expect(report.tenants).toEqual([])
    expect(await dumpTenant(database.store, code)).toBe(before)
  })

  test('keeps an organisation that users are in', async () => {
    const code = newCode()
    await applyText(tools, fullFile(code), { environment })
    const report = await applyText(tools, `tenant: { code: ${code} }\norganizations: [ { code: root } ]`, {
      isPruning: true,
    })
    expect(problemLines(report)).toEqual([
      '2:16 organizations organisation it cannot be removed while alice are in it: give them another org_code, or keep it',
    ])
  })

  test('changes nothing on the second run, whatever the file says', async () => {
    const email = fc.option(
      fc.integer({ min: 1, max: 9 }).map((n) => `${n}@acme.example`),
      { nil: null },
    )
    const users = fc.uniqueArray(
      fc.record(
        {
          user_name: fc.constantFrom('alice', 'Bob', '王芳', 'd.e', 'O’Neil'),
          name: fc.option(fc.constantFrom('A', 'B b', '名'), { nil: null }),
          email,
          org_code: fc.constantFrom('root', 'it', null),
          language: fc.constantFrom('en', 'zh', null),
        },
        { requiredKeys: ['user_name'] },
      ),
      { selector: (user) => user.user_name },
    )
    const files = fc.record({
      organizations: fc.constantFrom(
        [
          { code: 'root', parent_code: null },
          { code: 'it', parent_code: 'root' },
        ],
        [{ code: 'it' }, { code: 'root', name: 'R', parent_code: 'it' }],
      ),
      users: users.map((all) => {
        const emails = all.map((user) => user.email)
        return all.map((user, index) =>
          emails.indexOf(user.email) === index ? user : { ...user, email: null },
        )
      }),
      reset: fc.record(
        { send_modes: fc.constantFrom(['SMS'], ['SMS', 'EMAIL'], null) },
        { requiredKeys: [] },
      ),
      password_policy: fc.record(
        { length_min: fc.integer({ min: 8, max: 20 }), classes_min: fc.constantFrom(1, 4, null) },
        { requiredKeys: [] },
      ),
    })
    await fc.assert(
      fc.asyncProperty(files, files, fc.boolean(), async (before, after, isPruning) => {
        const tenant = { code: newCode() }
        const [old, text] = [before, after].map((file) => JSON.stringify({ tenant, ...file }))
        expect(problemLines(await applyText(tools, old ?? ''))).toEqual([])
        const untouched = await dumpTenant(database.store, tenant.code)
        const first = await applyText(tools, text ?? '', { isPruning })
        const changed = await dumpTenant(database.store, tenant.code)
        // an address may be a user's who is not in the second file: then nothing at all may change
        expect(first.ok || changed === untouched).toBe(true)
        const second = await applyText(tools, text ?? '', { isPruning })
        expect(second.problems).toEqual(first.problems)
        expect(changeLines(second)).toEqual([])
        expect(await dumpTenant(database.store, tenant.code)).toBe(changed)
      }),
      { numRuns: 25 },
    )
  })

  test('creates 5,000 users in seconds, and finds nothing to do afterwards', async () => {
    const code = newCode()
    const users = Array.from(
      { length: 5_000 },
      (_, index) =>
        `  - { user_name: u${index}, email: u${index}@acme.example, mobile: "+86-138${String(index).padStart(8, '0')}", password: "Own-password-${index}" }`,
    )
    const text = `tenant: { code: ${code} }\nusers:\n${users.join('\n')}`
    const startedAt = performance.now()
    const report = await applyText(tools, text)
    expect(report.tenants[0]?.changes).toHaveLength(5_001)
    const again = await applyText(tools, text)
    expect(changeLines(again)).toEqual([])
    expect(performance.now() - startedAt).toBeLessThan(60_000)
  }, 90_000)
})
