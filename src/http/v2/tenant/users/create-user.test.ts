import { describe, expect, it } from 'vitest'
import { describeEachDatabase } from '../../../../../test/support/databases.ts'
import { chosenPassword } from '../../../../../test/support/passwords.ts'
import { seedTenant, seedUser } from '../../../../../test/support/seed-tenant.ts'
import {
  newMobile,
  newUserName,
  userRefusals,
  userStatusFor,
  useUsers,
} from '../../../../../test/support/user-fixture.ts'

describeEachDatabase('POST /api/v2/tenant/users', (kind) => {
  const fixture = useUsers(kind, { timeZone: 'Asia/Shanghai' })
  const post = (body: unknown) => fixture().call('POST', '', body)
  const expectCode = async (body: unknown, code: string) => {
    const answer = await post(body)
    expect([answer.status, answer.body.error_code]).toEqual([400, code])
    return answer
  }
  const expectInvalid = async (body: Record<string, unknown>, field: string) => {
    const answer = await expectCode({ user_name: newUserName(), ...body }, 'USER.9005')
    expect(answer.headers.get('x-error-detail')).toBe(field)
  }
  const credentialOf = async (userId: string) => {
    const { database, tenant } = fixture()
    return (await database.store.read.users.findWithCredential(tenant.id, userId))?.credential
  }

  describe('201', () => {
    it('makes a user with every attribute, and answers the id alone', async () => {
      const [main, other] = [await fixture().createOrganization(), await fixture().createOrganization()]
      const userName = `Zoë-${newUserName()}`
      const mobile = newMobile()
      const profile = {
        first_name: 'Zoë',
        middle_name: 'M.',
        last_name: '王',
        employee_id: 'E-1',
        external_id: 'x/1',
        attr_city: 'Wuhan',
        attr_nick_name: 'Zo',
        attr_area: 'CN',
        attr_gender: 'female',
        attr_work_place: 'HQ',
        attr_identity_type: 'id_card',
        attr_identity_number: '42010119900101001X',
        attr_manager_id: '20201028102749564-9082-DC8CD2722',
        attr_user_type: 'regular',
      }
      const answer = await post({
        user_name: userName,
        name: '王 Zoë',
        mobile,
        email: `${newUserName()}@Acme.example`,
        org_code: main.code,
        ...profile,
        attr_birthday: '1993-08-25',
        attr_hire_date: '2020-02-29',
        pwd_must_modify: 'true',
        user_org_relation_list: [
          { org_code: main.code, relation_type: 1 },
          { orgCode: other.code.toUpperCase(), relationType: '0' },
        ],
        extension: { badge: 7, tags: ['a'], none: null },
        jobs: [{ org_code: main.code, position_code: 'p' }],
        unknown: 'passed over',
      })
      expect([answer.status, Object.keys(answer.body)]).toEqual([201, ['user_id']])
      const record = await fixture().get(String(answer.body.user_id))
      expect(record).toEqual({
        user_id: answer.body.user_id,
        org_id: main.id,
        user_name: userName,
        name: '王 Zoë',
        mobile,
        email: expect.stringMatching(/@Acme\.example$/),
        ...profile,
        attr_birthday: '1993-08-25 00:00:00.000',
        attr_hire_date: '2020-02-29 00:00:00.000',
        pwd_must_modify: true,
        disabled: false,
        locked: false,
        grade: 1,
        created_at: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}$/),
        updated_at: record.created_at,
        user_org_relation_list: [
          { org_id: main.id, relation_type: 1 },
          { org_id: other.id, relation_type: 0 },
        ],
        extension: { badge: 7, tags: ['a'] },
      })
    })

    it('needs nothing but a user name, which is the name then; the first root is where the user is', async () => {
      const { createOrganization, create, get } = fixture()
      await createOrganization()
      const names = { user_name: newUserName() }
      const nothing = { name: '', mobile: null, email: ' ', org_code: '', attr_city: '', extension: null }
      const [bare, empty] = [await get(await create(names)), await get(await create(nothing))]
      expect(bare).toMatchObject({ name: names.user_name, pwd_must_modify: false, extension: {} })
      expect(bare.org_id).toBe(empty.org_id)
      expect(bare.user_org_relation_list).toEqual([{ org_id: bare.org_id, relation_type: 1 }])
      for (const field of ['mobile', 'email', 'attr_city', 'attr_birthday', 'pwd_change_at']) {
        expect([bare, empty].map((record) => Object.hasOwn(record, field))).toEqual([false, false])
      }
    })

    it('takes a bare mainland number as +86', async () => {
      const mobile = newMobile()
      const id = await fixture().create({ mobile: mobile.replace('+86-', '') })
      expect((await fixture().get(id)).mobile).toBe(mobile)
    })

    it.each([
      [{}, true],
      [{ pwd_must_modify: false }, false],
      [{ pwd_must_modify: 'false' }, false],
      [{ pwd_must_modify: null }, true],
    ])('keeps a given password as a hash only; with %j pwd_must_modify is %s', async (more, expected) => {
      const id = await fixture().create({ password: chosenPassword(), ...more })
      const record = await fixture().get(id)
      expect([record.pwd_must_modify, record.pwd_change_at]).toEqual([expected, record.created_at])
      expect((await credentialOf(id))?.digest).toMatch(/^[A-Za-z0-9+/=]+$/)
    })

    it.each([{}, { password: null }])('makes a user without a password of %j', async (more) => {
      expect((await credentialOf(await fixture().create(more)))?.digest).toBeUndefined()
    })

    it('puts who, what and which call on record, and nothing about the person', async () => {
      const { database, tenant, create } = fixture()
      const id = await create({ name: 'Very Secret Person' })
      const [row] = await database.store.read.audit.list(tenant.id, 1)
      expect(row).toMatchObject({
        action: 'user.created',
        actor: { kind: 'application' },
        targetKind: 'user',
        targetId: id,
        detail: { hasPassword: false },
      })
      expect(JSON.stringify(row)).not.toContain('Secret')
    })
  })

  describe('USER.9002, USER.9003, USER.9004', () => {
    it('answer what is taken, whatever its case and Unicode form; it stays as typed', async () => {
      const suffix = newUserName()
      const given = { user_name: `Caf\u00e9-${suffix}`, mobile: newMobile(), email: `${suffix}@ACME.example` }
      const id = await fixture().create(given)
      for (const name of [given.user_name, `CAFE\u0301-${suffix}`, `cafe\u0301-${suffix}`]) {
        await expectCode({ user_name: name }, 'USER.9002')
      }
      const mobile = given.mobile.replace('+86-', '')
      await expectCode({ user_name: newUserName(), mobile }, 'USER.9003')
      await expectCode({ user_name: newUserName(), email: given.email.toLowerCase() }, 'USER.9004')
      expect(await fixture().get(id)).toMatchObject(given)
    })

    it.each([
      ['user_name', 'USER.9002'],
      ['mobile', 'USER.9003'],
      ['email', 'USER.9004'],
    ])('let one of many calls at once have a %s', async (field, code) => {
      const { call, database, tenant } = fixture()
      const before = (await database.store.read.users.list(tenant.id, {}, { pageIndex: 0, pageSize: 1 }))
        .total
      const suffix = newUserName()
      const values = { user_name: `race-${suffix}`, mobile: newMobile(), email: `${suffix}@acme.example` }
      const value = values[field as keyof typeof values]
      const answers = await Promise.all(
        Array.from({ length: 8 }, (_, index) =>
          call('POST', '', {
            user_name: newUserName(),
            [field]: index % 2 === 0 ? value : value.toUpperCase(),
          }),
        ),
      )
      const outcomes = answers.map((answer) => answer.body.error_code ?? answer.status)
      expect(outcomes.toSorted()).toEqual([201, ...Array(7).fill(code)])
      const after = await call('GET', '?offset=0&limit=10')
      expect(after.body.total).toBe(before + 1)
    })

    it('let another tenant have the same', async () => {
      const { database } = fixture()
      const other = await seedUser(database.store, await seedTenant(database.store))
      await fixture().create({ user_name: other.userName, mobile: other.mobile, email: other.email })
    })
  })

  it.each(['nobody', 'a\0b', '\ud800', 'a/b'])(
    'ORG.0001 answers an organisation that does not exist: %j',
    async (code) => {
      const answer = await expectCode({ user_name: newUserName(), org_code: code }, 'ORG.0001')
      expect(answer.headers.get('x-error-detail')).toBe('org_code')
      const list = [{ org_code: code, relation_type: 1 }]
      const second = { user_name: newUserName(), user_org_relation_list: list }
      expect((await expectCode(second, 'ORG.0001')).headers.get('x-error-detail')).toBe(
        'user_org_relation_list',
      )
    },
  )

  it.each(['12345', 'abc', '+86-1', '+999-13800000001', '1380000000\0', '1'.repeat(5_000)])(
    'USER.0038 answers the mobile number %j',
    async (mobile) => {
      const answer = await expectCode({ user_name: newUserName(), mobile }, 'USER.0038')
      expect(answer.body.error_msg).toBe('Invalid mobile number.')
    },
  )

  it.each([{}, { user_name: '' }, { user_name: ' ' }, { user_name: null }, { name: 'Alice' }])(
    'USER.9007 answers the missing user name of %j',
    async (body) => {
      const answer = await expectCode(body, 'USER.9007')
      expect(answer.body.error_msg).toBe('The user attribute user_name cannot be empty')
    },
  )

  const deep = (levels: number): unknown => (levels === 0 ? 1 : { a: deep(levels - 1) })
  it.each([
    ['user_name', ' alice'],
    ['user_name', 'a\0b'],
    ['user_name', '\ud800'],
    ['user_name', 'x'.repeat(129)],
    ['name', 'a\nb'],
    ['name', 'x'.repeat(256)],
    ['email', 'alice'],
    ['email', 'a@b'],
    ['email', `${'x'.repeat(65)}@acme.example`],
    ['first_name', 'a\0b'],
    ['employee_id', 'x'.repeat(256)],
    ['attr_gender', 'man'],
    ['attr_birthday', '1993-8-25'],
    ['attr_birthday', '1993-02-30'],
    ['attr_birthday', '1993-08-25 10:00:00.000'],
    ['attr_hire_date', 'yesterday'],
    ['user_org_relation_list', Array.from({ length: 101 }, () => ({ org_code: 'a', relation_type: 0 }))],
    ['extension', deep(9)],
    ['extension', { a: 'b\0' }],
    ['extension', { a: 'x'.repeat(16_400) }],
  ])('USER.9005 answers a %s that cannot be kept', async (field, value) => {
    await expectInvalid({ [field]: value }, field)
  })

  it.each([
    ['', 'PWD.0001'],
    ['Sh0rt!', 'PWD.0002'],
    [`${'Xy7$'.repeat(20)}`, 'PWD.0002'],
    ['alllowercaseletters', 'PWD.0005'],
    ['Password1234', 'PWD.0006'],
  ])('answers the password %j by the policy: %s', async (password, code) => {
    await expectCode({ user_name: newUserName(), password }, code)
  })

  it('PWD.0003, PWD.0004 and PWD.0005 answer a password that tells who it is for', async () => {
    const userName = `Qx7#Vw-${newUserName()}`
    await expectCode(
      { user_name: userName, password: userName.toUpperCase().replace('QX', 'qx') },
      'PWD.0003',
    )
    await expectCode({ user_name: userName, password: [...userName].toReversed().join('') }, 'PWD.0004')
    const answer = await expectCode({ user_name: userName, password: `${userName}-And-More9` }, 'PWD.0005')
    expect(answer.headers.get('x-error-detail')).toBe('contains_user_name')
  })

  it('makes nobody of a password that the policy refuses', async () => {
    const userName = newUserName()
    await expectCode({ user_name: userName, password: 'short' }, 'PWD.0002')
    expect((await fixture().call('POST', '/user-by-username', { user_name: userName })).body.error_code).toBe(
      'USER.0001',
    )
  })

  it.each([
    [{ user_name: 1 }, 'user_name'],
    [{ user_name: 'a', mobile: 13_800_000_001 }, 'mobile'],
    [{ user_name: 'a', email: ['a@b.example'] }, 'email'],
    [{ user_name: 'a', password: 5 }, 'password'],
    [{ user_name: 'a', pwd_must_modify: 'yes' }, 'pwd_must_modify'],
    [{ user_name: 'a', attr_city: {} }, 'attr_city'],
    [{ user_name: 'a', user_org_relation_list: {} }, 'user_org_relation_list'],
    [{ user_name: 'a', user_org_relation_list: ['x'] }, 'user_org_relation_list'],
    [
      { user_name: 'a', user_org_relation_list: [{ org_code: 'x', relation_type: 'main' }] },
      'user_org_relation_list',
    ],
    [{ user_name: 'a', extension: [] }, 'extension'],
  ])('REQUEST.9002 answers %j and names %s', async (body, parameter) => {
    const answer = await expectCode(body, 'REQUEST.9002')
    expect(answer.headers.get('x-error-detail')).toBe(parameter)
  })

  it('answers a body that is no object, or too large, without a 5xx', async () => {
    expect((await post([])).body.error_code).toBe('REQUEST.9001')
    expect((await post({ user_name: 'x'.repeat(100_000) })).status).toBe(413)
  })

  it.each(userRefusals('write'))('refuses $name with $status', async ({ permissions, status }) => {
    expect(await userStatusFor(fixture(), permissions, 'POST', '')).toBe(status)
  })
})
