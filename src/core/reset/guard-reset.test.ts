import { describe, expect, it } from 'vitest'
import { describeEachDatabase } from '../../../test/support/databases.ts'
import { useResets } from '../../../test/support/reset-fixture.ts'
import { seedOrganization } from '../../../test/support/seed-organization.ts'
import type { SeededUser } from '../../../test/support/seed-tenant.ts'
import type { Repositories } from '../../store/store.ts'
import type { PasswordHasher } from '../password/password-hasher.ts'
import type { Tenant } from '../tenants/tenant.ts'
import { resetPassword } from './reset-password.ts'
import { createSharedResets } from './share-reset.ts'

// reset protocol, rule 2: what was checked before is checked again under the user's lock
describeEachDatabase('between the look-up and the lock', (kind) => {
  const fixture = useResets(kind)

  /** A reset during whose hash, which comes after every check and before the lock, this happens. */
  async function resetWhile(
    user: SeededUser,
    change: (repositories: Repositories) => Promise<void>,
    caller: 'application' | 'operator' = 'application',
  ) {
    const { deps, database, tenant, application, clock } = fixture()
    let happened = false
    const hasher: PasswordHasher = {
      ...deps.hasher,
      async hash(...args) {
        if (!happened) {
          happened = true
          await database.store.transaction(change)
        }
        return await deps.hasher.hash(...args)
      },
    }
    const reset = { ...tenant.settings.reset, contactQuarantineHours: 1 }
    const strict: Tenant = { ...tenant, settings: { ...tenant.settings, reset } }
    const applicationId = caller === 'operator' ? undefined : application.id
    const call = { tenant: strict, applicationId, requestId: 'r', userId: user.id, sendMode: 'EMAIL' }
    const ended = await resetPassword({ ...deps, hasher, shared: createSharedResets(clock) }, call).catch(
      (error: unknown) => error,
    )
    expect(happened).toBe(true)
    return ended
  }

  async function expectNothingSent(user: SeededUser, email = user.email): Promise<void> {
    const { smtp } = fixture()
    expect(smtp.mails.filter((mail) => mail.to.includes(email ?? ''))).toEqual([])
    expect(await fixture().resetsOf(user)).toEqual([])
    expect(await fixture().isPasswordOf(user, user.password)).toBe(true)
  }

  it('a changed contact gets no message', async () => {
    const user = await fixture().user()
    const { password: _, credential: __, ...row } = user
    const email = `new-${user.email}`
    const ended = await resetWhile(user, ({ users }) => users.update({ ...row, email }))
    expect(ended).toMatchObject({ code: 'MSG.0004', detail: 'contact_quarantined' })
    await expectNothingSent(user)
    await expectNothingSent(user, email)
  })

  it('a user who becomes an administrator is protected', async () => {
    const user = await fixture().user()
    const { password: _, credential: __, ...row } = user
    const promote = ({ users }: Repositories) => users.update({ ...row, administratorRole: 'owner' })
    expect(await resetWhile(user, promote)).toMatchObject({ code: 'USER.9006' })
    await expectNothingSent(user)
    expect(await resetWhile(user, promote, 'operator')).toMatchObject({ resetId: expect.any(String) })
  })

  describe('an application', () => {
    it('that is bound to organisations resets nobody who leaves them', async () => {
      const { tenant, application, database } = fixture()
      const [inside, outside] = [
        await seedOrganization(database.store, tenant),
        await seedOrganization(database.store, tenant),
      ]
      const bind = (ids: readonly string[] | undefined) =>
        database.store.transaction(({ applications }) =>
          applications.update({ ...application, resetOrganizationIds: ids }, 1),
        )
      await bind([inside])
      const user = await fixture().user({ organizationId: inside })
      const { password: _, credential: __, ...row } = user
      const ended = await resetWhile(user, ({ users }) => users.update({ ...row, organizationId: outside }))
      expect(ended).toMatchObject({ code: 'insufficient_scope', detail: 'outside_organizations' })
      await expectNothingSent(user)
      await bind(undefined)
    })

    it('that is stopped opens no reset any more, and those in flight finish', async () => {
      const { tenant, application, database } = fixture()
      const [user, other] = [await fixture().user(), await fixture().user()]
      const stop = (at: number | undefined) =>
        database.store.transaction(({ applications }) =>
          applications.stopResets(tenant.id, application.id, at),
        )
      const ended = await resetWhile(user, ({ applications }) =>
        applications.stopResets(tenant.id, application.id, 1),
      )
      expect(ended).toMatchObject({ code: 'MSG.0004', detail: 'application_stopped' })
      await expectNothingSent(user)
      await stop(undefined)
      const inFlight = fixture().reset(other, {
        reached: async (point) => (point === 'sending' ? await stop(1) : undefined),
      })
      expect(await inFlight).toMatchObject({ userId: other.id })
      expect(await fixture().mailedTo(other)).toHaveLength(1)
      await stop(undefined)
    })
  })
})
