import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command } from 'commander'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createApplyTools } from '../../../test/support/apply-fixture.ts'
import { openTestDatabase, type TestDatabase } from '../../../test/support/databases.ts'
import { ApiError } from '../../errors/api-error.ts'
import { type ApplyOptions, registerApply, runApply } from './apply.ts'

const environment = {
  ALICE_PASSWORD: 'Canary-Pass-2580',
  SECRET: 'canary-secret-of-the-help-desk',
  SMTP_PASSWORD: 'canary-smtp',
}
const file = (code: string) => `
tenant: { code: ${code}, name: Acme }
sign_in: { attempts_max: 5 }
gateways:
  - { name: mail, channel: EMAIL, kind: smtp, url: "smtp://127.0.0.1:2525", from: it@acme.example, user: it, password: "\${SMTP_PASSWORD}" }
users:
  - { user_name: alice, email: alice@acme.example, password: "\${ALICE_PASSWORD}" }
  - { user_name: bob }
applications: [ { name: Help desk, client_id: helpdesk, client_secret: "\${SECRET}" } ]
administrators: [ { user_name: alice, role: owner } ]
`

let database: TestDatabase
let tools: ReturnType<typeof createApplyTools>
let folder: string
beforeAll(async () => {
  database = await openTestDatabase('sqlite')
  tools = createApplyTools(database.store)
  folder = await mkdtemp(join(tmpdir(), 'rekey-apply-'))
})
afterAll(async () => {
  await database.close()
  await rm(folder, { recursive: true })
})

async function run(text: string, options: Partial<ApplyOptions> = {}, change: Partial<typeof tools> = {}) {
  const path = join(folder, 'tenant.yaml')
  await writeFile(path, text)
  const output: string[] = []
  const errors: string[] = []
  const code = await runApply(
    { file: path, ...options },
    {
      openTools: async () => ({ ...tools, ...change, close: async () => undefined }),
      environment,
      print: (line) => output.push(line),
      printError: (line) => errors.push(line.replaceAll(`${folder}/`, '')),
    },
  )
  return { code, output: output.join('\n'), errors: errors.join('\n') }
}

test('prints what was made, in lines and counts, and nothing to change the second time', async () => {
  const first = await run(file('print'))
  expect(first).toEqual({
    code: 0,
    output: `print:
  ＋ tenant print
  ＋ gateway mail
  ＋ application helpdesk
  ＋ user alice
  ＋ user bob
  1 tenant created; 1 gateway created; 1 application created; 2 users created
  Done.`,
    errors: '',
  })
  const second = await run(file('print'))
  expect([second.code, second.output]).toEqual([0, 'print: nothing to change'])
})

test('prints changed keys and what was removed', async () => {
  await run(file('change'))
  const text =
    'tenant: { code: change, name: Other }\nusers: [ { user_name: bob, name: Bob, language: zh } ]\ngateways: []'
  const { output } = await run(text, { prune: true })
  expect(output).toBe(`change:
  ~ tenant change: name
  − gateway mail
  − user alice
  ~ user bob: name, language
  1 tenant changed; 1 gateway removed; 1 user removed, 1 changed
  Done.`)
})

test('says that a dry run changed nothing', async () => {
  const { code, output } = await run(file('dry'), { dryRun: true })
  expect(code).toBe(0)
  expect(output).toContain('＋ user alice')
  expect(output).toContain('Dry run: nothing was changed.')
  expect(await database.store.read.tenants.findByCode('dry')).toBeUndefined()
})

test('prints every problem with file, line and column, and ends with 1', async () => {
  const { code, output, errors } = await run('tenant: { code: bad, nam: x }\nusers: [ { name: y } ]')
  expect([code, output]).toEqual([1, ''])
  expect(errors).toBe(`tenant.yaml:1:27 tenant.nam "nam" is no key: did you mean name?
tenant.yaml:2:10 users[0] user_name is missing: add it
2 problems. Nothing was changed.`)
})

test('ends with 1 when a first password was not delivered', async () => {
  const text =
    'tenant: { code: deliver }\nusers: [ { user_name: a, email: a@acme.example, deliver_initial: EMAIL } ]'
  const { code, output } = await run(
    text,
    {},
    {
      deliverInitialPassword: async () => {
        throw new ApiError('MSG.0004', { detail: 'no_gateway' })
      },
    },
  )
  expect(code).toBe(1)
  expect(output).toContain('! first password for a not sent by EMAIL: MSG.0004 (no_gateway)')
})

test('ends with 2 when the file cannot be read', async () => {
  const { code, errors } = await run('', { file: join(folder, 'nowhere.yaml') })
  expect([code, errors]).toEqual([2, 'nowhere.yaml cannot be read: ENOENT'])
})

test('refuses bytes that are no UTF-8', async () => {
  const path = join(folder, 'latin1.yaml')
  await writeFile(path, Buffer.from([0x61, 0xe4, 0x0a]))
  const { code, errors } = await run('', { file: path })
  expect([code, errors]).toEqual([2, 'latin1.yaml is not UTF-8 text: save it as UTF-8'])
})

describe('secrets', () => {
  const faults = [
    '',
    '\nreset: { send_mode: [EMAIL] }',
    '\npassword_policy: { length_min: 60 }',
    '\n  - { "}',
  ]
  test.each(
    faults.flatMap((fault, index) => [[index, fault, false] as const, [index, fault, true] as const]),
  )('never appear in what is printed (file %i%s, json %s)', async (index, fault, json) => {
    const { output, errors } = await run(file(`canary-${index}-${json}`) + fault, { json })
    const printed = output + errors
    expect(printed.length).toBeGreaterThan(0)
    expect(printed).not.toMatch(/canary-s|Canary-Pass/)
  })

  test('never appear where the file holds them itself and is faulty', async () => {
    const text = file('canary-literal')
      .replace(`"\${ALICE_PASSWORD}"`, 'Canary-Pass-2580')
      .replace(`"\${SECRET}"`, '"canary-s"')
      .replace(`"\${SMTP_PASSWORD}"`, '[canary-smtp]')
    for (const json of [false, true]) {
      const { code, output, errors } = await run(text, { json })
      expect(code).toBe(1)
      expect(output + errors).not.toMatch(/canary-s|Canary-Pass/)
    }
  })
})

test('prints one JSON document that machines can count on', async () => {
  const { code, output, errors } = await run(file('json'), { json: true, dryRun: true })
  const report = JSON.parse(output) as Record<string, unknown>
  expect([code, errors]).toEqual([0, ''])
  expect(report).toMatchObject({
    ok: true,
    dry_run: true,
    problems: [],
    warnings: [],
    tenants: [{ code: 'json', deliveries: [] }],
  })
  expect((report.tenants as { changes: unknown[] }[])[0]?.changes[1]).toEqual({
    kind: 'gateway',
    action: 'create',
    name: 'mail',
    fields: [],
  })
})

test('reads its options from the command line', async () => {
  const path = join(folder, 'commander.yaml')
  await writeFile(path, 'tenant: { code: commander }')
  const program = new Command().option('--json')
  registerApply(program, async () => ({ ...tools, close: async () => undefined }))
  const { exitCode } = process
  await program.parseAsync(['node', 'rekey', 'apply', '-f', path])
  process.exitCode = exitCode
  expect(await database.store.read.tenants.findByCode('commander')).toBeDefined()
})
