import { describe, expect, it } from 'vitest'
import { describeEachDatabase } from '../../../../../test/support/databases.ts'
import {
  newCode,
  refusals,
  statusFor,
  useOrganizations,
} from '../../../../../test/support/organization-fixture.ts'
import { seedUser } from '../../../../../test/support/seed-tenant.ts'

describeEachDatabase('DELETE /api/v2/tenant/organizations/{org_id}', (kind) => {
  const fixture = useOrganizations(kind)
  const remove = (id: string) => fixture().call('DELETE', `/${id}`)

  describe('204', () => {
    it('removes an organisation, answers nothing, and puts it on record', async () => {
      const { create, call, database, tenant } = fixture()
      const code = newCode()
      const id = await create({ code })
      const answer = await remove(id)
      expect([answer.status, answer.text]).toEqual([204, ''])
      expect((await call('GET', `/${id}`)).body.error_code).toBe('ORG.0001')
      const [row] = await database.store.read.audit.list(tenant.id, 1)
      expect(row).toMatchObject({ action: 'organization.removed', targetId: id, detail: {} })
      await create({ code })
    })
  })

  it('ORG.0001 answers an id that no organisation has, or has no more', async () => {
    const id = await fixture().create()
    await remove(id)
    for (const each of [id, 'nobody', 'a%00b']) {
      const answer = await remove(each)
      expect([answer.status, answer.body.error_code]).toEqual([400, 'ORG.0001'])
    }
  })

  describe('ORG.0020', () => {
    it('answers while something is below it', async () => {
      const id = await fixture().create()
      const child = await fixture().create({ parent_id: id })
      expect((await remove(id)).body.error_code).toBe('ORG.0020')
      await remove(child)
      expect((await remove(id)).status).toBe(204)
    })

    it('leaves no orphan when something is put below it at the same time', async () => {
      for (let round = 0; round < 10; round += 1) {
        const id = await fixture().create()
        const child = { code: newCode(), name: 'IT', parent_id: id }
        const [removed, created] = await Promise.all([remove(id), fixture().call('POST', '', child)])
        const outcomes = [removed, created].map((answer) => answer.body.error_code ?? answer.status)
        expect([
          ['ORG.0020', 201],
          [204, 'ORG.0008'],
        ]).toContainEqual(outcomes)
      }
    })
  })

  it('ORG.0022 answers while somebody is in it', async () => {
    const { create, database, tenant } = fixture()
    const id = await create()
    const user = await seedUser(database.store, tenant, { organizationId: id })
    expect((await remove(id)).body.error_code).toBe('ORG.0022')
    await database.store.transaction(({ users }) => users.delete(tenant.id, user.id))
    expect((await remove(id)).status).toBe(204)
  })

  it.each(refusals('write'))('refuses $name with $status', async ({ permissions, status }) => {
    expect(await statusFor(fixture(), permissions, 'DELETE', '/x')).toBe(status)
  })
})
