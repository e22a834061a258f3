import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  applyText,
  changeLines,
  createApplyTools,
  dumpTenant,
  applyEnvironment as environment,
  fullTenantFile as fullFile,
  problemLines,
} from '../../../test/support/apply-fixture.ts'
import { describeEachDatabase, openTestDatabase, type TestDatabase } from '../../../test/support/databases.ts'
import type { ApplyTools } from './apply-tools.ts'
import { readConfiguration, readUsers } from './tenant-plan.ts'

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
      'create permission_bundle accounts',
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
      permissions: ['user_all', 'org_read', 'account_read', 'app_org_read'],
      allowedAddresses: ['192.0.2.0/24'],
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
    const pruning = `tenant: { code: ${code}, name: Other }\nusers: []\norganizations: []\ngateways: []\ntemplates: []\napplications: []\npermission_bundles: []`
    const report = await applyText(tools, pruning, { isDryRun: true, isPruning: true })
    expect(changeLines(report)).toHaveLength(9)
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
    expect(audit).toHaveLength(11)
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
    // words, not digits: ids and times hold any digits by chance
    expect(JSON.stringify(audit)).not.toMatch(/alice|Alicia|s3cr3t|Chosen|Own/)
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
permission_bundles: []
applications: []
`
    const kept = await applyText(tools, smaller)
    expect(changeLines(kept)).toEqual(['update user alice: org_code'])
    const pruned = await applyText(tools, smaller, { isPruning: true })
    expect(changeLines(pruned)).toEqual([
      'remove gateway mail',
      'remove template reset-password/EMAIL/en',
      'remove application helpdesk',
      'remove permission_bundle accounts',
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
          'create permission_bundle accounts',
          'create template reset-password/EMAIL/en',
          `create tenant ${code}`,
          'create user Bob',
          'create user alice',
        ])
        .toSorted(),
    )
    expect(changeLines(await applyText(tools, text, { environment }))).toEqual([])
  })

  test('gives a user a time zone, and takes it away again', async () => {
    const code = newCode()
    const zoneOf = async () => {
      const tenant = await database.store.read.tenants.findByCode(code)
      return (await database.store.read.users.findByUserName(tenant?.id ?? '', 'alice'))?.timeZone
    }
    const zones = ['Asia/Shanghai', undefined, 'Europe/Berlin', null] as const
    const found: (string | undefined)[] = []
    for (const zone of zones) {
      const key = zone === undefined ? '' : `, time_zone: ${zone}`
      await applyText(tools, `tenant: { code: ${code} }\nusers: [ { user_name: alice${key} } ]`)
      found.push(await zoneOf())
    }
    expect(found).toEqual(['Asia/Shanghai', 'Asia/Shanghai', 'Europe/Berlin', undefined])
    const report = await applyText(
      tools,
      `tenant: { code: ${code} }\nusers: [ { user_name: alice, time_zone: Mars } ]`,
    )
    expect(JSON.stringify(report.problems)).toContain('is no time zone')
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
          time_zone: fc.constantFrom('UTC', 'Asia/Shanghai', null),
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
})
