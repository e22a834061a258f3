import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseTenantFile } from './parse-tenant-file.ts'
import type { TenantFileRules } from './parsed-tenant.ts'

const lenientRules: TenantFileRules = {
  validateGatewaySettings: () => [],
  validateTemplate: () => [],
  measureLongestSms: () => undefined,
  sealSettings: (_kind, settings) => settings,
  sealContext: () => '',
  complainOfWebhookUrl: () => undefined,
}

function parse(text: string, environment: Record<string, string> = {}, rules = lenientRules) {
  return parseTenantFile({ file: 'tenant.yaml', text, environment, rules })
}

/** `line:column path message` of each problem. */
function problemsOf(text: string, environment: Record<string, string> = {}, rules = lenientRules): string[] {
  return parse(text, environment, rules).problems.map(
    ({ line, column, path, message }) => `${line}:${column} ${path} ${message}`,
  )
}

const example = `
tenant: { code: acme, name: Acme, domains: [id.acme.example], language: en, time_zone: UTC }   # a note
password_policy: { length_min: 12, length_max: 64, classes_min: 3, history: 5, weak_passwords: refuse, user_info: refuse, repeats_max: 3 }
reset: { send_modes: [EMAIL, SMS], old_password: keep-until-accepted, lifetime_minutes: { EMAIL: 1440, SMS: 60 }, limits: { per_user_per_hour: 5, per_user_per_day: 20, per_destination_per_hour: 5, per_application_per_hour: 1000, sms_per_day: 10000 } }
sign_in: { attempts_max: 10, lock_minutes: 15, per_address_per_minute: 600 }
gateways:
  - { name: mail, channel: EMAIL, kind: smtp, url: "smtp://127.0.0.1:2525", from: "IT <it@acme.example>", timeout_ms: 8000 }
  - { name: sms, channel: SMS, kind: sms-http, url: "http://127.0.0.1:2526/send", method: POST, headers: {}, body: '{"to":"{{ to }}","text":"{{ text }}"}', timeout_ms: 8000 }
templates:
  - { event: reset-password, channel: EMAIL, language: en, subject: "Your new password", text: "Hello {{ name }}, your new password is {{ password }}. It works until {{ expires_at }}." }
organizations: [ { code: root, name: Acme }, { code: it, name: IT, parent_code: root } ]
users: [ { user_name: alice, name: Alice, email: alice@acme.example, mobile: "+86-13800000001", org_code: it, language: en, password: "\${ALICE_PASSWORD}" } ]
applications: [ { name: helpdesk, client_id: helpdesk, client_secret: "\${HELPDESK_SECRET}", permissions: [user_all] } ]
administrators: [ { user_name: alice, role: owner } ]
`
const exampleEnvironment = { ALICE_PASSWORD: 'Alice-Own-2580', HELPDESK_SECRET: 'a-secret-of-the-help-desk' }

test('reads every key of the documented example', () => {
  const { problems, tenants } = parse(example, exampleEnvironment)
  expect(problems).toEqual([])
  const entry = tenants[0]?.entry
  expect(entry?.reset?.lifetimeMinutes).toEqual({ EMAIL: 1440, SMS: 60 })
  expect(entry?.gateways?.[1]).toMatchObject({ name: 'sms', rest: { method: 'POST', headers: {} } })
  expect(entry?.users?.[0]).toMatchObject({ userName: 'alice', mobile: '+86-13800000001', orgCode: 'it' })
  expect(entry?.users?.[0]?.password?.reveal()).toBe('Alice-Own-2580')
})

test('names each key that has no effect yet, and no other', () => {
  const { warnings } = parse(example, exampleEnvironment)
  expect(warnings).toEqual([])
  const strict = parse('tenant: { code: acme }\nreset: { old_password: revoke-now }')
  expect(strict.warnings).toEqual([])
  expect(strict.tenants[0]?.entry.reset?.oldPassword).toBe('revoke-now')
})

test('tells every problem at once, each with its line and column', () => {
  const text = `tenant:
  code: Acme Corp
  domain: [id.acme.example]
  time_zone: Mars/Base
password_policy: { length_min: 4 }
users:
  - { user_name: alice, email: "alice at acme", mobile: "12" }
  - name: Bob
applications:
  - { name: desk, client_id: desk, client_secret: short, permissions: [User_All] }
`
  expect(problemsOf(text)).toEqual([
    '2:9 tenant.code "Acme Corp" is no tenant code: use lower-case letters, digits, and hyphens between them',
    '3:11 tenant.domain "domain" is no key: did you mean domains?',
    '4:14 tenant.time_zone "Mars/Base" is no time zone: write one such as UTC, Europe/Berlin or Asia/Shanghai',
    '5:32 password_policy.length_min must be a whole number from 8 to 64',
    '7:32 users[0].email "alice at acme" is no e-mail address: write one such as alice@acme.example',
    '7:57 users[0].mobile "12" is no mobile number: write it with its country, such as "+86-13800000001"',
    '8:5 users[1] user_name is missing: add it',
    '10:51 applications[0].client_secret must have 20 to 512 characters; it has 5: make a random one, such as with "openssl rand -base64 24"',
    '10:72 applications[0].permissions[0] "User_All" is neither a permission code nor a bundle: both have lower-case letters, digits, _ and - only',
  ])
})

describe('form', () => {
  test.each([
    ['a tab as indentation', 'tenant:\n\tcode: acme', /^2:1 {2}is not YAML/],
    ['a quote that never ends', 'tenant: { code: "acme }\n', /is not YAML/],
    [
      'a key that stands twice',
      'tenant: { code: acme }\ntenant: { code: beta }',
      /^2:1 tenant tenant stands here twice/,
    ],
    [
      'an anchor that is not there',
      'tenant: { code: *nowhere }',
      /^1:17 tenant\.code \*nowhere names no anchor/,
    ],
    ['an unknown tag', 'tenant: { code: !vault acme }', /^1:17 {2}is not YAML: this ! tag is not known/],
    ['a list where keys belong', 'tenant: [acme]', /^1:9 tenant must be keys with values/],
    ['keys where a list belongs', 'tenant: { code: a }\nusers: { alice: 1 }', /^2:8 users must be a list/],
    [
      'a number where text belongs',
      'tenant: { code: a, name: 42 }',
      /^1:26 tenant\.name must be text: put quotes/,
    ],
    ['an empty file', '# nothing\n', /^1:1 {2}the file holds no tenant/],
    ['text alone', 'hello', /^1:1 {2}must be keys with values/],
  ])('reports %s', (_title, text, expected) => {
    const problems = problemsOf(text)
    expect(problems[0]).toMatch(expected)
  })

  test('refuses more than 5 MiB without reading it', () => {
    expect(problemsOf(`# ${'x'.repeat(5 * 1024 * 1024)}`)).toEqual([
      '1:1  the file is larger than 5 MiB: split it into several',
    ])
  })

  test('ends at once where aliases multiply', () => {
    const headers = Array.from({ length: 2_000 }, (_, index) => `    h${index}: x`).join('\n')
    const gateways = Array.from({ length: 2_000 }, (_, index) => `  - { name: g${index}, headers: *h }`).join(
      '\n',
    )
    const text = `tenant: { code: acme }\ngateways:\n  - name: g\n    headers: &h\n${headers.replaceAll('    ', '      ')}\n${gateways}`
    expect(problemsOf(text).some((problem) => problem.includes('aliases make the file too large'))).toBe(true)
  })

  test('survives nesting deeper than the stack', () => {
    expect(problemsOf('['.repeat(200_000)).length).toBeGreaterThan(0)
  })

  test('survives any text', () => {
    const pieces = fc.constantFrom(
      'tenant',
      ':',
      ' ',
      '\n',
      '{',
      '}',
      '[',
      ']',
      '&a',
      '*a',
      '"',
      '- ',
      '!',
      '|',
      '$',
      '{x}',
      '\t',
      '---\n',
      '__proto__',
    )
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 40 }), (parts) => {
        const { problems, tenants } = parse(parts.join(''))
        return problems.length > 0 || tenants.length > 0
      }),
      { numRuns: 500 },
    )
  })

  test('keeps a key named like a part of the language from meaning anything', () => {
    expect(problemsOf('tenant: { code: acme }\n__proto__: { users: [] }\nconstructor: 1')).toHaveLength(2)
    const { tenants } = parse(
      'tenant: { code: a }\ngateways: [ { name: g, channel: SMS, kind: k, __proto__: { url: x } } ]',
    )
    expect(Object.keys(tenants[0]?.entry.gateways?.[0]?.rest ?? {})).toEqual(['__proto__'])
  })
})

describe('environment', () => {
  test('puts variables into text, and nothing that they hold becomes YAML', () => {
    const value = `x, language: zh }\nusers: [ { user_name: eve } ] # \${HOME}`.replace('\n', ' ')
    const { tenants, problems } = parse(`tenant: { code: acme, name: "\${NAME}" }`, { NAME: value })
    expect(problems).toEqual([])
    expect(tenants[0]?.entry.tenant).toEqual({ code: 'acme', name: value })
  })

  test('reports each unset variable where it stands', () => {
    expect(
      problemsOf(`tenant: { code: acme, name: "\${FIRST}" }\nusers: [ { user_name: "\${SECOND}" } ]`),
    ).toEqual([
      '1:29 tenant.name needs the environment variable FIRST, which is not set: set it and run again',
      '2:23 users[0].user_name needs the environment variable SECOND, which is not set: set it and run again',
    ])
  })

  test(`takes $\${ for the characters themselves`, () => {
    const { tenants } = parse(`tenant: { code: acme, name: "$\${HOME} costs $5" }`, { HOME: 'wrong' })
    expect(tenants[0]?.entry.tenant.name).toBe(`\${HOME} costs $5`)
  })

  test.each([`\${`, `\${}`, `\${not-a-name}`, `\${A B}`, `x\${X`])(
    'reports %s, which names no variable',
    (text) => {
      expect(problemsOf(`tenant: { code: acme, name: ${JSON.stringify(text)} }`, { X: 'x' })).toEqual([
        `1:29 tenant.name has a \${ that names no variable: write \${NAME}, or $\${ for the characters themselves`,
      ])
    },
  )

  test('shows in a problem the variable and not what it holds', () => {
    const [problem] = problemsOf(`tenant: { code: acme }\nusers: [ { user_name: a, email: "\${X}" } ]`, {
      X: 'hunter2',
    })
    expect(problem).toContain(`"\${X}" is no e-mail address`)
    expect(problem).not.toContain('hunter2')
  })

  test('quotes no text of the file where it is no YAML', () => {
    const problems = problemsOf(
      'tenant: { code: acme }\nusers:\n  - { user_name: a, password: "s3cr3t-value" "s3cr3t-more" }\n  s3cr3t-key',
    )
    expect(problems.length).toBeGreaterThan(0)
    expect(problems.join('\n')).not.toContain('s3cr3t')
  })
})

describe('the whole of a document', () => {
  const tenant = 'tenant: { code: acme }\n'
  test.each([
    [
      'one user name twice, however written',
      'users: [ { user_name: alice }, { user_name: ALICE } ]',
      '2:45 users[1].user_name is the same as users[0].user_name: remove or change one of them',
    ],
    [
      'one e-mail address twice',
      'users: [ { user_name: a, email: x@acme.example }, { user_name: b, email: X@acme.example } ]',
      '2:74 users[1].email is the same as users[0].email: remove or change one of them',
    ],
    [
      'one mobile number twice, written in two ways',
      'users: [ { user_name: a, mobile: "+86-13800000001" }, { user_name: b, mobile: "13800000001" } ]',
      '2:79 users[1].mobile is the same as users[0].mobile: remove or change one of them',
    ],
    [
      'one organisation twice',
      'organizations: [ { code: it }, { code: IT } ]',
      '2:40 organizations[1].code is the same as organizations[0].code: remove or change one of them',
    ],
    [
      'one client id twice',
      'applications: [ { name: a, client_id: x, client_secret: 12345678901234567890a }, { name: b, client_id: x, client_secret: 12345678901234567890b } ]',
      '2:104 applications[1].client_id is the same as applications[0].client_id: remove or change one of them',
    ],
    [
      'one gateway twice',
      'gateways: [ { name: g, channel: SMS, kind: k }, { name: g, channel: SMS, kind: k } ]',
      '2:57 gateways[1].name is the same as gateways[0].name: remove or change one of them',
    ],
    [
      'one channel twice',
      'reset: { send_modes: [SMS, SMS] }',
      '2:28 reset.send_modes[1] is the same as reset.send_modes[0]: remove or change one of them',
    ],
    ['no channel at all', 'reset: { send_modes: [] }', '2:22 reset.send_modes must not be empty'],
    [
      'a circle of organisations',
      'organizations: [ { code: a, parent_code: b }, { code: b, parent_code: a } ]',
      '2:42 organizations[0].parent_code makes a circle: a would stand above itself',
    ],
    [
      'an organisation above itself',
      'organizations: [ { code: a, parent_code: A } ]',
      '2:42 organizations[0].parent_code makes a circle: a would stand above itself',
    ],
    [
      'a password and a delivery',
      'users: [ { user_name: a, email: a@acme.example, password: x, deliver_initial: EMAIL } ]',
      '2:79 users[0].deliver_initial stands beside password: keep one of them',
    ],
    [
      'a password and a hash',
      "users: [ { user_name: a, password: x, password_hash: '$pbkdf2-sha256$1$c2FsdHNhbHQ$AAAAAAAAAAAAAAAAAAAAAA' } ]",
      '2:54 users[0].password_hash stands beside password: keep one of them',
    ],
    [
      'a hash and a delivery',
      "users: [ { user_name: a, email: a@acme.example, password_hash: '$pbkdf2-sha256$1$c2FsdHNhbHQ$AAAAAAAAAAAAAAAAAAAAAA', deliver_initial: EMAIL } ]",
      '2:136 users[0].deliver_initial stands beside password_hash: keep one of them',
    ],
    [
      'a hash that costs too much',
      "users: [ { user_name: a, password_hash: '$pbkdf2-sha256$2000001$c2FsdHNhbHQ$AAAAAAAAAAAAAAAAAAAAAA' } ]",
      '2:41 users[0].password_hash is PBKDF2 with 2000001 iterations: from 1 to 2000000 it can be imported; leave it out and have the password reset instead',
    ],
    [
      'a delivery to nowhere',
      'users: [ { user_name: a, email: a@acme.example, deliver_initial: SMS } ]',
      '2:66 users[0].deliver_initial needs mobile in this entry: add it',
    ],
    [
      'a mail without subject',
      'templates: [ { event: reset-password, channel: EMAIL, language: en, text: x } ]',
      '2:14 templates[0] a mail needs a subject: add it',
    ],
    [
      'a short message with HTML',
      'templates: [ { event: reset-password, channel: SMS, language: en, text: x, html: y } ]',
      '2:82 templates[0].html an SMS has no html: remove it',
    ],
  ])('reports %s', (_title, text, expected) => {
    expect(problemsOf(tenant + text)).toEqual([expected])
  })

  test('takes lists inside the keys of a gateway', () => {
    const { tenants, problems } = parse(
      'tenant: { code: a }\ngateways: [ { name: g, channel: SMS, kind: k, accept: { status: [200, 202] } } ]',
    )
    expect(problems).toEqual([])
    expect(tenants[0]?.entry.gateways?.[0]?.rest).toEqual({ accept: { status: [200, 202] } })
  })

  test('points complaints about gateways and templates at the key they begin with', () => {
    const rules: TenantFileRules = {
      ...lenientRules,
      validateGatewaySettings: (kind, settings) => [
        `url must not be ${String(settings.url)}`,
        `kind ${kind} is unknown`,
        'from is missing',
      ],
      validateTemplate: () => ['text has no {{ password }}'],
    }
    const text = `${tenant}gateways: [ { name: g, channel: SMS, kind: pigeon, url: coop } ]\ntemplates: [ { event: reset-password, channel: SMS, language: en, text: coo } ]`
    expect(problemsOf(text, {}, rules)).toEqual([
      '2:13 gateways[0] from is missing',
      '2:44 gateways[0] kind pigeon is unknown',
      '2:57 gateways[0] url must not be coop',
      '3:73 templates[0] text has no {{ password }}',
    ])
  })

  test('reads several documents as several tenants, and compares them', () => {
    const { tenants } = parse('tenant: { code: acme }\n---\ntenant: { code: beta }\n---\n# nothing\n')
    expect(tenants.map(({ entry }) => entry.tenant.code)).toEqual(['acme', 'beta'])
    expect(
      problemsOf(
        'tenant: { code: a, domains: [x.example] }\n---\ntenant: { code: b, domains: [X.example] }\n---\ntenant: { code: a }',
      ),
    ).toEqual([
      '3:30 tenant.domains[0] x.example is a domain of tenant a already: a host name leads to one tenant',
      '5:17 tenant.code tenant a stands in this file twice: join the two',
    ])
  })

  test('follows an alias, and points at where it is used', () => {
    const text = 'tenant: { code: &c acme, name: *c }\nusers: [ &u { user_name: a }, *u ]'
    expect(parse(text).tenants[0]?.entry.tenant.name).toBe('acme')
    expect(problemsOf(text)).toHaveLength(1)
  })
})
