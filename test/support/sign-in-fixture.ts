import { randomBytes, randomUUID } from 'node:crypto'
import { afterAll, beforeAll } from 'vitest'
import { newId } from '../../src/core/new-id.ts'
import { createPasswordHasher } from '../../src/core/password/create-password-hasher.ts'
import type { PasswordHasher } from '../../src/core/password/password-hasher.ts'
import { systemRandomBytes } from '../../src/core/randomness.ts'
import { promoteReset } from '../../src/core/reset/promote-reset.ts'
import type { Reset } from '../../src/core/reset/reset-state.ts'
import { supersedeResets } from '../../src/core/reset/withdraw-resets.ts'
import { Secret } from '../../src/core/secret.ts'
import { createAddressLimit } from '../../src/core/signin/address-limit.ts'
import { changeOwnPassword } from '../../src/core/signin/change-own-password.ts'
import { signIn } from '../../src/core/signin/sign-in.ts'
import type { SignInAnswer, SignInCall } from '../../src/core/signin/sign-in-calls.ts'
import type { SignInDeps } from '../../src/core/signin/sign-in-deps.ts'
import { updateExpiredPassword } from '../../src/core/signin/update-expired-password.ts'
import { createHashUpgrades } from '../../src/core/signin/upgrade-hash.ts'
import {
  type CodeSettings,
  defaultTenantSettings,
  type PasswordPolicy,
  type SignInSettings,
  type Tenant,
} from '../../src/core/tenants/tenant.ts'
import { createIdTokenSigner } from '../../src/core/tokens/create-id-token-signer.ts'
import type { UserWithCredential } from '../../src/core/users/user.ts'
import { createSeal, type Seal } from '../../src/store/seal.ts'
import { openTestDatabase, type TestDatabase, type TestDatabaseKind } from './databases.ts'
import {
  cheapHashParameters,
  type SeededApplication,
  type SeededUser,
  seedApplication,
  seedTenant,
  seedUser,
} from './seed-tenant.ts'
import { sharedStrengthJudge } from './shared-strength-judge.ts'
import { createTestClock, type TestClock } from './test-clock.ts'

export interface DeliveredReset {
  readonly id: string
  readonly password: string
}

export interface SignInFixture {
  readonly clock: TestClock
  readonly database: TestDatabase
  readonly deps: SignInDeps
  readonly seal: Seal
  readonly tenant: Tenant
  readonly application: SeededApplication
  /** Hashes computed since the last call. */
  takeHashCount(): number
  /** What the store was asked since the last call, BEGIN and COMMIT included. */
  takeStatements(): readonly string[]
  user(change?: Partial<UserWithCredential>): Promise<SeededUser>
  /** A reset of the user in this state, with a password of its own; its deadline is an hour away. */
  reset(user: SeededUser, state: 'sending' | 'unknown' | 'accepted'): Promise<DeliveredReset>
  /** Ends a reset as something newer would. */
  supersede(user: SeededUser, reset: DeliveredReset): Promise<void>
  findReset(reset: DeliveredReset): Promise<Reset>
  findUser(user: SeededUser): Promise<UserWithCredential>
  signIn(
    loginName: string,
    password: string,
    change?: Partial<SignInCall>,
    deps?: SignInDeps,
  ): Promise<SignInAnswer>
  /** Signs in where nothing but a state token can come of it. */
  stateToken(loginName: string, password: string): Promise<Secret>
  update(
    stateToken: Secret,
    oldPassword: string,
    newPassword: string,
    change?: { readonly tenant: Tenant },
  ): ReturnType<typeof updateExpiredPassword>
  change(
    idToken: Secret,
    oldPassword: string | undefined,
    newPassword: string,
    change?: { readonly tenant?: Tenant; readonly deps?: SignInDeps },
  ): Promise<void>
  /** Actions in the record about this user or reset, oldest first. */
  actions(targetId: string): Promise<readonly string[]>
}

/** Three wrong passwords lock; everything else is as it comes. */
export const fixtureSettings = {
  ...defaultTenantSettings,
  signIn: { ...defaultTenantSettings.signIn, attemptsMax: 3, perAddressPerMinute: 10_000 },
  codes: { ...defaultTenantSettings.codes, captcha: 'none' as const },
}

/** Everything of signing in over a real store and a cheap hash, for the tests of the surrounding `describe`. */
export function useSignIn(
  kind: TestDatabaseKind,
  signInSettings: Partial<SignInSettings> = {},
  passwordPolicy: Partial<PasswordPolicy> = {},
  codes: Partial<CodeSettings> = {},
): () => SignInFixture {
  let fixture: SignInFixture | undefined
  beforeAll(async () => {
    fixture = await createFixture(kind, signInSettings, passwordPolicy, codes)
  })
  afterAll(async () => {
    await fixture?.database.close()
  })
  return () => {
    if (fixture === undefined) throw new Error('the database is not open yet')
    return fixture
  }
}

async function createFixture(
  kind: TestDatabaseKind,
  signInSettings: Partial<SignInSettings>,
  passwordPolicy: Partial<PasswordPolicy>,
  codes: Partial<CodeSettings>,
): Promise<SignInFixture> {
  const clock = createTestClock()
  let statements: string[] = []
  const database = await openTestDatabase(kind, { clock, onStatement: (sql) => statements.push(sql) })
  const { store } = database
  const tenant = await seedTenant(store, {
    settings: {
      ...fixtureSettings,
      signIn: { ...fixtureSettings.signIn, ...signInSettings },
      passwordPolicy: { ...fixtureSettings.passwordPolicy, ...passwordPolicy },
      codes: { ...fixtureSettings.codes, ...codes },
    },
  })
  const application = await seedApplication(store, tenant)
  const { hasher, takeHashCount } = createCountingHasher()
  const seal = createSeal(randomBytes(32))
  const deps: SignInDeps = {
    store,
    hasher,
    judges: { strength: sharedStrengthJudge, breaches: undefined },
    signer: createIdTokenSigner({ store, seal, clock, random: systemRandomBytes, publicUrl: undefined }),
    random: systemRandomBytes,
    mac: seal.mac,
    sealAddress: (address, context) => seal.seal(new Secret(address), context),
    addresses: createAddressLimit(clock),
    hashUpgrades: createHashUpgrades({ store, hasher, onSkipped: () => undefined }),
    onSettled: () => undefined,
  }
  const takeStatements = () => {
    const taken = statements
    statements = []
    return taken
  }
  const base = { clock, database, deps, seal, tenant, application, takeHashCount, takeStatements }
  return { ...base, ...createResets(base), ...createReads(base), ...createCalls(base) }
}

type Base = Pick<SignInFixture, 'clock' | 'database' | 'deps' | 'tenant' | 'application'>

function createCountingHasher(): { hasher: PasswordHasher; takeHashCount: () => number } {
  const real = createPasswordHasher({
    random: systemRandomBytes,
    concurrencyMax: 2,
    queueMax: 1_000,
    parameters: cheapHashParameters,
  })
  let count = 0
  return {
    hasher: {
      ...real,
      hash: async (...given) => {
        count += 1
        return await real.hash(...given)
      },
      matchesImported: async (...given) => {
        count += 1
        return await real.matchesImported(...given)
      },
    },
    takeHashCount: () => {
      const taken = count
      count = 0
      return taken
    },
  }
}

function createResets({ database: { store }, deps, tenant, application }: Base) {
  return {
    user: (change: Partial<UserWithCredential> = {}) => seedUser(store, tenant, change),
    reset: async (user: SeededUser, state: 'sending' | 'unknown' | 'accepted'): Promise<DeliveredReset> => {
      const password = `New-${randomUUID()}`
      return await store.transaction(async (repositories) => {
        const current = await repositories.users.lock(tenant.id, user.id)
        if (current === undefined) throw new Error('no such user')
        const now = await repositories.now()
        const { salt, parameters } = current.credential
        const reset: Reset = {
          tenantId: tenant.id,
          id: newId(now, systemRandomBytes),
          userId: user.id,
          sequence: await repositories.users.nextResetSequence(tenant.id, user.id),
          applicationId: application.id,
          sendMode: 'EMAIL',
          oldPasswordMode: 'keep-until-accepted',
          state: state === 'accepted' ? 'sending' : state,
          digest: await deps.hasher.hash(new Secret(password), salt, parameters),
          destinationMac: 'mac',
          destinationMasked: 'a***@acme.example',
          leaseToken: `lease-${randomUUID()}`,
          leaseExpiresAt: state === 'unknown' ? undefined : now + 60_000,
          detail: undefined,
          gateway: 'mail',
          preparedAt: now,
          settledAt: state === 'unknown' ? now : undefined,
          acceptedAt: undefined,
          promotedAt: undefined,
          usedAt: undefined,
          disownedAt: undefined,
          deadlineAt: now + 3_600_000,
        }
        await repositories.resets.insert(reset)
        if (state === 'accepted') {
          const actor = { kind: 'application', id: application.id } as const
          const historyLength = tenant.settings.passwordPolicy.history
          const notices = { ...deps, settings: tenant.settings.notices }
          const to = { to: 'accepted', historyLength, notices } as const
          await promoteReset(repositories, { ...to, user: current, reset, actor, requestId: undefined, now })
        }
        return { id: reset.id, password }
      })
    },
    supersede: (user: SeededUser, { id }: DeliveredReset): Promise<void> =>
      store.transaction(async (repositories) => {
        const current = await repositories.users.lock(tenant.id, user.id)
        const reset = await repositories.resets.find(tenant.id, id)
        if (current === undefined || reset === undefined) throw new Error('no such user or reset')
        await supersedeResets(repositories, { user: current, resets: [reset], reason: 'newer_reset' })
      }),
  }
}

function createReads({ database: { store }, tenant }: Base) {
  return {
    findReset: async ({ id }: DeliveredReset): Promise<Reset> => {
      const reset = await store.read.resets.find(tenant.id, id)
      if (reset === undefined) throw new Error('no such reset')
      return reset
    },
    findUser: async ({ id }: SeededUser): Promise<UserWithCredential> => {
      const user = await store.read.users.findWithCredential(tenant.id, id)
      if (user === undefined) throw new Error('no such user')
      return user
    },
    actions: async (targetId: string): Promise<readonly string[]> => {
      const rows = await store.read.audit.list(tenant.id, 1_000)
      return rows
        .filter((row) => row.targetId === targetId)
        .map((row) => row.action)
        .toReversed()
    },
  }
}

function createCalls({ deps, tenant, application }: Base) {
  const base = { tenant, application, requestId: 'request-1', address: '192.0.2.1' }
  const call: SignInFixture['signIn'] = (loginName, password, change = {}, callDeps = deps) =>
    signIn(callDeps, { ...base, loginName, password: new Secret(password), ...change })
  return {
    signIn: call,
    stateToken: async (loginName: string, password: string): Promise<Secret> => {
      const answer = await call(loginName, password)
      if (answer.status !== 'PASSWORD_EXPIRED') throw new Error(`answered ${answer.status}`)
      return answer.stateToken
    },
    update: (
      stateToken: Secret,
      oldPassword: string,
      newPassword: string,
      change: { readonly tenant?: Tenant } = {},
    ) =>
      updateExpiredPassword(deps, {
        ...base,
        ...change,
        stateToken,
        oldPassword: new Secret(oldPassword),
        newPassword: new Secret(newPassword),
      }),
    change: (
      idToken: Secret,
      oldPassword: string | undefined,
      newPassword: string,
      { deps: callDeps = deps, ...change }: { readonly tenant?: Tenant; readonly deps?: SignInDeps } = {},
    ) =>
      changeOwnPassword(callDeps, {
        ...base,
        ...change,
        idToken,
        oldPassword: oldPassword === undefined ? undefined : new Secret(oldPassword),
        newPassword: new Secret(newPassword),
      }),
  }
}
