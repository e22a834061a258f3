import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { applyText, createApplyTools } from '../../../test/support/apply-fixture.ts'
import { describeEachDatabase } from '../../../test/support/databases.ts'
import { useResets } from '../../../test/support/reset-fixture.ts'
import type { SeededUser } from '../../../test/support/seed-tenant.ts'
import { useSignIn } from '../../../test/support/sign-in-fixture.ts'
import { ApiError } from '../../errors/api-error.ts'
import { MINUTE_MS } from '../clock.ts'
import { macOfCode } from '../codes/code.ts'
import { Secret } from '../secret.ts'
import { recoverPassword } from '../signin/recover-password.ts'
import { defaultTenantSettings, type PasswordPolicy, type Tenant } from '../tenants/tenant.ts'
import { changePasswordWithOld } from '../users/change-password-with-old.ts'
import { createUser } from '../users/create-user.ts'
import { setPassword } from '../users/set-password.ts'
import { checkPassword, type PasswordViolation } from './check-password.ts'
import { judgePassword } from './judge-password.ts'
import { violationError, wordOf } from './violation-texts.ts'

const anyPolicy = fc.record({
  lengthMin: fc.integer({ min: 8, max: 12 }),
  lengthMax: fc.integer({ min: 14, max: 40 }),
  classesMin: fc.integer({ min: 1, max: 4 }),
  repeatsMax: fc.integer({ min: 0, max: 3 }),
  userInfo: fc.constantFrom('refuse' as const, 'allow' as const),
  weakPasswords: fc.constantFrom('refuse' as const, 'allow' as const),
})

/** Facts about the user, runs, and pieces of all classes; `{…}` is filled in when the user is known. */
const anyPieces = fc.array(
  fc.oneof(
    fc.constantFrom('{userName}', '{reversed}', '{mobile}', '{mailPrefix}', 'MILLER', 'aaa', '\n'),
    fc.constantFrom('Xk2-', 'Tr7!', 'plum', 'Rv', '9', '密'),
    fc.constantFrom('Password', 'Qwerty', '1234', '2024!'),
  ),
  { minLength: 0, maxLength: 6 },
)

function fillIn(pieces: readonly string[], user: SeededUser): string {
  const facts: Readonly<Record<string, string>> = {
    userName: user.userName.toUpperCase(),
    reversed: [...user.userName].toReversed().join(''),
    mobile: (user.mobile ?? '').slice('+86-'.length),
    mailPrefix: user.email?.split('@')[0] ?? '',
  }
  return pieces.join('').replace(/\{(\w+)\}/g, (_match, name: string) => facts[name] ?? '')
}

function codeFor([violation]: readonly PasswordViolation[]): string | undefined {
  return violation && violationError(violation).message
}

async function codeOf(act: () => unknown): Promise<string | undefined> {
  try {
    await act()
  } catch (error) {
    if (error instanceof ApiError) return error.message
    throw error
  }
  return undefined
}

describeEachDatabase('every path that stores a password', (kind) => {
  const signIn = useSignIn(kind)
  const resets = useResets(kind)

  function tenantWith(policy: PasswordPolicy): Tenant {
    const { tenant } = signIn()
    return { ...tenant, settings: { ...tenant.settings, passwordPolicy: policy } }
  }

  async function applyPassword(policy: PasswordPolicy, user: SeededUser, password: string) {
    const { database } = signIn()
    const { lengthMin, lengthMax, classesMin, repeatsMax, userInfo, weakPasswords } = policy
    const text = `tenant: { code: t-${randomUUID()}, name: Acme }
password_policy: { length_min: ${lengthMin}, length_max: ${lengthMax}, classes_min: ${classesMin}, repeats_max: ${repeatsMax}, user_info: ${userInfo}, weak_passwords: ${weakPasswords} }
users: [ { user_name: "${user.userName}", name: "${user.name}", email: "${user.email}", mobile: "${user.mobile}", password: "\${PASSWORD}" } ]
`
    const tools = createApplyTools(database.store)
    return await applyText(tools, text, { environment: { PASSWORD: password } })
  }

  test('asks the one engine: pwd/update, pwd/change and apply agree with it on any password', async () => {
    const f = signIn()
    const verdicts = new Set<string>()
    const property = fc.asyncProperty(anyPolicy, anyPieces, async (change, pieces) => {
      const policy = { ...defaultTenantSettings.passwordPolicy, ...change }
      const user = await f.user({ name: 'Alice Miller' })
      const password = fillIn(pieces, user)
      const tenant = tenantWith(policy)
      const judge = async (text: string, about: SeededUser) =>
        await judgePassword(f.deps.judges, tenant, new Secret(text), about)
      const violations = await judge(password, user)
      const expected = codeFor(violations)
      verdicts.add(violations[0] === undefined ? 'allowed' : wordOf(violations[0]))

      const answer = await f.signIn(user.userName, user.password)
      if (answer.status !== 'SUCCESS') throw new Error(`answered ${answer.status}`)
      const changed = await codeOf(() => f.change(answer.idToken, user.password, password, { tenant }))
      expect(changed).toBe(expected)

      const other = await f.user({ name: user.name, mustChangePassword: true })
      const otherPassword = fillIn(pieces, other)
      const stateToken = await f.stateToken(other.userName, other.password)
      const updated = await codeOf(() => f.update(stateToken, other.password, otherPassword, { tenant }))
      expect(updated).toBe(codeFor(await judge(otherPassword, other)))

      const { problems } = await applyPassword(policy, user, password)
      expect(problems.map(({ path }) => path)).toEqual(violations.length > 0 ? ['users[0].password'] : [])
    })
    await fc.assert(property, { numRuns: 120 })
    expect([...verdicts]).toEqual(expect.arrayContaining(['allowed', 'length', 'classes', 'weak']))
  }, 60_000)

  test('asks it too: users made and passwords set or changed by applications, and passwords chosen by code', async () => {
    const f = signIn()
    const code = new Secret('482913')
    const verdicts = new Set<string>()
    const property = fc.asyncProperty(anyPolicy, anyPieces, async (change, pieces) => {
      const tenant = tenantWith({ ...defaultTenantSettings.passwordPolicy, ...change })
      const caller = { tenant, application: f.application, requestId: 'request-1' }
      /** A fresh user, what is typed for them, and what the engine says of it. */
      const fresh = async () => {
        const user = await f.user({ name: 'Alice Miller' })
        const password = new Secret(fillIn(pieces, user))
        const violations = await judgePassword(f.deps.judges, tenant, password, user)
        verdicts.add(violations[0] === undefined ? 'allowed' : wordOf(violations[0]))
        return { user, password, expected: codeFor(violations) }
      }
      const set = await fresh()
      expect(
        await codeOf(() =>
          setPassword(f.deps, caller, set.user.id, { password: set.password, mustChange: false }),
        ),
      ).toBe(set.expected)

      const changed = await fresh()
      const passwords = { oldPassword: new Secret(changed.user.password), newPassword: changed.password }
      expect(await codeOf(() => changePasswordWithOld(f.deps, caller, changed.user.id, passwords))).toBe(
        changed.expected,
      )

      const made = await fresh()
      const { id, userName, name, email, mobile } = made.user
      await f.deps.store.transaction(({ users }) => users.delete(tenant.id, id))
      const facts = { userName, name, email: email ?? null, mobile: mobile ?? null }
      expect(await codeOf(() => createUser(f.deps, caller, { ...facts, password: made.password }))).toBe(
        made.expected,
      )

      const recovered = await fresh()
      const owner = {
        ...{ tenantId: tenant.id, userId: recovered.user.id },
        ...{ channel: 'EMAIL' as const, purpose: 'recovery' as const },
      }
      await f.deps.store.transaction(({ codes }) =>
        codes.put({
          ...owner,
          codeMac: macOfCode(f.deps.mac, owner, code),
          credentialVersion: recovered.user.credential.version,
          expiresAt: f.clock.now() + MINUTE_MS,
        }),
      )
      const call = { ...caller, address: undefined, channel: 'EMAIL', code } as const
      const contact = recovered.user.email ?? ''
      expect(
        await codeOf(() => recoverPassword(f.deps, { ...call, contact, newPassword: recovered.password })),
      ).toBe(recovered.expected)
    })
    await fc.assert(property, { numRuns: 60 })
    expect([...verdicts]).toEqual(expect.arrayContaining(['allowed', 'length', 'classes']))
  }, 60_000)

  test('asks it for generated passwords too: no reset sends what it refuses of this user', async () => {
    const f = resets()
    // a third of all candidates hold one of these words
    const name = [...'ACDEFHJ'].flatMap((a) => [...'23456789'].map((b) => `${a}${b}${b}`)).join(' ')
    const user = await f.user({ name })
    for (let round = 0; round < 25; round += 1) {
      await f.reset(user)
    }
    const sent = await f.mailedTo(user)
    expect(sent).toHaveLength(25)
    for (const password of sent) {
      expect(checkPassword(f.tenant.settings.passwordPolicy, new Secret(password), user)).toEqual([])
    }
  })
})
