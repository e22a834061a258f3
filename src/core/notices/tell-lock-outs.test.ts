import { randomUUID } from 'node:crypto'
import { beforeEach, expect, it } from 'vitest'
import { describeEachDatabase } from '../../../test/support/databases.ts'
import { useSignIn } from '../../../test/support/sign-in-fixture.ts'
import { HOUR_MS, MINUTE_MS } from '../clock.ts'
import type { NoticeSettings } from '../tenants/tenant.ts'
import { tellLockOuts } from './tell-lock-outs.ts'

describeEachDatabase('tellLockOuts', (kind) => {
  const fixture = useSignIn(kind)
  beforeEach(async () => {
    const { database } = fixture()
    await database.query('delete from notices')
    await database.query('delete from sign_in_failures')
    await setNotices({})
  })

  const run = () => tellLockOuts(fixture().deps)

  async function setNotices(change: Partial<NoticeSettings>): Promise<void> {
    const { database, tenant } = fixture()
    const settings = { ...tenant.settings, notices: { ...tenant.settings.notices, ...change } }
    await database.store.transaction(({ tenants }) => tenants.update({ ...tenant, settings }))
  }

  async function lockOut(loginName: string): Promise<void> {
    for (const code of ['SDK.LOGIN.1005', 'SDK.LOGIN.1005', 'SDK.LOGIN.1003']) {
      await expect(fixture().signIn(loginName, 'wrong')).rejects.toMatchObject({ code })
    }
  }

  /** `channel user`, in order. */
  async function told(): Promise<readonly string[]> {
    const rows = await fixture().database.query('select channel, user_id from notices order by id')
    return rows.map(({ channel, user_id: userId }) => `${channel} ${userId}`)
  }

  it('writes when it began and ends, and keeps the address sealed', async () => {
    const { database, clock, user: newUser } = fixture()
    const email = `${randomUUID()}@acme.example`
    const user = await newUser({ email })
    await lockOut(user.userName)
    const lockedAt = await database.store.read.now()
    clock.advance(5_000)
    expect(await run()).toBe(1)
    const notice = await database.store.transaction(({ notices }) =>
      notices.claimOfAllTenants(lockedAt + 60_000, lockedAt + 60_001),
    )
    expect(notice).toMatchObject({ event: 'account-locked', channel: 'EMAIL', userId: user.id })
    expect(notice?.createdAt).toBeLessThanOrEqual(lockedAt)
    expect(notice?.variables.lockedUntil).toBe((notice?.createdAt ?? 0) + 15 * MINUTE_MS)
    expect(notice?.destinationSealed).not.toContain(email)
  })

  it('writes once for a lock, however many look at once and whatever is typed while it lasts', async () => {
    const user = await fixture().user()
    await lockOut(user.userName)
    await Promise.all([run(), run(), run()])
    await expect(fixture().signIn(user.userName, 'wrong')).rejects.toMatchObject({ code: 'SDK.LOGIN.1003' })
    expect(await run()).toBe(0)
    expect(await told()).toEqual([`EMAIL ${user.id}`])
  })

  it('writes nothing for attempts that do not lock', async () => {
    const user = await fixture().user()
    await expect(fixture().signIn(user.userName, 'wrong')).rejects.toMatchObject({ code: 'SDK.LOGIN.1005' })
    expect([await run(), await told()]).toEqual([0, []])
  })

  it('leaves nothing of a name that nobody has but the count, looked at once', async () => {
    await lockOut(`nobody-${randomUUID()}`)
    expect([await run(), await run(), await told()]).toEqual([1, 0, []])
  })

  it('writes at most once an hour for an account that is kept locked', async () => {
    const { clock, user: newUser } = fixture()
    const user = await newUser()
    for (let lock = 0; lock < 4; lock += 1) {
      await lockOut(user.userName)
      expect(await run()).toBe(1)
      expect(await told()).toHaveLength(1)
      clock.advance(15 * MINUTE_MS + 1)
    }
    await lockOut(user.userName)
    await run()
    expect(await told()).toHaveLength(2)
  })

  it('writes anew for a lock after one that a delivered password ended', async () => {
    const { user: newUser, reset, stateToken } = fixture()
    const user = await newUser()
    await lockOut(user.userName)
    await run()
    const delivered = await reset(user, 'accepted')
    await stateToken(user.userName, delivered.password)
    await lockOut(user.userName)
    expect(await run()).toBe(1)
    expect(await told()).toHaveLength(2)
  })

  it('writes nothing once the lock was ended before anybody looked', async () => {
    const { user: newUser, reset, stateToken } = fixture()
    const user = await newUser()
    await lockOut(user.userName)
    const delivered = await reset(user, 'accepted')
    await stateToken(user.userName, delivered.password)
    expect([await run(), await told()]).toEqual([0, []])
  })

  it('goes by SMS where there is no address, if the tenant pays for that, and nowhere otherwise', async () => {
    const { user: newUser } = fixture()
    const user = await newUser({ email: undefined })
    await lockOut(user.userName)
    await run()
    expect(await told()).toEqual([])
    await setNotices({ bySms: true })
    fixture().clock.advance(HOUR_MS)
    await lockOut(user.userName)
    await run()
    expect(await told()).toEqual([`SMS ${user.id}`])
  })

  it('writes nothing where the tenant says so, nor to disabled users', async () => {
    const { user: newUser } = fixture()
    const [first, disabled] = [await newUser(), await newUser({ disabled: true })]
    await setNotices({ accountLocked: false })
    await lockOut(first.userName)
    await run()
    await setNotices({})
    await lockOut(disabled.userName)
    expect([await run(), await told()]).toEqual([1, []])
  })
})
