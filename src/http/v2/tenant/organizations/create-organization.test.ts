import { describe, expect, it } from 'vitest'
import { describeEachDatabase } from '../../../../../test/support/databases.ts'
import {
  newCode,
  refusals,
  statusFor,
  useOrganizations,
} from '../../../../../test/support/organization-fixture.ts'
import { seedTenant } from '../../../../../test/support/seed-tenant.ts'

describeEachDatabase('POST /api/v2/tenant/organizations', (kind) => {
  const fixture = useOrganizations(kind, { timeZone: 'Asia/Shanghai' })
  const post = (body: unknown) => fixture().call('POST', '', body)
  const expectCode = async (body: unknown, code: string) => {
    const answer = await post(body)
    expect([answer.status, answer.body.error_code]).toEqual([400, code])
    return answer
  }

  describe('201', () => {
    it('makes an organisation with every attribute, and answers its id alone', async () => {
      const parentId = await fixture().create()
      const extension = { uid: '123', tags: ['a', 'b'], 'na\u00efve': { x: null } }
      const answer = await post({
        code: 'TestOrg2',
        name: '测试机构2',
        parent_id: parentId,
        category: 'department',
        sequence: 5,
        extension,
      })
      expect(answer.status).toBe(201)
      expect(Object.keys(answer.body)).toEqual(['org_id'])
      const record = await fixture().get(String(answer.body.org_id))
      expect(record).toEqual({
        org_id: answer.body.org_id,
        parent_id: parentId,
        name: '测试机构2',
        category: 'department',
        org_code: 'TestOrg2',
        sequence: 5,
        disabled: false,
        created_at: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}$/),
        updated_at: record.created_at,
        extension,
      })
    })

    it.each([{}, { parent_id: '' }, { parent_id: null, category: null, sequence: null, extension: null }])(
      'makes a root of %j',
      async (more) => {
        const id = await fixture().create(more)
        const nothing = { parent_id: null, category: null, sequence: null, extension: {} }
        expect(await fixture().get(id)).toMatchObject(nothing)
      },
    )

    it('passes over what it does not know', async () => {
      expect((await post({ code: newCode(), name: 'IT', disabled: true, org_id: 'mine' })).status).toBe(201)
    })

    it('puts who, what and which call on record, and no name', async () => {
      const { database, tenant } = fixture()
      const id = await fixture().create({ name: 'Very Secret Project' })
      const [row] = await database.store.read.audit.list(tenant.id, 1)
      expect(row).toMatchObject({
        action: 'organization.created',
        actor: { kind: 'application' },
        targetKind: 'organization',
        targetId: id,
        detail: {},
      })
      expect(row?.requestId).toMatch(/^[0-9a-f]{32}$/)
      expect(JSON.stringify(row)).not.toContain('Secret')
    })
  })

  describe('ORG.9001', () => {
    it('answers a code that is taken, whatever its case and Unicode form; it stays as typed', async () => {
      const id = await fixture().create({ code: 'Caf\u00e9' })
      for (const code of ['Caf\u00e9', 'CAFE\u0301', 'cafe\u0301']) {
        await expectCode({ code, name: 'IT' }, 'ORG.9001')
      }
      expect((await fixture().get(id)).org_code).toBe('Caf\u00e9')
    })

    it('lets one of many calls at once have a code', async () => {
      const code = newCode()
      const answers = await Promise.all(
        Array.from({ length: 8 }, (_, index) =>
          post({ code: index % 2 === 0 ? code : code.toUpperCase(), name: 'IT' }),
        ),
      )
      const outcomes = answers.map((answer) => answer.body.error_code ?? answer.status)
      expect(outcomes.toSorted()).toEqual([201, ...Array(7).fill('ORG.9001')])
    })

    it('lets another tenant have the same code', async () => {
      const { database } = fixture()
      const other = await seedTenant(database.store)
      const code = newCode()
      const organization = {
        tenantId: other.id,
        id: `o-${code}`,
        code,
        name: 'IT',
        parentId: undefined,
        category: undefined,
        sequence: undefined,
        language: undefined,
        disabled: false,
        extension: {},
        createdAt: 0,
        updatedAt: 0,
      }
      await database.store.transaction(({ organizations }) => organizations.insert(organization))
      await fixture().create({ code })
      await expectCode({ code: newCode(), name: 'IT', parent_id: organization.id }, 'ORG.0008')
    })
  })

  it.each(['nobody', 'a\0b', '\ud800', '/', 'x'.repeat(5_000)])(
    'ORG.0008 answers a parent that does not exist: %j',
    async (parentId) => {
      await expectCode({ code: newCode(), name: 'IT', parent_id: parentId }, 'ORG.0008')
    },
  )

  it.each(['', ' ', '\t'])('ORG.0011 answers the empty category %j', async (category) => {
    await expectCode({ code: newCode(), name: 'IT', category }, 'ORG.0011')
  })

  it.each(['', ' ', 'a b', ' a', '-a', 'a/b', 'a\0', 'a\n', '\u202ea', 'x'.repeat(101)])(
    'ORG.9002 answers the code %j',
    async (code) => {
      const answer = await expectCode({ code, name: 'IT' }, 'ORG.9002')
      expect(answer.headers.get('x-error-detail')).toBe('code')
    },
  )

  it.each(['', ' ', ' IT', 'IT ', 'a\0b', 'a\nb', '\ud800', 'x'.repeat(256)])(
    'ORG.9003 answers the name %j',
    async (name) => {
      await expectCode({ code: newCode(), name }, 'ORG.9003')
    },
  )

  const deep = (levels: number): unknown => (levels === 0 ? 1 : { a: deep(levels - 1) })
  it.each([
    ['category', 'x'.repeat(101)],
    ['category', 'a\0b'],
    ['extension', deep(9)],
    ['extension', deep(3_000)],
    ['extension', { a: 'b\0' }],
    ['extension', { 'a\0': 1 }],
    ['extension', { a: ['\udc00'] }],
    ['extension', { a: 'x'.repeat(16_400) }],
  ])('ORG.9004 answers the %s that cannot be kept', async (field, value) => {
    const answer = await expectCode({ code: newCode(), name: 'IT', [field]: value }, 'ORG.9004')
    expect(answer.headers.get('x-error-detail')).toBe(field)
  })

  it('ORG.9006 answers the 33rd level', async () => {
    let parentId: string | undefined
    for (let level = 1; level <= 32; level += 1) {
      parentId = await fixture().create({ parent_id: parentId ?? null })
    }
    await expectCode({ code: newCode(), name: 'IT', parent_id: parentId }, 'ORG.9006')
  })

  it.each([
    [{ name: 'IT' }, 'code'],
    [{ code: 'a' }, 'name'],
    [{ code: 1, name: 'IT' }, 'code'],
    [{ code: 'a', name: null }, 'name'],
    [{ code: 'a', name: 'IT', parent_id: 7 }, 'parent_id'],
    [{ code: 'a', name: 'IT', parent_id: ['a'] }, 'parent_id'],
    [{ code: 'a', name: 'IT', category: {} }, 'category'],
    [{ code: 'a', name: 'IT', sequence: '5' }, 'sequence'],
    [{ code: 'a', name: 'IT', sequence: 1.5 }, 'sequence'],
    [{ code: 'a', name: 'IT', sequence: 2_147_483_648 }, 'sequence'],
    [{ code: 'a', name: 'IT', extension: [] }, 'extension'],
    [{ code: 'a', name: 'IT', extension: 'x' }, 'extension'],
  ])('REQUEST.9002 answers %j and names %s', async (body, parameter) => {
    const answer = await expectCode(body, 'REQUEST.9002')
    expect(answer.headers.get('x-error-detail')).toBe(parameter)
  })

  it('answers a body that is no object, is malformed or too large without a 5xx', async () => {
    expect((await post([])).body.error_code).toBe('REQUEST.9001')
    expect((await post({ code: 'x'.repeat(100_000), name: 'IT' })).status).toBe(413)
  })

  it.each(refusals('write'))('refuses $name with $status', async ({ permissions, status }) => {
    expect(await statusFor(fixture(), permissions, 'POST', '')).toBe(status)
  })
})
