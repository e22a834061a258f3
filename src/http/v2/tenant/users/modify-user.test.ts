import { describe, expect, it } from 'vitest'
import { describeEachDatabase } from '../../../../../test/support/databases.ts'
import {
  newMobile,
  newUserName,
  userRefusals,
  userStatusFor,
  useUsers,
} from '../../../../../test/support/user-fixture.ts'

describeEachDatabase('PUT /api/v2/tenant/users/{user_id}', (kind) => {
  const fixture = useUsers(kind)
  const put = (id: string, body: unknown) => fixture().call('PUT', `/${id}`, body)
  const expectCode = async (id: string, body: unknown, code: string, status = 400) => {
    const answer = await put(id, body)
    expect([answer.status, answer.body.error_code]).toEqual([status, code])
    return answer
  }
  const everything = () => ({
    user_name: newUserName(),
    name: 'Alice',
    mobile: newMobile(),
    email: `${newUserName()}@acme.example`,
    employee_id: 'E-1',
    attr_city: 'Wuhan',
    attr_birthday: '1993-08-25',
    pwd_must_modify: true,
    extension: { badge: 7, floor: 3 },
  })

  describe('200', () => {
    it.each([
      [{ name: 'New' }, { name: 'New' }],
      [{ first_name: 'A' }, { first_name: 'A' }],
      [{ attr_city: 'Beijing' }, { attr_city: 'Beijing' }],
      [{ attr_city: null }, { attr_city: undefined }],
      [{ employee_id: '' }, { employee_id: undefined }],
      [{ attr_birthday: '2000-01-01' }, { attr_birthday: '2000-01-01 00:00:00.000' }],
      [{ attr_birthday: '2000-01-01 00:00:00.000' }, { attr_birthday: '2000-01-01 00:00:00.000' }],
      [{ email: 'new@acme.example' }, { email: 'new@acme.example' }],
      [{ email: null }, { email: undefined }],
      [{ mobile: '' }, { mobile: undefined }],
      [{ pwd_must_modify: 'false' }, { pwd_must_modify: false }],
      [{ extension: { floor: 4, desk: 'a' } }, { extension: { badge: 7, floor: 4, desk: 'a' } }],
      [{ extension: { badge: null } }, { extension: { floor: 3 } }],
      [{ extension: null }, { extension: {} }],
    ])('changes %j and leaves the rest', async (changes, expected) => {
      const id = await fixture().create(everything())
      const before = await fixture().get(id)
      const answer = await put(id, changes)
      expect([answer.status, answer.text]).toEqual([200, `{"user_id":"${id}"}`])
      const after = await fixture().get(id)
      expect(after).toEqual({ ...before, ...expected, updated_at: after.updated_at })
      expect(String(after.updated_at) > String(before.updated_at)).toBe(true)
    })

    it('takes the whole record back as it was read, and the case of its own names anew', async () => {
      const id = await fixture().create(everything())
      const before = await fixture().get(id)
      expect((await put(id, before)).status).toBe(200)
      expect(await fixture().get(id)).toEqual(before)
      const upper = { user_name: String(before.user_name).toUpperCase() }
      expect((await put(id, upper)).status).toBe(200)
      expect((await fixture().get(id)).user_name).toBe(upper.user_name)
    })

    it('an empty name is the user name again', async () => {
      const given = everything()
      const id = await fixture().create(given)
      expect((await put(id, { name: '' })).status).toBe(200)
      expect((await fixture().get(id)).name).toBe(given.user_name)
    })

    it('changes and records nothing when everything is so already, and when nothing is sent', async () => {
      const { database, tenant } = fixture()
      const given = everything()
      const id = await fixture().create(given)
      const before = await fixture().get(id)
      const [newest] = await database.store.read.audit.list(tenant.id, 1)
      for (const body of [given, {}, { unknown: 1, password: 'not of this call' }, undefined]) {
        expect((await put(id, body)).status).toBe(200)
      }
      expect(await fixture().get(id)).toEqual(before)
      expect(await database.store.read.audit.list(tenant.id, 1)).toEqual([newest])
    })

    it('puts the fields that changed on record, and no value', async () => {
      const { database, tenant } = fixture()
      const id = await fixture().create(everything())
      await put(id, { name: 'Secret', attr_city: 'Secret', extension: { badge: 8 } })
      const [row] = await database.store.read.audit.list(tenant.id, 1)
      expect(row).toMatchObject({
        action: 'user.updated',
        actor: { kind: 'application' },
        targetId: id,
        detail: { fields: ['name', 'attr_city', 'extension'] },
      })
      expect(JSON.stringify(row)).not.toContain('Secret')
    })
  })

  describe('organisations', () => {
    const placeOf = async (id: string) => {
      const { org_id: main, user_org_relation_list: list } = await fixture().get(id)
      return { main, list: (list as { org_id: string; relation_type: number }[]).map(Object.values) }
    }

    it('replace the main one and leave the others, also when the new one is among them', async () => {
      const { createOrganization, create } = fixture()
      const [a, b, c] = [await createOrganization(), await createOrganization(), await createOrganization()]
      const list = [
        { org_code: a.code, relation_type: 1 },
        { org_code: b.code, relation_type: 0 },
      ]
      const id = await create({ org_code: a.code, user_org_relation_list: list })
      await put(id, { org_code: c.code })
      const first = [c.id, 1]
      expect(await placeOf(id)).toEqual({ main: c.id, list: [first, [b.id, 0]] })
      await put(id, { org_code: b.code })
      expect(await placeOf(id)).toEqual({ main: b.id, list: [[b.id, 1]] })
    })

    it('replace the list whole and leave the main one; what is named twice counts once', async () => {
      const { createOrganization, create } = fixture()
      const [a, b] = [await createOrganization(), await createOrganization()]
      const id = await create({ org_code: a.code })
      const list = [
        { org_code: b.code, relation_type: 5 },
        { org_code: b.code.toUpperCase(), relation_type: 6 },
      ]
      await put(id, { user_org_relation_list: list })
      const main = [a.id, 1]
      expect(await placeOf(id)).toEqual({ main: a.id, list: [main, [b.id, 5]] })
      await put(id, { user_org_relation_list: null })
      expect(await placeOf(id)).toEqual({ main: a.id, list: [main] })
    })

    it('cannot be removed while somebody is in them beside the main one', async () => {
      const { createOrganization, create, callOrganizations } = fixture()
      const [a, b] = [await createOrganization(), await createOrganization()]
      const list = [{ org_code: b.code, relation_type: 0 }]
      const id = await create({ org_code: a.code, user_org_relation_list: list })
      const remove = async () => (await callOrganizations('DELETE', `/${b.id}`)).body.error_code
      expect(await remove()).toBe('ORG.0022')
      await put(id, { user_org_relation_list: [] })
      expect(await remove()).toBeUndefined()
    })

    it('stay while users are put into them at the same time', async () => {
      const { createOrganization, create, callOrganizations } = fixture()
      for (let round = 0; round < 5; round += 1) {
        const organization = await createOrganization()
        const ids = await Promise.all(Array.from({ length: 4 }, () => create()))
        const list = [{ org_code: organization.code, relation_type: 0 }]
        const [removed, ...moved] = await Promise.all([
          callOrganizations('DELETE', `/${organization.id}`),
          ...ids.map((id) => put(id, { user_org_relation_list: list })),
        ])
        const codes = moved.map((answer) => answer?.body.error_code ?? answer?.status)
        const isIn = codes.includes(200)
        expect(removed?.status).toBe(isIn ? 400 : 204)
        expect(codes.every((code) => code === (isIn ? 200 : 'ORG.0001'))).toBe(true)
      }
    })
  })

  it.each(['nobody', 'a%00b', 'a%2Fb', '%F0%9F%92%A5'])('USER.0001 answers the id %s', async (id) => {
    await expectCode(id, { name: 'New' }, 'USER.0001')
  })

  it('USER.0038, USER.9005, USER.9007 and ORG.0001 answer attributes as on creation; nothing is changed', async () => {
    const id = await fixture().create(everything())
    const before = await fixture().get(id)
    await expectCode(id, { name: 'New', mobile: 'x' }, 'USER.0038')
    await expectCode(id, { name: 'New', email: 'x' }, 'USER.9005')
    await expectCode(id, { name: 'New', user_name: '' }, 'USER.9007')
    await expectCode(id, { name: 'New', user_name: null }, 'USER.9007')
    await expectCode(id, { name: 'New', org_code: 'nobody' }, 'ORG.0001')
    await expectCode(id, { name: 'New', user_org_relation_list: [{ org_code: 'x' }] }, 'ORG.0001')
    await expectCode(id, { name: 'New', user_org_relation_list: [{}] }, 'ORG.0001')
    expect(await fixture().get(id)).toEqual(before)
  })

  it.each([
    ['user_name', 'USER.9002'],
    ['mobile', 'USER.9003'],
    ['email', 'USER.9004'],
  ])('lets one of many calls at once take a %s; %s answers the rest', async (field, code) => {
    const ids = await Promise.all(Array.from({ length: 6 }, () => fixture().create()))
    const value = everything()[field as 'user_name' | 'mobile' | 'email']
    const answers = await Promise.all(ids.map((id) => put(id, { [field]: value })))
    const outcomes = answers.map((answer) => answer.body.error_code ?? answer.status)
    expect(outcomes.toSorted()).toEqual([200, ...Array(5).fill(code)])
  })

  it('changes different fields of one user at once, and none is lost', async () => {
    const id = await fixture().create(everything())
    const fields = ['first_name', 'last_name', 'attr_city', 'attr_area', 'attr_work_place', 'external_id']
    await Promise.all(fields.map((field) => put(id, { [field]: field })))
    const expected = Object.fromEntries(fields.map((field) => [field, field]))
    expect(await fixture().get(id)).toMatchObject(expected)
  })

  it('USER.9006 answers a person with an administrative role, and the attempt is on record', async () => {
    const { seed, database, tenant } = fixture()
    const owner = await seed({ administratorRole: 'owner' })
    await expectCode(owner.id, { name: 'New' }, 'USER.9006', 403)
    const [row] = await database.store.read.audit.list(tenant.id, 1)
    expect(row).toMatchObject({
      action: 'user.change_refused',
      targetId: owner.id,
      detail: { operation: 'modify', reason: 'protected_user' },
    })
    expect((await fixture().get(owner.id)).name).toBe('Alice')
  })

  it('the old contact is told of a new one, once, and not of another case of letters', async () => {
    const { seed, database, tenant } = fixture()
    const user = await seed()
    const notices = async () =>
      await database.query('select channel, event from notices where tenant_id = $1 and user_id = $2', [
        tenant.id,
        user.id,
      ])
    await put(user.id, { email: user.email?.toUpperCase() })
    expect(await notices()).toEqual([])
    await put(user.id, { email: `new-${user.email}` })
    expect(await notices()).toEqual([{ channel: 'EMAIL', event: 'contact-changed' }])
  })

  it.each([{ name: 1 }, { extension: 'x' }, { pwd_must_modify: 1 }, { mobile: {} }])(
    'REQUEST.9002 answers %j',
    async (body) => {
      await expectCode(await fixture().create(), body, 'REQUEST.9002')
    },
  )

  it.each(userRefusals('write'))('refuses $name with $status', async ({ permissions, status }) => {
    expect(await userStatusFor(fixture(), permissions, 'PUT', '/x')).toBe(status)
  })
})
