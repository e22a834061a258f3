import { describe, expect, it } from 'vitest'
import { describeEachDatabase } from '../../../../../test/support/databases.ts'
import {
  newCode,
  refusals,
  statusFor,
  useOrganizations,
} from '../../../../../test/support/organization-fixture.ts'

describeEachDatabase('PUT /api/v2/tenant/organizations/{org_id}', (kind) => {
  const fixture = useOrganizations(kind)
  const put = (id: string, body: unknown) => fixture().call('PUT', `/${id}`, body)
  const expectCode = async (id: string, body: unknown, code: string) => {
    const answer = await put(id, body)
    expect([answer.status, answer.body.error_code]).toEqual([400, code])
  }

  describe('200', () => {
    const everything = { name: 'IT', category: 'department', sequence: 5, extension: { uid: '1' } }

    it.each([
      [{ name: 'New' }, { name: 'New' }],
      [{ category: 'team' }, { category: 'team' }],
      [{ category: null }, { category: null }],
      [{ sequence: -1 }, { sequence: -1 }],
      [{ sequence: null }, { sequence: null }],
      [{ extension: { b: 1 } }, { extension: { b: 1 } }],
      [{ extension: null }, { extension: {} }],
      [{ parent_id: '' }, { parent_id: null }],
      [{ parent_id: null }, { parent_id: null }],
    ])('changes %j and leaves the rest', async (changes, expected) => {
      const id = await fixture().create({ ...everything, parent_id: await fixture().create() })
      const before = await fixture().get(id)
      const answer = await put(id, changes)
      expect([answer.status, answer.text]).toEqual([200, `{"org_id":"${id}"}`])
      const after = await fixture().get(id)
      expect(after).toEqual({ ...before, ...expected, updated_at: after.updated_at })
      expect(String(after.updated_at) > String(before.updated_at)).toBe(true)
    })

    it('takes the case of its own code anew', async () => {
      const code = newCode()
      const id = await fixture().create({ code })
      expect((await put(id, { code: code.toUpperCase() })).status).toBe(200)
      expect((await fixture().get(id)).org_code).toBe(code.toUpperCase())
    })

    it('changes and records nothing when everything is so already, and when nothing is sent', async () => {
      const { database, tenant } = fixture()
      const id = await fixture().create(everything)
      const before = await fixture().get(id)
      const [newest] = await database.store.read.audit.list(tenant.id, 1)
      for (const body of [everything, {}, { unknown: 1 }, undefined]) {
        expect((await put(id, body)).status).toBe(200)
      }
      expect(await fixture().get(id)).toEqual(before)
      expect(await database.store.read.audit.list(tenant.id, 1)).toEqual([newest])
    })

    it('moves an organisation with all that is below it, which counts as changed', async () => {
      const { create, get, call, database, tenant } = fixture()
      const [from, to] = [await create(), await create()]
      const moved = await create({ parent_id: from })
      const child = await create({ parent_id: moved })
      const grandchild = await create({ parent_id: child })
      const before = await get(grandchild)
      expect((await put(moved, { parent_id: to })).status).toBe(200)
      const below = async (id: string) => {
        const { body } = await call('GET', `?org_id=${id}&all_child=true&offset=0&limit=10`)
        return (body.organizations as { org_id: string }[]).map((each) => each.org_id)
      }
      expect(await below(from)).toEqual([])
      expect(await below(to)).toEqual([moved, child, grandchild])
      const after = await get(grandchild)
      expect(after).toEqual({ ...before, updated_at: (await get(moved)).updated_at })
      const [row] = await database.store.read.audit.list(tenant.id, 1)
      expect(row).toMatchObject({
        action: 'organization.updated',
        targetId: moved,
        detail: { fields: ['parent_id'], from, to, moved: 3 },
      })
    })
  })

  it('ORG.0001 answers an id that no organisation of the tenant has', async () => {
    for (const id of ['nobody', 'a%00b', 'a%2Fb', '%F0%9F%92%A5']) {
      await expectCode(id, { name: 'New' }, 'ORG.0001')
    }
  })

  it('ORG.0008 answers a parent that does not exist, and nothing is changed', async () => {
    const id = await fixture().create({ name: 'Old' })
    for (const parentId of ['nobody', 'a\0b']) {
      await expectCode(id, { name: 'New', parent_id: parentId }, 'ORG.0008')
    }
    expect((await fixture().get(id)).name).toBe('Old')
  })

  it('ORG.9001 answers a code that another organisation has', async () => {
    const code = newCode()
    await fixture().create({ code })
    await expectCode(await fixture().create(), { code: code.toUpperCase() }, 'ORG.9001')
  })

  it('ORG.0011, ORG.9002, ORG.9003 and ORG.9004 answer attributes as on creation', async () => {
    const id = await fixture().create()
    await expectCode(id, { category: '' }, 'ORG.0011')
    await expectCode(id, { code: '' }, 'ORG.9002')
    await expectCode(id, { name: '' }, 'ORG.9003')
    await expectCode(id, { extension: { a: '\0' } }, 'ORG.9004')
  })

  describe('ORG.9005', () => {
    it('answers a move below itself, at any distance', async () => {
      const { create } = fixture()
      const top = await create()
      const middle = await create({ parent_id: top })
      const bottom = await create({ parent_id: middle })
      for (const parentId of [top, middle, bottom]) {
        await expectCode(top, { parent_id: parentId }, 'ORG.9005')
      }
    })

    it('keeps a tree, whatever is moved at the same time', async () => {
      const { create, database, tenant } = fixture()
      const ids = await Promise.all(Array.from({ length: 6 }, () => create()))
      const moves = Array.from({ length: 60 }, (_, index) => {
        const [id = '', parentId = ''] = [ids[index % 6], ids[(index * 5 + Math.floor(index / 6) + 1) % 6]]
        return put(id, { parent_id: parentId })
      })
      const codes = (await Promise.all(moves)).map((answer) => answer.body.error_code ?? answer.status)
      expect(new Set(codes)).toEqual(new Set([200, 'ORG.9005']))
      const { organizations } = database.store.read
      for (const id of ids) {
        const path = (await organizations.findPath(tenant.id, id)) ?? []
        const parents = await Promise.all(
          path.map(async (each) => (await organizations.find(tenant.id, each))?.parentId),
        )
        expect(parents).toEqual([undefined, ...path.slice(0, -1)])
        expect(path.at(-1)).toBe(id)
      }
    })
  })

  it('ORG.9006 answers a move that would take what is below too deep', async () => {
    const { create } = fixture()
    let deepest = await create()
    for (let level = 2; level <= 31; level += 1) {
      deepest = await create({ parent_id: deepest })
    }
    const id = await create()
    await create({ parent_id: id })
    await expectCode(id, { parent_id: deepest }, 'ORG.9006')
    expect((await put(await create(), { parent_id: deepest })).status).toBe(200)
  })

  it.each([{ code: null }, { name: null }, { name: 1 }, { sequence: 'x' }, { parent_id: false }])(
    'REQUEST.9002 answers %j',
    async (body) => {
      await expectCode(await fixture().create(), body, 'REQUEST.9002')
    },
  )

  it.each(refusals('write'))('refuses $name with $status', async ({ permissions, status }) => {
    expect(await statusFor(fixture(), permissions, 'PUT', '/x')).toBe(status)
  })
})
