import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeEachDatabase, openTestDatabase, type TestDatabase } from '../../test/support/databases.ts'
import { aSession, aStateToken } from '../../test/support/sample-rows.ts'
import { seedTenant, seedUser } from '../../test/support/seed-tenant.ts'

describeEachDatabase('sessions and counts of wrong passwords', (kind) => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await openTestDatabase(kind)
  })
  afterAll(() => database.close())

  const aUser = async () => await seedUser(database.store, await seedTenant(database.store))

  it('finds a session by id and by token, and only in its tenant', async () => {
    const { store } = database
    const session = aSession(await aUser())
    await store.transaction(({ sessions }) => sessions.insert(session))
    expect(await store.read.sessions.find(session.tenantId, session.id)).toEqual(session)
    expect(await store.read.sessions.findByToken(session.tenantId, session.tokenDigest)).toEqual(session)
    const other = await seedTenant(store)
    expect(await store.read.sessions.findByToken(other.id, session.tokenDigest)).toBeUndefined()
    await expect(
      store.transaction(({ sessions }) => sessions.insert({ ...session, id: 'other' })),
    ).rejects.toMatchObject({ constraint: 'sessions_token' })
  })

  it('finds a state token, and says whether a reset has a living one', async () => {
    const { store } = database
    const token = aStateToken(await aUser(), { expiresAt: 100 })
    const bare = aStateToken(
      { tenantId: token.tenantId, id: token.userId },
      { resetId: undefined, expiresAt: 900 },
    )
    await store.transaction(async ({ sessions }) => {
      await sessions.insertStateToken(token)
      await sessions.insertStateToken(bare)
    })
    const { sessions } = store.read
    expect(await sessions.findStateToken(token.tenantId, token.tokenDigest)).toEqual(token)
    expect(await sessions.findStateToken(token.tenantId, bare.tokenDigest)).toEqual(bare)
    const lives = (resetId: string, now: number) =>
      sessions.hasLiveStateToken(token.tenantId, token.userId, resetId, now)
    expect([await lives('reset-1', 99), await lives('reset-1', 100), await lives('reset-2', 99)]).toEqual([
      true,
      false,
      false,
    ])
  })

  it('ends everything of one user and counts it', async () => {
    const { store } = database
    const [user, neighbour] = [await aUser(), await aUser()]
    const kept = aSession(neighbour)
    await store.transaction(async ({ sessions }) => {
      await sessions.insert(aSession(user))
      await sessions.insert(aSession(user))
      await sessions.insertStateToken(aStateToken(user))
      await sessions.insert(kept)
    })
    const end = () => store.transaction(({ sessions }) => sessions.endAll(user.tenantId, user.id))
    expect(await end()).toEqual({ sessions: 2, stateTokens: 1 })
    expect(await end()).toEqual({ sessions: 0, stateTokens: 0 })
    expect(await store.read.sessions.find(kept.tenantId, kept.id)).toEqual(kept)
  })

  it('gives a state token back with its purpose, and ends it alone', async () => {
    const { store } = database
    const user = await aUser()
    const [token, other] = [
      aStateToken(user, { purpose: 'may_change', resetId: undefined }),
      aStateToken(user),
    ]
    await store.transaction(async ({ sessions }) => {
      await sessions.insertStateToken(token)
      await sessions.insertStateToken(other)
    })
    const find = (tokenDigest: string) => store.read.sessions.findStateToken(user.tenantId, tokenDigest)
    expect(await find(token.tokenDigest)).toEqual(token)
    await store.transaction(({ sessions }) => sessions.deleteStateToken(user.tenantId, token.tokenDigest))
    expect(await find(token.tokenDigest)).toBeUndefined()
    expect(await find(other.tokenDigest)).toEqual(other)
  })

  it('sweeps what expired, of either kind', async () => {
    const { store } = database
    const user = await aUser()
    const living = aSession(user, { expiresAt: 20 })
    await store.transaction(async ({ sessions }) => {
      await sessions.insert(aSession(user, { expiresAt: 10 }))
      await sessions.insert(aSession(user, { expiresAt: 11 }))
      await sessions.insertStateToken(aStateToken(user, { expiresAt: 12 }))
      await sessions.insert(living)
    })
    const sweep = () => store.transaction(({ sessions }) => sessions.deleteExpiredOfAllTenants(20, 1))
    expect([await sweep(), await sweep(), await sweep()]).toEqual([2, 1, 0])
    expect(await store.read.sessions.find(user.tenantId, living.id)).toEqual(living)
  })

  it('keeps one count for each subject', async () => {
    const { store } = database
    const tenant = await seedTenant(store)
    const failures = {
      tenantId: tenant.id,
      subject: 'name:x',
      failedCount: 1,
      lastFailedAt: 5,
      lockedUntil: undefined,
    }
    const put = (change: object) =>
      store.transaction(({ signInFailures }) => signInFailures.put({ ...failures, ...change }))
    await put({})
    expect(await store.read.signInFailures.find(tenant.id, 'name:x')).toEqual(failures)
    await put({ failedCount: 10, lockedUntil: 9 })
    expect(await store.read.signInFailures.find(tenant.id, 'name:x')).toEqual({
      ...failures,
      failedCount: 10,
      lockedUntil: 9,
    })
    await store.transaction(({ signInFailures }) => signInFailures.clear(tenant.id, 'name:x'))
    expect(await store.read.signInFailures.find(tenant.id, 'name:x')).toBeUndefined()
  })

  it('counts every one of many wrong passwords at once, for a name nobody has', async () => {
    const { store } = database
    const tenant = await seedTenant(store)
    const count = () =>
      store.transaction(async ({ signInFailures }) => {
        const failures = await signInFailures.lock(tenant.id, 'name:nobody')
        await signInFailures.put({ ...failures, failedCount: failures.failedCount + 1 })
      })
    await Promise.all(Array.from({ length: 12 }, count))
    expect(await store.read.signInFailures.find(tenant.id, 'name:nobody')).toMatchObject({
      failedCount: 12,
      lastFailedAt: 0,
      lockedUntil: undefined,
    })
  })

  it('sweeps counts that are old and lock nobody', async () => {
    const { store } = database
    const tenant = await seedTenant(store)
    await store.transaction(async ({ signInFailures }) => {
      const rows = [
        { subject: 'old', lastFailedAt: 5, lockedUntil: undefined },
        { subject: 'over', lastFailedAt: 5, lockedUntil: 9 },
        { subject: 'locked', lastFailedAt: 5, lockedUntil: 10 },
        { subject: 'new', lastFailedAt: 10, lockedUntil: undefined },
      ]
      for (const row of rows) {
        await signInFailures.put({ tenantId: tenant.id, failedCount: 1, ...row })
      }
    })
    await store.transaction(({ signInFailures }) => signInFailures.deleteOldOfAllTenants(10, 100))
    const remaining = await Promise.all(
      ['old', 'over', 'locked', 'new'].map((subject) => store.read.signInFailures.find(tenant.id, subject)),
    )
    expect(remaining.map((row) => row?.subject)).toEqual([undefined, undefined, 'locked', 'new'])
  })
})
