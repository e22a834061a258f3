import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeEachDatabase, openTestDatabase, type TestDatabase } from '../../test/support/databases.ts'
import { aReset, aSession } from '../../test/support/sample-rows.ts'
import { seedTenant, seedUser } from '../../test/support/seed-tenant.ts'
import { createTestClock } from '../../test/support/test-clock.ts'
import type { UserWithCredential } from '../core/users/user.ts'

const clock = createTestClock()

function recordOf({ credential: _, ...record }: UserWithCredential) {
  return record
}

describeEachDatabase('users', (kind) => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await openTestDatabase(kind, { clock })
  })
  afterAll(() => database.close())

  async function seed(change: Partial<UserWithCredential> = {}) {
    const tenant = await seedTenant(database.store)
    const { password: _, ...user } = await seedUser(database.store, tenant, change)
    return { tenant, user }
  }

  it('gives back every field as it was inserted', async () => {
    const full = {
      organizationId: 'o-1',
      language: 'zh',
      profile: { first_name: 'Älice', attr_city: '上海' },
      extension: { badge: 7, tags: ['a', 'b'], nothing: null },
      administratorRole: 'owner',
      disabled: true,
      mustChangePassword: true,
      passwordChangedAt: 1_700_000_000_001,
      lastSignInAt: 1_700_000_000_002,
      lastSignInAddress: '2001:db8::1',
    } as const
    const { tenant, user } = await seed(full)
    const { users } = database.store.read
    expect(await users.findWithCredential(tenant.id, user.id)).toEqual({ ...user, ...full })
    expect(await users.find(tenant.id, user.id)).toEqual({ ...recordOf(user), locked: false })
  })

  it('knows when a contact last became another one, by its own clock', async () => {
    const { user } = await seed()
    const { store } = database
    expect(user.contactChangedAt).toEqual({})
    const changedAfter = async (change: Partial<UserWithCredential>) => {
      const stored = await store.read.users.findWithCredential(user.tenantId, user.id)
      await store.transaction(({ users }) => users.update({ ...user, ...stored, ...change, updatedAt: 1 }))
      const after = await store.read.users.findWithCredential(user.tenantId, user.id)
      return after?.contactChangedAt ?? {}
    }
    expect(await changedAfter({ name: 'Other' })).toEqual({})
    // how an address is written is no other address
    expect(await changedAfter({ email: user.email?.toUpperCase() })).toEqual({})
    const from = await store.read.now()
    const { EMAIL = 0, ...others } = await changedAfter({ email: `new-${user.email}` })
    expect(others).toEqual({})
    expect(EMAIL).toBeGreaterThanOrEqual(from)
    expect(EMAIL).toBeLessThanOrEqual(await store.read.now())
    const cleared = await changedAfter({ mobile: undefined })
    expect(cleared).toEqual({ EMAIL, SMS: expect.any(Number) })
    clock.advance(60_000)
    const { SMS = 0 } = await changedAfter({ mobile: user.mobile })
    expect(SMS).toBeGreaterThanOrEqual((cleared.SMS ?? 0) + 60_000)
  })

  it('lists people with an administrative role, of one tenant', async () => {
    const { tenant, user } = await seed({ administratorRole: 'owner' })
    await seedUser(database.store, tenant)
    const other = await seed({ administratorRole: 'owner' })
    const listed = await database.store.read.users.listAdministrators(tenant.id)
    expect(listed).toEqual([recordOf(user)])
    expect(await database.store.read.users.listAdministrators(other.tenant.id)).toHaveLength(1)
  })

  it('finds a user by name however it is spelt, and in no other tenant', async () => {
    const { tenant, user } = await seed({ userName: `Zo\u00eb-${randomUUID()}` })
    const other = await seedTenant(database.store)
    const typed = user.userName.normalize('NFD').toUpperCase()
    const { users } = database.store.read
    expect(await users.findByUserName(tenant.id, typed)).toMatchObject({
      id: user.id,
      userName: user.userName,
    })
    expect(await users.findByUserName(other.id, user.userName)).toBeUndefined()
    expect(await users.find(other.id, user.id)).toBeUndefined()
  })

  it('refuses a second user with the same name, e-mail address or number, and says which', async () => {
    const { user } = await seed()
    const other = () => ({
      ...user,
      id: randomUUID(),
      userName: randomUUID(),
      email: undefined,
      mobile: undefined,
    })
    const insert = (second: UserWithCredential) =>
      database.store.transaction((repositories) => repositories.users.insert(second))
    const changes = {
      users_pkey: { id: user.id },
      users_user_name: { userName: user.userName.toUpperCase() },
      users_email: { email: user.email?.toUpperCase() },
      users_mobile: { mobile: user.mobile },
    }
    for (const [constraint, change] of Object.entries(changes)) {
      await expect(insert({ ...other(), ...change })).rejects.toMatchObject({
        name: 'DuplicateError',
        constraint,
      })
    }
    await insert(other())
    await insert(other()) // several without address and number are no duplicates
  })

  it('lists a page in the order of ids, or of changes, with the total', async () => {
    const { store } = database
    const tenant = await seedTenant(store)
    const ids = ['20260101-B', '20260101-a', '20260101_A', '202601010']
    for (const id of ids) {
      await seedUser(store, tenant, {
        id,
        organizationId: id === '202601010' ? 'o-2' : 'o-1',
        updatedAt: id.length,
      })
    }
    const page = (pageIndex: number, filter = {}) =>
      store.read.users.list(tenant.id, filter, { pageIndex, pageSize: 3 })
    const idsOf = (listed: Awaited<ReturnType<typeof page>>) => listed.users.map(({ id }) => id)
    const first = await page(0)
    expect(first.total).toBe(4)
    expect(idsOf(first)).toEqual(['20260101-B', '20260101-a', '202601010'])
    expect(idsOf(await page(1))).toEqual(['20260101_A'])
    expect(await page(2)).toEqual({ total: 4, users: [] })
    expect(idsOf(await page(0, { organizationId: 'o-2' }))).toEqual(['202601010'])
    expect(idsOf(await page(0, { updatedAfter: 9 }))).toEqual(['20260101_A', '20260101-a', '20260101-B'])
    expect(await page(0, { updatedAfter: 10 })).toEqual({ total: 0, users: [] })
  })

  it('pages through all users with their credentials', async () => {
    const { store } = database
    const tenant = await seedTenant(store)
    for (const id of ['u-1', 'u-2', 'u-3']) {
      await seedUser(store, tenant, { id })
    }
    const first = await store.read.users.listWithCredentials(tenant.id, undefined, 2)
    const second = await store.read.users.listWithCredentials(tenant.id, 'u-2', 2)
    expect([...first, ...second].map(({ id }) => id)).toEqual(['u-1', 'u-2', 'u-3'])
    expect(first[0]?.credential.version).toBe(1)
  })

  it('says locked until the lock is over by the clock of deadlines', async () => {
    const { tenant, user } = await seed()
    const { store } = database
    const lockedUntil = (await store.read.now()) + 60_000
    await store.transaction(({ signInFailures }) =>
      signInFailures.put({
        tenantId: tenant.id,
        subject: `user:${user.id}`,
        failedCount: 10,
        lastFailedAt: 1,
        lockedUntil,
      }),
    )
    expect(await store.read.users.find(tenant.id, user.id)).toMatchObject({ locked: true })
    expect((await store.read.users.list(tenant.id, {}, { pageIndex: 0, pageSize: 1 })).users).toMatchObject([
      { locked: true },
    ])
    clock.advance(61_000)
    expect(await store.read.users.find(tenant.id, user.id)).toMatchObject({ locked: false })
  })

  it('updates the record and leaves what signs in as it was', async () => {
    const { tenant, user } = await seed()
    const { store } = database
    const changed = {
      ...recordOf(user),
      userName: `Bob-${randomUUID()}`,
      email: undefined,
      mobile: '+49-15112345678',
      disabled: true,
      mustChangePassword: true,
      updatedAt: user.updatedAt + 5,
    }
    await store.transaction(({ users }) => users.update(changed))
    expect(await store.read.users.findWithCredential(tenant.id, user.id)).toEqual({
      ...changed,
      contactChangedAt: { EMAIL: expect.any(Number), SMS: expect.any(Number) },
      credential: user.credential,
    })
    await store.transaction(({ users }) => users.setDisabled(tenant.id, user.id, false, 99))
    expect(await store.read.users.find(tenant.id, user.id)).toMatchObject({ disabled: false, updatedAt: 99 })
    await store.transaction(({ users }) => users.recordSignIn(tenant.id, user.id, 98, undefined))
    expect(await store.read.users.find(tenant.id, user.id)).toMatchObject({ lastSignInAt: 98, updatedAt: 99 })
  })

  it('counts the credential version up with every change of it', async () => {
    const { tenant, user } = await seed()
    const change = { digest: 'bmV3', resetId: 'r-1', mustChangePassword: true, changedAt: 5 }
    const versions = await database.store.transaction(async ({ users }) => [
      await users.replaceCredential(tenant.id, user.id, change),
      await users.bumpCredentialVersion(tenant.id, user.id),
    ])
    expect(versions).toEqual([2, 3])
    const changed = await database.store.read.users.findWithCredential(tenant.id, user.id)
    expect(changed).toMatchObject({ mustChangePassword: true, passwordChangedAt: 5 })
    expect(changed?.credential).toEqual({ ...user.credential, digest: 'bmV3', resetId: 'r-1', version: 3 })
  })

  it('keeps salt and parameters when a password is voided, and replaces them when told', async () => {
    const { tenant, user } = await seed()
    const { store } = database
    const none = { digest: undefined, resetId: undefined, mustChangePassword: true, changedAt: 5 }
    await store.transaction(({ users }) => users.replaceCredential(tenant.id, user.id, none))
    const voided = await store.read.users.findWithCredential(tenant.id, user.id)
    expect(voided?.credential).toEqual({ ...user.credential, digest: undefined, version: 2 })
    const own = { ...none, digest: 'b3du', mustChangePassword: false, salt: 'c2FsdA==', parameters: 'p' }
    await store.transaction(({ users }) => users.replaceCredential(tenant.id, user.id, own))
    expect(await store.read.users.findWithCredential(tenant.id, user.id)).toMatchObject({
      mustChangePassword: false,
      credential: { salt: 'c2FsdA==', parameters: 'p', digest: 'b3du', version: 3 },
    })
  })

  it('numbers the resets of each user from 1', async () => {
    const { tenant, user } = await seed()
    const next = () => database.store.transaction(({ users }) => users.nextResetSequence(tenant.id, user.id))
    expect([await next(), await next()]).toEqual([1, 2])
  })

  it('remembers the present password once, and none when there is none', async () => {
    const { tenant, user } = await seed()
    await database.store.transaction(async ({ users }) => {
      await users.rememberPassword(tenant.id, user.id, 7, 5)
      await users.rememberPassword(tenant.id, user.id, 8, 5)
      await users.replaceCredential(tenant.id, user.id, {
        digest: undefined,
        resetId: undefined,
        mustChangePassword: true,
        changedAt: 7,
      })
      await users.rememberPassword(tenant.id, user.id, 9, 5)
    })
    const rows = await database.query('select digest, replaced_at from password_history where user_id = $1', [
      user.id,
    ])
    expect(rows).toEqual([{ digest: user.credential.digest, replaced_at: 7 }])
  })

  it('keeps the newest passwords of the history, as many as it is told', async () => {
    const { tenant, user } = await seed()
    const { store } = database
    const replace = (digest: string, keep: number) =>
      store.transaction(async ({ users }) => {
        await users.rememberPassword(tenant.id, user.id, 7, keep)
        const change = { digest, resetId: undefined, mustChangePassword: false, changedAt: 7 }
        await users.replaceCredential(tenant.id, user.id, change)
      })
    const digests = async (limit = 50) =>
      (await store.read.users.listPasswordHistory(tenant.id, user.id, limit)).map(({ digest }) => digest)
    for (const digest of ['one', 'two', 'three']) {
      await replace(digest, 2)
    }
    expect(await digests()).toEqual(['two', 'one'])
    expect(await digests(1)).toEqual(['two'])
    await replace('four', 3)
    expect(await digests()).toEqual(['three', 'two', 'one'])
    await replace('five', 1)
    expect(await digests()).toEqual(['four'])
    await replace('six', 0)
    expect(await digests()).toEqual([])
  })

  it('deletes a user with history and sessions, and not the resets', async () => {
    const { tenant, user } = await seed()
    const { store } = database
    const reset = aReset(user)
    const session = aSession(user)
    await store.transaction(async ({ users, resets, sessions }) => {
      await users.rememberPassword(tenant.id, user.id, 7, 5)
      await resets.insert(reset)
      await sessions.insert(session)
    })
    await store.transaction(({ users }) => users.delete(tenant.id, user.id))
    expect(await store.read.users.find(tenant.id, user.id)).toBeUndefined()
    expect(await store.read.sessions.find(tenant.id, session.id)).toBeUndefined()
    expect(await store.read.resets.find(tenant.id, reset.id)).toEqual(reset)
    const rows = await database.query('select digest from password_history where user_id = $1', [user.id])
    expect(rows).toEqual([])
  })

  it('finds nobody by text that no database can hold', async () => {
    const { tenant } = await seed()
    const { users } = database.store.read
    for (const text of ['a\0b', '\ud800', '\0']) {
      expect(await users.find(tenant.id, text)).toBeUndefined()
      expect(await users.findByUserName(tenant.id, text)).toBeUndefined()
      expect(await users.findForSignInById(tenant.id, text)).toBeUndefined()
      const keys = { userNameKey: text, emailKey: text, mobile: undefined }
      expect(await users.findForSignIn(tenant.id, keys)).toBeUndefined()
      const page = { pageIndex: 0, pageSize: 5 }
      expect(await users.list(tenant.id, { organizationId: text }, page)).toEqual({ total: 0, users: [] })
    }
    await expect(seed({ name: 'a\0b' })).rejects.toThrow('cannot be stored')
  })
})
