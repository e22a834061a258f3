import { randomBytes, randomUUID } from 'node:crypto'
import { afterAll, beforeAll } from 'vitest'
import type { AuditRow } from '../../src/audit/audit-row.ts'
import type { ResetAnswer, ResetCall } from '../../src/core/core.ts'
import { createPasswordHasher } from '../../src/core/password/create-password-hasher.ts'
import { systemRandomBytes } from '../../src/core/randomness.ts'
import { openReset } from '../../src/core/reset/open-reset.ts'
import type { ResetDeps } from '../../src/core/reset/reset-deps.ts'
import { resetPassword } from '../../src/core/reset/reset-password.ts'
import type { NewPassword, OpenedReset, ResetFlight, ResetRun } from '../../src/core/reset/reset-run.ts'
import type { Reset } from '../../src/core/reset/reset-state.ts'
import { createSharedResets } from '../../src/core/reset/share-reset.ts'
import { Secret } from '../../src/core/secret.ts'
import type { OldPasswordMode, SendMode, Tenant } from '../../src/core/tenants/tenant.ts'
import type { UserWithCredential } from '../../src/core/users/user.ts'
import { createMessageSender } from '../../src/messaging/send-message.ts'
import { createSeal, type Seal } from '../../src/store/seal.ts'
import type { Store } from '../../src/store/store.ts'
import { openTestDatabase, type TestDatabase, type TestDatabaseKind } from './databases.ts'
import {
  cheapHashParameters,
  type SeededApplication,
  type SeededUser,
  seedApplication,
  seedUser,
} from './seed-tenant.ts'
import { type SmsSink, startSmsSink } from './sms-sink.ts'
import { type SmtpSink, startSmtpSink } from './smtp-sink.ts'
import { readMailedPasswords, seedDeliverableTenant } from './start-app.ts'
import { createTestClock, type TestClock } from './test-clock.ts'

export interface ResetFixture {
  readonly seal: Seal
  readonly clock: TestClock
  readonly database: TestDatabase
  readonly tenant: Tenant
  readonly application: SeededApplication
  readonly smtp: SmtpSink
  readonly sms: SmsSink
  /** As `app.ts` puts them together. */
  readonly deps: ResetDeps
  user(change?: Partial<UserWithCredential>): Promise<SeededUser>
  /** One call of the application, by mail, as from a process of its own; `change` replaces dependencies. */
  reset(
    user: SeededUser,
    change?: Partial<ResetDeps>,
    sendMode?: SendMode,
    oldPassword?: OldPasswordMode,
  ): Promise<ResetAnswer>
  /** The first transaction alone: a reset in `prepared`, on its way as `deliverReset` would take it. */
  open(
    user: SeededUser,
    change?: Partial<ResetDeps>,
    sendMode?: SendMode,
    oldPassword?: OldPasswordMode,
  ): Promise<OpenedFlight>
  resetsOf(user: SeededUser): Promise<readonly Reset[]>
  findUser(user: SeededUser): Promise<UserWithCredential>
  /** The record about this user or reset, oldest first. */
  recordOf(targetId: string): Promise<readonly AuditRow[]>
  /** Passwords that were mailed to the user, oldest first. */
  mailedTo(user: SeededUser): Promise<readonly string[]>
  /** Whether the password is what the user's digest stands for. */
  isPasswordOf(user: SeededUser, password: string): Promise<boolean>
}

export interface OpenedFlight {
  readonly flight: ResetFlight
  readonly password: NewPassword
}

/** The workflow over a real store, SMTP server and SMS endpoint, for the tests of the surrounding `describe`. */
export function useResets(
  kind: TestDatabaseKind,
  settings: Parameters<typeof seedDeliverableTenant>[3] = {},
): () => ResetFixture {
  let fixture: (ResetFixture & { close(): Promise<void> }) | undefined
  beforeAll(async () => {
    fixture = await createFixture(kind, settings)
  })
  afterAll(async () => {
    await fixture?.close()
  })
  return () => {
    if (fixture === undefined) {
      throw new Error('the database is not open yet')
    }
    return fixture
  }
}

async function createFixture(
  kind: TestDatabaseKind,
  settings: Parameters<typeof seedDeliverableTenant>[3],
): Promise<ResetFixture & { close(): Promise<void> }> {
  const clock = createTestClock()
  const database = await openTestDatabase(kind, { clock })
  const { store } = database
  const [smtp, sms] = [await startSmtpSink(), await startSmsSink()]
  const tenant = await seedDeliverableTenant(database, smtp.url, sms.url, settings)
  const application = await seedApplication(store, tenant)
  const seal = createSeal(randomBytes(32))
  const deps = createDeps(store, clock, seal)
  const base = { seal, clock, database, tenant, application, smtp, sms, deps }
  return {
    ...base,
    ...createCalls(base),
    ...createReads(base),
    async close() {
      await deps.sender.close()
      await Promise.all([smtp.close(), sms.close()])
      await database.close()
    },
  }
}

function createDeps(store: Store, clock: TestClock, seal: Seal): ResetDeps {
  return {
    store,
    clock,
    random: systemRandomBytes,
    hasher: createPasswordHasher({
      random: systemRandomBytes,
      concurrencyMax: 2,
      queueMax: 1_000,
      parameters: cheapHashParameters,
    }),
    sender: createMessageSender({
      store,
      clock,
      isSealed: seal.isSealed,
      openSecret: seal.open,
      onAttempt: () => undefined,
      log: { warn: () => undefined, error: () => undefined },
    }),
    mac: seal.mac,
    sealAddress: (address, context) => seal.seal(new Secret(address), context),
    publicUrl: undefined,
    shared: createSharedResets(clock),
    callDeadlineMs: 25_000,
    leaseGraceMs: 30_000,
    onSettled: () => undefined,
    onStorm: () => undefined,
    onTrouble: () => undefined,
    reached: () => undefined,
  }
}

type Base = Pick<ResetFixture, 'clock' | 'database' | 'tenant' | 'application' | 'smtp' | 'sms' | 'deps'>

function createCalls({ database, tenant, application, clock, deps: common }: Base) {
  const callFor = (user: SeededUser, sendMode: SendMode): ResetCall => ({
    tenant,
    applicationId: application.id,
    requestId: `request-${randomUUID()}`,
    userId: user.id,
    sendMode,
  })
  const depsWith = (change: Partial<ResetDeps>): ResetDeps => ({
    ...common,
    shared: createSharedResets(clock),
    ...change,
  })
  return {
    user: (change?: Partial<UserWithCredential>) => seedUser(database.store, tenant, change),
    reset: (
      user: SeededUser,
      change: Partial<ResetDeps> = {},
      sendMode: SendMode = 'EMAIL',
      oldPassword?: OldPasswordMode,
    ) => resetPassword(depsWith(change), { ...callFor(user, sendMode), oldPassword }),
    async open(
      user: SeededUser,
      change: Partial<ResetDeps> = {},
      sendMode: SendMode = 'EMAIL',
      oldPasswordMode: OldPasswordMode = 'keep-until-accepted',
    ): Promise<OpenedFlight> {
      const deps = depsWith(change)
      const call = callFor(user, sendMode)
      const run: ResetRun = {
        call,
        identity: {
          tenantId: tenant.id,
          applicationId: application.id,
          userId: user.id,
          sendMode,
          oldPasswordMode,
        },
        deadlineMonotonicMs: clock.monotonicMs() + deps.callDeadlineMs,
      }
      const { salt, parameters } = user.credential
      const secret = new Secret(`New-${randomUUID()}`)
      const password = { secret, salt, parameters, digest: await deps.hasher.hash(secret, salt, parameters) }
      const opened = await openReset(deps, run, password)
      return { password, flight: flightOf(run, requireOpened(opened)) }
    },
  }
}

function requireOpened(opened: { readonly kind: string } | OpenedReset): OpenedReset {
  if (opened.kind !== 'opened') {
    throw new Error(`not opened: ${opened.kind}`)
  }
  return opened as OpenedReset
}

function flightOf(run: ResetRun, opened: OpenedReset): ResetFlight {
  return { run, opened, reset: opened.reset, attempts: 0, tokenInDoubt: undefined, mayHaveLeft: false }
}

function createReads({ database: { store }, tenant, smtp, deps }: Base) {
  const findUser = async ({ id }: SeededUser): Promise<UserWithCredential> => {
    const user = await store.read.users.findWithCredential(tenant.id, id)
    if (user === undefined) {
      throw new Error('no such user')
    }
    return user
  }
  return {
    findUser,
    resetsOf: ({ id }: SeededUser) => store.read.resets.list(tenant.id, id, 100),
    recordOf: async (targetId: string): Promise<readonly AuditRow[]> => {
      const rows = await store.read.audit.list(tenant.id, 10_000)
      return rows.filter((row) => row.targetId === targetId).toReversed()
    },
    mailedTo: (user: SeededUser) => readMailedPasswords(smtp, user.email ?? ''),
    isPasswordOf: async (user: SeededUser, password: string): Promise<boolean> => {
      const { digest, salt, parameters } = (await findUser(user)).credential
      return digest === (await deps.hasher.hash(new Secret(password), salt, parameters))
    },
  }
}
