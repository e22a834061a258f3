import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeEachDatabase, openTestDatabase, type TestDatabase } from '../../test/support/databases.ts'
import { aReset } from '../../test/support/sample-rows.ts'
import { seedTenant, seedUser } from '../../test/support/seed-tenant.ts'
import { openStates, type Reset, type ResetState } from '../core/reset/reset-state.ts'
import type { ResetChanges } from './store.ts'

const states: readonly ResetState[] = [...openStates, 'failed', 'completed', 'superseded', 'expired']

describeEachDatabase('resets', (kind) => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await openTestDatabase(kind)
  })
  afterAll(() => database.close())

  const aUser = async () => await seedUser(database.store, await seedTenant(database.store))

  async function insert(...resets: readonly Reset[]): Promise<void> {
    await database.store.transaction(async (repositories) => {
      for (const reset of resets) {
        await repositories.resets.insert(reset)
      }
    })
  }
  const find = (reset: Reset) => database.store.read.resets.find(reset.tenantId, reset.id)
  const change = (
    reset: Reset,
    expected: { states: readonly ResetState[]; leaseToken?: string | undefined },
    changes: ResetChanges,
  ) => database.store.transaction(({ resets }) => resets.change(reset.tenantId, reset.id, expected, changes))

  it('gives back every field as it was inserted', async () => {
    const user = await aUser()
    const empty = aReset(user, {
      state: 'failed',
      applicationId: undefined,
      digest: undefined,
      leaseToken: undefined,
      leaseExpiresAt: undefined,
    })
    const full = aReset(user, {
      sequence: 2,
      detail: 'interrupted',
      gateway: 'mail',
      settledAt: 1,
      promotedAt: 2,
      usedAt: 3,
    })
    await insert(empty, full)
    expect(await find(empty)).toEqual(empty)
    expect(await find(full)).toEqual(full)
    expect(
      await database.store.read.resets.find((await seedTenant(database.store)).id, full.id),
    ).toBeUndefined()
  })

  it('allows one reset of a user in flight, and any number after their flight', async () => {
    const user = await aUser()
    const first = aReset(user, { state: 'sending' })
    await insert(first)
    await expect(insert(aReset(user, { sequence: 2 }))).rejects.toMatchObject({
      name: 'DuplicateError',
      constraint: 'resets_in_flight',
    })
    expect(await database.store.read.resets.findInFlight(user.tenantId, user.id)).toEqual(first)
    expect(await change(first, { states: ['sending'] }, { state: 'unknown' })).toBe(true)
    expect(await database.store.read.resets.findInFlight(user.tenantId, user.id)).toBeUndefined()
    await insert(aReset(user, { sequence: 2 }))
  })

  it('refuses two resets of a user with the same number', async () => {
    const user = await aUser()
    await insert(aReset(user, { state: 'failed' }))
    await expect(insert(aReset(user, { state: 'failed' }))).rejects.toMatchObject({
      constraint: 'resets_sequence',
    })
  })

  it('moves a reset only from an expected state', async () => {
    const reset = aReset(await aUser())
    await insert(reset)
    expect(await change(reset, { states: ['sending', 'unknown'] }, { state: 'accepted' })).toBe(false)
    expect(await find(reset)).toEqual(reset)
    expect(await change(reset, { states: ['prepared'] }, { state: 'sending', gateway: 'mail' })).toBe(true)
    expect(await find(reset)).toEqual({ ...reset, state: 'sending', gateway: 'mail' })
  })

  it('moves a reset only with the lease token that stands there, if one is named', async () => {
    const reset = aReset(await aUser())
    await insert(reset)
    const states = ['prepared', 'sending'] as const
    expect(await change(reset, { states, leaseToken: 'lease-0' }, { state: 'failed' })).toBe(false)
    expect(await change(reset, { states, leaseToken: undefined }, { state: 'failed' })).toBe(false)
    expect(await change(reset, { states, leaseToken: 'lease-1' }, { leaseToken: 'lease-2' })).toBe(true)
    expect(await change(reset, { states, leaseToken: 'lease-1' }, { state: 'failed' })).toBe(false)
    expect(await change(reset, { states, leaseToken: 'lease-2' }, { leaseToken: undefined })).toBe(true)
    expect(await change(reset, { states, leaseToken: undefined }, { state: 'sending' })).toBe(true)
    expect(await find(reset)).toEqual({ ...reset, state: 'sending', leaseToken: undefined })
  })

  it('clears what is named as undefined and leaves what is not named', async () => {
    const reset = aReset(await aUser(), { detail: 'interrupted', gateway: 'mail', settledAt: 4 })
    await insert(reset)
    const changes = {
      digest: undefined,
      leaseExpiresAt: undefined,
      detail: undefined,
      promotedAt: 5,
      usedAt: 6,
    }
    expect(await change(reset, { states: ['prepared'] }, changes)).toBe(true)
    expect(await find(reset)).toEqual({ ...reset, ...changes })
  })

  it('lets one of many at once move a reset', async () => {
    const reset = aReset(await aUser())
    await insert(reset)
    const tokens = Array.from({ length: 8 }, (_, index) => `lease-new-${index}`)
    const moved = await Promise.all(
      tokens.map((leaseToken) =>
        change(reset, { states: ['prepared'], leaseToken: 'lease-1' }, { state: 'sending', leaseToken }),
      ),
    )
    expect(moved.filter(Boolean)).toHaveLength(1)
    expect((await find(reset))?.leaseToken).toBe(tokens[moved.indexOf(true)])
  })

  it('lists open resets and all of them, newest first', async () => {
    const user = await aUser()
    const resets = states
      .filter((state) => state !== 'sending')
      .map((state, index) => aReset(user, { state, sequence: index + 1 }))
    await insert(...resets)
    const { listOpen, list } = database.store.read.resets
    const statesOf = (listed: readonly Reset[]) => listed.map(({ state }) => state)
    expect(statesOf(await listOpen(user.tenantId, user.id))).toEqual([
      'used',
      'accepted',
      'unknown',
      'prepared',
    ])
    expect(statesOf(await list(user.tenantId, user.id, 2))).toEqual(['expired', 'superseded'])
    expect(await list(user.tenantId, user.id, 99)).toHaveLength(resets.length)
  })

  it('forgets old secrets beyond the newest ones', async () => {
    const user = await aUser()
    const resets = (['expired', 'superseded', 'used', 'superseded', 'superseded', 'accepted'] as const).map(
      (state, index) => aReset(user, { state, sequence: index + 1 }),
    )
    await insert(...resets)
    const remaining = async () => {
      const listed = await database.store.read.resets.list(user.tenantId, user.id, 99)
      return listed.filter(({ digest }) => digest !== undefined).map(({ sequence }) => sequence)
    }
    const forget = (keep: number) =>
      database.store.transaction((repositories) =>
        repositories.resets.forgetOldSecrets(user.tenantId, user.id, keep),
      )
    await forget(4)
    expect(await remaining()).toEqual([6, 5, 4, 3, 2, 1])
    await forget(2)
    expect(await remaining()).toEqual([6, 5, 4, 3])
    await forget(0)
    expect(await remaining()).toEqual([6, 3])
  })

  it('keeps attempts in their order, with how they ended', async () => {
    const reset = aReset(await aUser())
    await insert(reset)
    const attempt = {
      tenantId: reset.tenantId,
      resetId: reset.id,
      ordinal: 1,
      gateway: 'mail',
      startedAt: 5,
      endedAt: undefined,
      outcome: undefined,
      reason: undefined,
      reply: undefined,
    }
    const end = { endedAt: 6, outcome: 'refused-here', reason: 'gateway_busy', reply: '421 later' }
    await database.store.transaction(async ({ resets }) => {
      await resets.insertAttempt({ ...attempt, ordinal: 2, gateway: 'mail-2' })
      await resets.insertAttempt(attempt)
      await resets.endAttempt(reset.tenantId, reset.id, 1, end)
    })
    expect(await database.store.read.resets.listAttempts(reset.tenantId, reset.id)).toEqual([
      { ...attempt, ...end },
      { ...attempt, ordinal: 2, gateway: 'mail-2' },
    ])
  })
})

describeEachDatabase('sweeping resets of all tenants', (kind) => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await openTestDatabase(kind)
  })
  afterAll(() => database.close())

  it('finds what is over, the oldest first, and forgets secrets that nobody can use', async () => {
    const { store } = database
    const rows: Reset[] = []
    for (const [index, state] of states.entries()) {
      const user = await seedUser(store, await seedTenant(store))
      rows.push(aReset(user, { state, leaseExpiresAt: 1_000 + index, deadlineAt: 2_000 - index }))
    }
    await store.transaction(async ({ resets }) => {
      for (const row of rows) {
        await resets.insert(row)
      }
    })
    const { resets } = store.read
    const statesOf = (listed: readonly Reset[]) => listed.map(({ state }) => state)
    expect(statesOf(await resets.listExpiredLeasesOfAllTenants(5_000, 9))).toEqual(['prepared', 'sending'])
    expect(statesOf(await resets.listExpiredLeasesOfAllTenants(5_000, 1))).toEqual(['prepared'])
    expect(await resets.listExpiredLeasesOfAllTenants(1_000, 9)).toEqual([])
    expect(statesOf(await resets.listPastDeadlineOfAllTenants(5_000, 9))).toEqual([
      'used',
      'accepted',
      'unknown',
    ])
    expect(await resets.listPastDeadlineOfAllTenants(1_996, 9)).toEqual([])

    const forget = (before: number, limit: number) =>
      store.transaction((repositories) => repositories.resets.forgetSecretsOfAllTenants(before, limit))
    expect([
      await forget(1_992, 9),
      await forget(5_000, 1),
      await forget(5_000, 9),
      await forget(5_000, 9),
    ]).toEqual([0, 1, 1, 0])
    const forgotten = await Promise.all(rows.map((row) => resets.find(row.tenantId, row.id)))
    expect(forgotten.filter((row) => row?.digest === undefined).map((row) => row?.state)).toEqual([
      'superseded',
      'expired',
    ])
  })
})
