import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createApiClient } from '../../../../../test/support/api-client.ts'
import { describeEachDatabase } from '../../../../../test/support/databases.ts'
import { expectSignsIn } from '../../../../../test/support/passwords.ts'
import { seedOrganization } from '../../../../../test/support/seed-organization.ts'
import { type SeededUser, seedApplication } from '../../../../../test/support/seed-tenant.ts'
import { startApp, type TestApp } from '../../../../../test/support/start-app.ts'
import type { Application } from '../../../../core/applications/application.ts'

const OUTSIDE =
  '{"error":"insufficient_scope","error_description":"One of these permissions is needed: user_all, all"}'

describeEachDatabase('an application with user_reset', (kind) => {
  let app: TestApp
  beforeAll(async () => {
    app = await startApp(kind)
  })
  afterAll(() => app.close())

  const clientWith = async (change: Partial<Application> = {}) =>
    createApiClient(app.url, await seedApplication(app.database.store, app.tenant, ['user_reset'], change))

  it('resets at either path, and may do nothing else with users', async () => {
    const client = await clientWith()
    const alice = await app.addUser()
    expect((await client.resetPassword(alice.id, 'EMAIL')).status).toBe(200)
    const headers = { authorization: `Bearer ${await client.token()}`, 'content-type': 'application/json' }
    const path = `/api/v2/tenant/users/${alice.id}`
    const alias = await client.call('PUT', `${path}/reset-password?send_mode=SMS`, { headers })
    expect(alias.status).toBe(200)
    for (const [method, operation] of [
      ['GET', ''],
      ['PUT', '/disable'],
      ['PUT', '/change-password'],
      ['DELETE', ''],
    ] as const) {
      const answer = await client.call(method, `${path}${operation}`, { headers })
      expect([method, operation, answer.status]).toEqual([method, operation, 403])
      expect(answer.body.error).toBe('insufficient_scope')
    }
  })

  describe('bound to organisations', () => {
    async function company() {
      const { store } = app.database
      const root = await seedOrganization(store, app.tenant)
      const it = await seedOrganization(store, app.tenant, root)
      const helpDesk = await seedOrganization(store, app.tenant, it)
      const sales = await seedOrganization(store, app.tenant, root)
      return { root, it, helpDesk, sales }
    }

    async function expectOutside(user: SeededUser, bound: readonly string[]): Promise<void> {
      const client = await clientWith({ resetOrganizationIds: bound })
      const answer = await client.resetPassword(user.id, 'EMAIL')
      expect([answer.status, answer.text]).toEqual([403, OUTSIDE])
      expect(answer.headers.get('x-error-detail')).toBe('outside_organizations')
      expect(app.smtp.mails.filter((mail) => mail.to.includes(user.email ?? 'nobody'))).toEqual([])
      expect(await app.database.store.read.resets.list(app.tenant.id, user.id, 10)).toEqual([])
      const rows = await app.database.store.read.audit.list(app.tenant.id, 1_000)
      expect(rows.filter((row) => row.action === 'user.change_refused' && row.targetId === user.id)).toEqual([
        expect.objectContaining({
          requestId: answer.headers.get('x-request-id'),
          detail: { operation: 'reset-password', reason: 'outside_organizations' },
        }),
      ])
    }

    it('resets people of these and of what stands below', async () => {
      const { it, helpDesk, sales } = await company()
      const client = await clientWith({ resetOrganizationIds: [sales, it] })
      for (const organizationId of [it, helpDesk, sales]) {
        const user = await app.addUser({ organizationId })
        expect((await client.resetPassword(user.id, 'EMAIL')).status).toBe(200)
      }
    })

    it('resets nobody above, beside, or without an organisation, on record, and passwords stay', async () => {
      const { root, it, helpDesk, sales } = await company()
      for (const organizationId of [root, sales, undefined]) {
        const user = await app.addUser({ organizationId })
        await expectOutside(user, [it, helpDesk])
        await expectSignsIn(createApiClient(app.url, app.application), user.userName, user.password)
      }
    })

    it('learns of people outside nothing but that they are', async () => {
      const { it, sales } = await company()
      const role = { administratorRole: 'owner' } as const
      const unlike = { organizationId: sales, ...role, disabled: true, email: undefined }
      await expectOutside(await app.addUser(unlike), [it])
      const client = await clientWith({ resetOrganizationIds: [it] })
      expect((await client.resetPassword('nobody', 'EMAIL')).body.error_code).toBe('USER.0001')
    })

    it('resets nobody once its organisations are gone', async () => {
      const { it } = await company()
      await expectOutside(await app.addUser({ organizationId: it }), ['an-organisation-that-was'])
    })
  })
})
