import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeEachDatabase, openTestDatabase, type TestDatabase } from '../../test/support/databases.ts'
import { aReset } from '../../test/support/sample-rows.ts'
import { seedTenant, seedUser } from '../../test/support/seed-tenant.ts'
import { createTestClock } from '../../test/support/test-clock.ts'
import type { ResetState } from '../core/reset/reset-state.ts'
import type { SignInKeys } from './store.ts'

const clock = createTestClock()
const nobody: SignInKeys = { userNameKey: 'nobody', emailKey: 'nobody', mobile: undefined }

describeEachDatabase('looking up who signs in', (kind) => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await openTestDatabase(kind, { clock })
  })
  afterAll(() => database.close())

  it('tries user name, then e-mail address, then mobile number', async () => {
    const { store } = database
    const tenant = await seedTenant(store)
    const shared = `x-${randomUUID()}@acme.example`
    const mobile = '+86-13800000001'
    const named = await seedUser(store, tenant, { userName: shared, email: undefined, mobile: undefined })
    const mailed = await seedUser(store, tenant, { email: shared, mobile: undefined })
    const called = await seedUser(store, tenant, { email: undefined, mobile })
    const find = async (keys: Partial<SignInKeys>) =>
      (await store.read.users.findForSignIn(tenant.id, { ...nobody, ...keys }))?.user.id
    expect(await find({ userNameKey: shared, emailKey: shared, mobile })).toBe(named.id)
    expect(await find({ emailKey: shared, mobile })).toBe(mailed.id)
    expect(await find({ mobile })).toBe(called.id)
    expect(await find({})).toBeUndefined()
    const other = await seedTenant(store)
    expect(await store.read.users.findForSignIn(other.id, { ...nobody, userNameKey: shared })).toBeUndefined()
  })

  it('brings the secrets whose hash is known and may be tried, newest first, and the clock', async () => {
    const { store } = database
    const tenant = await seedTenant(store)
    const { password: _, ...user } = await seedUser(store, tenant)
    const states: ResetState[] = [
      ...(['superseded', 'expired', 'used', 'accepted', 'unknown', 'failed', 'completed'] as const),
      'sending',
    ]
    await store.transaction(async ({ resets }) => {
      for (const [index, state] of states.entries()) {
        await resets.insert(
          aReset(user, { sequence: index + 1, state, promotedAt: state === 'used' ? 3 : undefined }),
        )
      }
      await resets.insert(aReset(user, { sequence: 20, state: 'expired', digest: undefined }))
    })
    const view = await store.read.users.findForSignIn(tenant.id, {
      ...nobody,
      userNameKey: user.userName.toLowerCase(),
    })
    expect(view?.user).toEqual(user)
    expect(view?.secrets.map(({ state, sequence, promotedAt }) => [state, sequence, promotedAt])).toEqual([
      ['sending', 8, undefined],
      ['unknown', 5, undefined],
      ['accepted', 4, undefined],
      ['used', 3, 3],
      ['expired', 2, undefined],
      ['superseded', 1, undefined],
    ])
    expect(view?.secrets[0]).toMatchObject({ digest: 'ZGlnZXN0', deadlineAt: 1_900_000_000_000 })
    expect(await store.read.users.findForSignInById(tenant.id, user.id)).toMatchObject({
      user,
      secrets: view?.secrets ?? [],
    })
  })

  it('reads a clock that moves with the test', async () => {
    const { store } = database
    const tenant = await seedTenant(store)
    const user = await seedUser(store, tenant)
    const now = async () => (await store.read.users.findForSignInById(tenant.id, user.id))?.now ?? 0
    const before = await now()
    expect(Math.abs(before - clock.now())).toBeLessThan(5_000)
    clock.advance(3_600_000)
    expect((await now()) - before).toBeGreaterThanOrEqual(3_600_000)
    expect((await store.read.now()) - before).toBeGreaterThanOrEqual(3_600_000)
    expect(Math.abs((await store.measureClock()).skewMs)).toBeLessThan(5_000)
  })
})
